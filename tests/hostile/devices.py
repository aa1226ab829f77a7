"""Pipes, devices, sockets and endless files where a file of text is expected."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.hostile.attack import NOT_GREEN, UNCHECKED, Build, Manner, attack, family
from tests.hostile.scene import Scene, pod

Make = Callable[[Path], None]


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def _zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def _standard_input(path: Path) -> None:
    path.symlink_to("/dev/stdin")


def _a_folder(path: Path) -> None:
    path.mkdir()


def _large(path: Path) -> None:
    path.touch()
    os.truncate(path, 3 << 30)


THINGS: dict[str, Make] = {
    "pipe": _pipe,
    "socket": _socket, "zero": _zero, "terminal": _terminal, "standard_input": _standard_input, "folder": _a_folder, "large": _large,
}  # fmt: skip
PLACES = {
    "kustomization": "app/kustomization.yaml",
    "resource": "app/web.yaml",
    "manifest": "app/plain/web.yaml",
    "configuration": ".agentslint.toml",
    "project_file": "pyproject.toml",
    "values": "app/values.yaml",
    "chart_file": "app/charts/web/Chart.yaml",
    "template": "app/charts/web/templates/web.yaml",
    "file_of_a_chart": "app/charts/web/e.txt",
    "definition": "app/charts/web/crds/a.yaml",
    "baseline": "baseline.json",
    "helpers": "app/charts/web/templates/_helpers.tpl",
    "schema": "app/charts/web/values.schema.json",
    "chart_file_of_a_subchart": "app/charts/web/charts/s/Chart.yaml",
    "values_of_a_subchart": "app/charts/web/charts/s/values.yaml",
    "packed_subchart": "app/charts/web/charts/s.tgz",
    "definition_in_a_subchart": "app/charts/web/charts/s/crds/a.yaml",
}
IN_SUBCHARTS = {"chart_file_of_a_subchart", "values_of_a_subchart", "packed_subchart", "definition_in_a_subchart"}
GREEN = {"manifest", "file_of_a_chart", "definition", "template", "project_file", "configuration", "helpers", "schema", *IN_SUBCHARTS}
"""Where a thing that is no file may be passed over: git does not list it, or nothing needs it."""


def _members(names: Iterable[str]) -> list[tuple[str, Build]]:
    """Every thing in each of these places; a folder instead of a kustomization is an ordinary folder."""
    pairs = [(thing, name) for thing in THINGS for name in names if (thing, name) != ("folder", "kustomization")]
    return [(f"{thing}_as_{name}", _place(THINGS[thing], PLACES[name])) for thing, name in pairs]


def _place(make: Make, path: str) -> Build:
    def build(scene: Scene) -> None:
        """Something that is no regular file, or endless, stands where a file is read: it is named, soon."""
        if "charts" in path or path.endswith("values.yaml"):
            scene.chart()
        if "charts/s/" in path:
            scene.write({"app/charts/web/charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n"})
        if path == "baseline.json":
            scene.write({".agentslint.toml": 'baseline = "baseline.json"\n'})
        if path == "app/plain/web.yaml":
            (scene.root / "app/kustomization.yaml").unlink()
        full = scene.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.unlink(missing_ok=True)
        make(full)

    return build


family(_members(sorted(PLACES.keys() - GREEN)), Manner.ROOT, ends=NOT_GREEN, limit=20)
family(_members(sorted(GREEN)), Manner.ROOT, limit=20)
CHANGED = [(thing, name) for thing in ("pipe", "zero") for name in ("resource", "template", "values")]
family(
    [(f"{thing}_as_{name}_in_a_change", _place(THINGS[thing], PLACES[name])) for thing, name in CHANGED], Manner.DIFF, limit=20
)  # fmt: skip


def _ignored(make: Make, path: str) -> Build:
    def build(scene: Scene) -> None:
        """What git reads of its own accord is a pipe or endless: git is ended, later than a run should take, and the run with it."""
        (scene.root / path).unlink(missing_ok=True)
        make(scene.root / path)

    return build


OF_GIT = [(_zero, name) for name in (".gitignore", ".gitattributes", ".git/info/exclude")]
OF_GIT += [(_pipe, name) for name in (".gitignore", "app/.gitignore", ".git/info/exclude")] + [(_large, ".gitignore")]
"""Few enough for the first to stand for all: git is given two minutes."""
family([(f"{make.__name__.strip('_')}_as_{path}", _ignored(make, path)) for make, path in OF_GIT], limit=200)


@attack(Manner.FILE, Manner.LINE, ends=UNCHECKED, limit=20)
def pipe_by_name(scene: Scene) -> None:
    """A pipe is named on the command line."""
    os.mkfifo(scene.root / "pipe.yaml")
    scene.file, scene.line = "pipe.yaml", ["lint", "--config", "pipe.yaml", "app"]


@attack(Manner.LINE, ends=UNCHECKED, limit=20)
def baseline_of_a_device(scene: Scene) -> None:
    """The baseline that is named is a device."""
    scene.line = ["lint", "app", "--baseline", "/dev/zero"]


@attack(Manner.LINE, ends=UNCHECKED)
def full_disk(scene: Scene) -> None:
    """The disk is full: the complaint says so, and nothing else."""
    scene.write({"app/web.yaml": pod()})
    scene.line = ["lint", "app", "-f", "sarif", "-o", "/dev/full"]


@attack(Manner.LINE, ends=UNCHECKED)
def full_standard_output(scene: Scene) -> None:
    """Standard output takes no more."""
    scene.write({"app/web.yaml": pod()})
    scene.line, scene.stdout = ["lint", "app"], "/dev/full"


@attack(Manner.FOLDER, ends=NOT_GREEN, hides=("standard output cannot be written",))
def nowhere_to_stage(scene: Scene) -> None:
    """There is no temporary folder to be had."""
    scene.environ["TMPDIR"] = "/dev/full"
    scene.before = ["env", "TEMP=/dev/full"]
    scene.write({"app/web.yaml": pod()})
