"""Settings that are refused in an untrusted tree's configuration: those that run programs, give them access, or cost any time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from agentslint.config import Loaded
from agentslint.config.key_lines import Keys
from agentslint.errors import UsageError

_RUNS = frozenset(
    (
        "--enable-alpha-plugins", "--enable_alpha_plugins", "--enable-exec", "--enable-star", "--enable-helm", "--helm-command",
        "--network", "--network-name", "--mount", "--env", "-e", "--as-current-user",
    )
)  # fmt: skip
"""Options of `kustomize build` that run programs and containers, or give them network, files and variables (`kustomize build --help`)."""


def refuse(loaded: Loaded, root: Path, *, trusted: bool) -> None:
    """Refuse what runs programs of the tree at `root`; raises UsageError with file and line.

    `trusted` tells that the configuration was read at a commit, not in that tree.
    """
    top = os.path.realpath(root)

    def judged(path: Path) -> bool:
        return any(full == top or full.startswith(f"{top}/") for full in (os.path.abspath(path), os.path.realpath(path)))

    asked = [*_sources(loaded, judged)]
    if not trusted and loaded.path is not None:
        asked += _said(loaded) if any(map(judged, loaded.files)) else [*_plugins(loaded, judged), *_programs(loaded, judged)]
    if first := next(iter(asked), None):
        where, wish = first
        raise UsageError(
            f"{where}: {wish}, which --untrusted refuses; take the configuration from a commit that you trust: --policy-from REV"
        )


def _said(loaded: Loaded) -> Iterator[tuple[str, str]]:
    """All that a configuration in the judged tree must not say."""
    yield from _plugins(loaded, lambda _: True)
    yield from _programs(loaded, lambda _: True)
    render = loaded.config.render
    yield from _conditions(loaded)
    if render.environment:
        yield loaded.where("render", "environment"), "render.environment gives variables of the job to renderers"
    tables = [(render.build_options, ("render",)), *((table.build_options, ("render", "for", at)) for at, table in enumerate(render.for_))]
    for options, keys in tables:
        for option in options or ():
            if _runs(option):
                does = "runs programs or gives them network, files or variables"
                yield loaded.where(*keys, "build-options", word=option), f"the build option {option} {does}"


def _conditions(loaded: Loaded) -> Iterator[tuple[str, str]]:
    """Conditions in CEL, but for those of a preset, which come with a package."""
    places: list[Keys] = [("assert", number, "that") for number in range(len(loaded.config.assert_))]
    for number, scenario in enumerate(loaded.config.scenario):
        places += [("scenario", number, "asserts", at) for at, said in enumerate(scenario.asserts) if not isinstance(said, str)]
    for keys in places:
        if loaded.origin(*keys)[0].path is not None:
            yield loaded.where(*keys), "an assert may take any time and memory"


def _plugins(loaded: Loaded, judged: Callable[[Path], bool]) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(loaded.config.plugins):
        if judged((loaded.folder or Path()) / name):
            yield loaded.where("plugins", number, word=name), f"the plugin {name} is Python code to run"


def _programs(loaded: Loaded, judged: Callable[[Path], bool]) -> Iterator[tuple[str, str]]:
    for key in ("kustomize", "helm"):
        named: str | None = getattr(loaded.config.render, key)
        if named and judged(_program(loaded, named)):
            yield loaded.where("render", key), f"render.{key} names a program to run"


def _program(loaded: Loaded, named: str) -> Path:
    """A name without a slash is looked up on PATH, which may lead into the tree."""
    if named.startswith("~"):
        return Path(named).expanduser()
    return (loaded.folder or Path()) / named if "/" in named else Path(shutil.which(named) or os.devnull)


def _sources(loaded: Loaded, judged: Callable[[Path], bool]) -> Iterator[tuple[str, str]]:
    """Bare repositories among the files: what stands in their configuration was written by whoever wrote the tree."""
    for number, group in enumerate(loaded.config.groups):
        if group.source is not None:
            place = (loaded.folder or Path()) / group.source
            if judged(place) and not os.path.lexists(place / ".git"):
                yield (
                    loaded.where("groups", number, "source"),
                    f"source {group.source} is a bare repository of the judged tree; git would run programs from its config",
                )


def _runs(option: str) -> bool:
    """Options with one dash take their value with or without a blank: `-eNAME`."""
    name = option.partition("=")[0]
    return name in _RUNS or (name.startswith("-e") and not name.startswith("--"))
