"""The same run with other renderers: another kustomize, another helm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agentslint.engine.open_session import cache_folder
from agentslint.engine.programs import find_programs
from agentslint.engine.run_options import RunOptions
from agentslint.engine.session import Session
from agentslint.render import Programs, open_renderer


class OtherRun(Struct, frozen=True):
    """A run by other programs, and how the programs of both are named: those that differ."""

    session: Session
    usual: str
    other: str


@contextmanager
def with_other_programs(session: Session, options: RunOptions, kustomize: str | None, helm: str | None) -> Iterator[OtherRun]:
    """Yield the run with the programs that are named, and the usual ones in place of the others; raises UsageError for one of no use."""
    programs = [_programs(session, options, *names) for names in ((None, None), (kustomize, helm))]
    renderer = open_renderer(
        programs[1], cache=cache_folder(), parallel=True, offline=options.offline,
        required=options.require_confinement, environment=session.loaded.config.render.environment,
    )  # fmt: skip
    try:
        yield OtherRun(replace(session, renderer=renderer, outcomes={}), *_named(*programs))
    finally:
        renderer.close()


def _programs(session: Session, options: RunOptions, kustomize: str | None, helm: str | None) -> Programs:
    targets = session.discovery.targets
    everything = helm is not None or any(target.deployed for target in targets)
    place = session.policy.layout.place if session.policy else Path
    found, _ = find_programs(
        kustomize or options.kustomize, helm or options.helm, session.loaded, targets, place, all_of_them=everything,
        prefix="--other-" if kustomize or helm else "--",
    )  # fmt: skip
    return found


def _named(usual: Programs, other: Programs) -> tuple[str, str]:
    """The programs of both that differ, by their versions; by their paths, too, where these are the same."""
    pairs = [("kustomize", usual.kustomize, other.kustomize), ("helm", usual.helm, other.helm)]
    said: list[tuple[str, str]] = []
    for name, one, another in pairs:
        if one != another and one and another:
            names = _version(name, one), _version(name, another)
            said.append(names if names[0] != names[1] else (f"{names[0]} ({one})", f"{names[1]} ({another})"))
    if not said:
        return "the usual programs", "the same programs"
    return " and ".join(one for one, _ in said), " and ".join(another for _, another in said)


def _version(name: str, path: Path) -> str:
    from agentslint.tools import Tool, inspect

    found = inspect(Tool("helm" if name == "helm" else "kustomize", path, "option"))
    return f"{name} {found.version or path}"
