"""Every sort of harm is seen when it is done: a judge that sees none would find all trees harmless."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import judge
from tests.hostile.attack import NOT_GREEN, Attack, Manner
from tests.hostile.command import Ended
from tests.hostile.network import packets
from tests.hostile.scene import SECRET, Scene

Deed = Callable[[Scene], Ended]


def _nothing(_: Scene) -> None:
    """Do no harm."""


def _leak(_: Scene) -> Ended:
    return Ended(1, f"runs nginx:{SECRET}-token")


def _write_outside(scene: Scene) -> Ended:
    (scene.home / ".kube/config").write_text("changed")
    return Ended(1, "")


def _write_inside(scene: Scene) -> Ended:
    scene.write({"app/new": ""})
    return Ended(1, "")


def _run_a_program(scene: Scene) -> Ended:
    scene.marker.touch()
    return Ended(1, "")


DEEDS: dict[str, Deed] = {
    "it prints a secret": _leak,
    "home/.kube/config was changed": _write_outside,
    "repo/app/new was changed": _write_inside,
    "a program of the tree ran": _run_a_program,
    "it hangs": lambda _: Ended(None, ""),
    "it ends with 0, not with 1 or 2": lambda _: Ended(0, ""),
    "it ends with 3": lambda _: Ended(3, ""),
    "it says 'Traceback (most recent call last)'": lambda _: Ended(1, "Traceback (most recent call last):\n"),
    "it does not say 'web'": lambda _: Ended(1, ""),
}


@pytest.mark.parametrize("harm", DEEDS)
def test_a_harm_is_seen(harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    says = ("web",) if "web" in harm else ()
    attack = Attack("links", "a", _nothing, (Manner.FOLDER,), frozenset(NOT_GREEN), says)
    monkeypatch.setattr(judge, "_run", lambda attack, manner, scene: DEEDS[harm](scene))

    (found,) = judge.attempt(attack, Manner.FOLDER).harms

    assert found.startswith(harm)


def test_a_harmless_run_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    attack = Attack("links", "a", _nothing, (Manner.FOLDER,), frozenset(NOT_GREEN))
    monkeypatch.setattr(judge, "_run", lambda attack, manner, scene: Ended(1, "all is well"))

    assert judge.attempt(attack, Manner.FOLDER).harms == ()


def test_packets_are_told_from_what_the_kernel_refused(tmp_path: Path) -> None:
    log = tmp_path / "strace.log"
    log.write_text(
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.1")}, 16) = 0\n'
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.0.2.2")}, 16) = -1 EPERM (Operation not permitted)\n'
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED (Connection refused)\n'
        '7 connect(5, {sa_family=AF_UNIX, sun_path="/run/nscd"}, 16) = 0\n'
        "7 socket(AF_INET, SOCK_STREAM, 0) = -1 EPERM (Operation not permitted)\n"
    )

    assert [packet.partition("inet_addr")[2][:13] for packet in packets(log)] == ['("192.0.2.1")']
