"""Try an attack: build its tree, run the command over it, and name every harm that was done."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.hostile.action import run_action
from tests.hostile.attack import Attack, Manner
from tests.hostile.command import Ended, run
from tests.hostile.network import door, packets, strace, watching
from tests.hostile.scene import SECRET, Scene, make_scene, make_template

DOCUMENTED = frozenset({0, 1, 2})
BUG = re.compile(r"Traceback \(most recent call last\)|internal error|rule [\w-]+ failed: \w+")


@dataclass(frozen=True)
class Try:
    """One attack in one manner: the harms that were done, and the sorts of harm that nobody here can see."""

    attack: Attack
    manner: Manner
    harms: tuple[str, ...]
    unseen: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.attack.subject}/{self.attack.name} [{self.manner.value}]"


def attempt(attack: Attack, manner: Manner) -> Try:
    """Try an attack in a folder of its own."""
    unseen = ("packets, but those to our own port: strace is not installed",) if attack.silent and not strace() else ()
    folder = Path(tempfile.mkdtemp(prefix="hostile-")).resolve()
    try:
        with door() as opened:
            scene = make_scene(folder / "scene", _template())
            scene.environ["HOSTILE_DOOR"] = f"127.0.0.1:{opened.port}"
            attack.build(scene)
            before = scene.snapshot()
            ended = _run(attack, manner, scene)
            harms = (*_harms(attack, scene, before, ended), *_knocks(attack, opened.knocks, scene))
        return Try(attack, manner, harms, unseen)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(attack: Attack, manner: Manner, scene: Scene) -> Ended:
    if manner is Manner.ACTION:
        return run_action(scene)
    watch = watching(_log(scene)) if attack.silent and strace() else []
    return run(scene, manner, attack.limit, *watch)


def _harms(attack: Attack, scene: Scene, before: dict[str, str], ended: Ended) -> Iterator[str]:
    yield from _of_status(attack, ended)
    if bug := BUG.search(ended.said):
        yield f"it says {bug.group()!r}"
    yield from (f"it says {text!r}" for text in attack.hides if text in ended.said)
    yield from (f"it does not say {text!r}" for text in attack.says if ended.status is not None and text not in ended.said)
    if SECRET in ended.said:
        line = next(line for line in ended.said.splitlines() if SECRET in line)
        yield f"it prints a secret: {_around(line)}"
    if scene.marker.exists():
        yield "a program of the tree ran"
    after = scene.snapshot()
    yield from (f"{path} was changed" for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path))


def _of_status(attack: Attack, ended: Ended) -> Iterator[str]:
    if ended.status is None:
        yield f"it hangs: ended after {attack.limit:g} s"
    elif ended.status not in DOCUMENTED:
        yield f"it ends with {ended.status}: {ended.said[-200:]!r}"
    elif ended.status not in attack.ends:
        yield f"it ends with {ended.status}, not with {' or '.join(map(str, sorted(attack.ends)))}: {ended.said[:200]!r}"


def _knocks(attack: Attack, knocks: int, scene: Scene) -> Iterator[str]:
    if not attack.silent:
        return
    if knocks:
        yield f"it connects to the network, {knocks} times"
    yield from (f"a packet leaves: {packet}" for packet in packets(_log(scene)))


def _log(scene: Scene) -> Path:
    return scene.folder / "strace.log"


def _around(line: str) -> str:
    at = line.index(SECRET)
    return line[max(0, at - 60) : at + 40]


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hostile-template-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_template(folder)
