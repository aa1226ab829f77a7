"""Run a case and name its faults, each as a kind and the particulars."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import bare, child
from tests.fuzz.case import SECRET, Case
from tests.own_cache import own_cache

DOCUMENTED = (0, 1, 2)
_BUG = re.compile(r"Traceback \(most recent call last\)|internal error: .*|rule [\w-]+ failed: .*")
_REFUSALS = ("leads out of the repository", "link out of the repository", "leads outside", "is UTF-16")
"""Words by which a target is refused that bare kustomize would build."""
_LOOSE = ("exit-zero", "render-errors", "exclude", "--exclude")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a run; faults of one `kind` are likely one bug."""

    kind: str
    particulars: str = ""


def faults(case: Case) -> tuple[Fault, ...]:
    """Run a case in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-")).resolve()
    try:
        root = folder / "repo"
        case.lay_out(root)
        _surroundings(folder)
        environ = environment(folder)
        before = _snapshot(folder)
        ended = child.run(case.line, root, environ, folder / "renders")
        return tuple(dict.fromkeys([*_of_the_run(ended, folder, before), *_of_the_renders(case, root, ended, environ)]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a case: a home of its own, and a token."""
    kept = {name: os.environ[name] for name in ("PATH", "AGENTSLINT_KUSTOMIZE", "AGENTSLINT_HELM")}
    plain = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}
    return kept | plain | {"GITHUB_TOKEN": f"{SECRET}-token", "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


def _surroundings(folder: Path) -> None:
    for name in ("home", "tmp", "outside", "reports"):
        (folder / name).mkdir()
    own_cache(folder / "home/.cache")
    (folder / "outside" / "secret").write_text(f"{SECRET}-outside\n")


def _of_the_run(ended: child.Ended, folder: Path, before: dict[str, bytes]) -> Iterator[Fault]:
    reports = "".join(path.read_text("utf-8", "replace") for path in (folder / "reports").iterdir())
    if ended.status is None:
        yield Fault("hang", f"ended after {child.LIMIT:g} s")
    elif ended.status not in DOCUMENTED:
        yield Fault(f"undocumented exit {ended.status}", ended.said[-300:])
    if match := _BUG.search(ended.said + reports):
        yield Fault(_bug(match.group(0), ended.said), ended.said[-600:])
    if SECRET in ended.said + reports:
        yield Fault("secret", next(line for line in (ended.said + reports).splitlines() if SECRET in line)[:300])
    after = _snapshot(folder)
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            yield Fault("changed file", path)
    for left in sorted((folder / "tmp").iterdir()):
        yield Fault("temporary folder left", left.name)


def _bug(text: str, said: str) -> str:
    """The kind of a bug: its error without the words of the case."""
    place = re.search(r"\((\w+\.py:\d+)\)", said)
    return f"{text.partition(':')[0]} {place.group(1) if place else text[:80]}"


def _of_the_renders(case: Case, root: Path, ended: child.Ended, environ: dict[str, str]) -> Iterator[Fault]:
    seen = child.renders(root.parent / "renders")
    for render in seen[:4]:
        yield from _compared(render, bare.build(root, render.folder, render.options, environ))
    loose = any(word in " ".join(case.line) or word.encode() in dict(case.files).get(".agentslint.toml", b"") for word in _LOOSE)
    if ended.status != 0 or case.line[:2] != ("lint", "app") or loose:
        return
    if any(render.stream is None for render in seen):
        yield Fault("green though a target does not render", next(render.message for render in seen if render.stream is None))
    elif not any(render.folder == "app" for render in seen) and _is_kustomization(root / "app"):
        built = bare.build(root, "app", (), environ)
        yield Fault("green though app was not rendered" if built.stream else "green though bare kustomize fails", built.said[:300])


def _compared(render: child.Render, built: bare.Built) -> Iterator[Fault]:
    if render.stream is None:
        if built.stream is not None and not any(words in render.message for words in _REFUSALS):
            yield Fault(f"fails though bare kustomize builds ({render.reason})", render.message[:300])
    elif built.stream is None:
        yield Fault("renders though bare kustomize fails", built.said[:300])
    elif built.stream != render.stream and not _draws(render.stream, built.stream):
        yield Fault("renders other bytes than bare kustomize", f"{render.stream[:200]!r} and {built.stream[:200]!r}")


def _draws(one: bytes, other: bytes) -> bool:
    """Tell whether a template drew something at random: then both have the same length."""
    return len(one) == len(other) and re.sub(rb"image: \w{5}:1", b"", one) == re.sub(rb"image: \w{5}:1", b"", other)


def _is_kustomization(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("kustomization.yaml", "kustomization.yml", "Kustomization"))


def _snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of the tree and of what is around it that must not change."""
    found = {}
    for top in (folder / "repo", folder / "outside"):
        for path in top.rglob("*"):
            if ".git" not in path.parts[len(folder.parts) :]:
                found[str(path.relative_to(folder))] = (
                    str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
                )
    return found
