"""The stage of an attack: a repository, the things outside of it that must stay as they are, and a home with something to steal."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.own_cache import own_cache

SECRET = "hunter2-9f31c7"
"""Part of everything that must not be printed."""
FLOATING = "nginx:latest"
"""An image with findings: a run that reads it does not end with 0."""
FORMATS = ("text", "sarif", "json", "github")
_WHO = ("test@example.com", "1700000000 +0000")


def pod(image: str = FLOATING, name: str = "web") -> str:
    """A manifest with one image."""
    return f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  containers:\n    - name: main\n      image: {image}\n"


PINNED = "ghcr.io/acme/web:v1.4.2@sha256:" + "1f" * 32
QUIET = pod(PINNED, "quiet")
"""A manifest without findings."""


@dataclass
class Scene:
    """Where an attack plays; an attack writes into `root` and may change `target`, `file`, `options` and `environ`."""

    folder: Path
    target: str = "app"
    """What is linted as a folder."""
    file: str = "app/kustomization.yaml"
    """What is linted as a file."""
    cwd: str = "."
    """Where the command is started, relative to the root."""
    options: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    line: list[str] | None = None
    """The whole command line, where an attack needs one of its own."""
    before: list[str] = field(default_factory=list)
    """Words in front of the command: what limits it, or looks over its shoulder."""
    stdout: str | None = None
    """Where standard output goes, instead of to us."""
    may_change: list[str] = field(default_factory=list)
    """Paths of the root that the command is asked to write."""

    @property
    def root(self) -> Path:
        return self.folder / "repo"

    @property
    def outside(self) -> Path:
        return self.folder / "outside"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def marker(self) -> Path:
        """A file that exists once a program of the tree has run."""
        return self.folder / "marker"

    @property
    def evil(self) -> Path:
        """A program that leaves the marker; a stranger's tree could hold it as well."""
        return self.program("evil")

    def program(self, name: str, then: str = "exit 1") -> Path:
        path = self.folder / "programs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\necho ran >> '{self.marker}'\n{then}\n")
        path.chmod(0o755)
        return path

    def write(self, files: Mapping[str, str | bytes]) -> Scene:
        """Write files of the repository."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def link(self, name: str, to: str | Path) -> None:
        """Make a link of the repository, in the place of a file that is there."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(to)

    def victim(self, name: str, content: str) -> Path:
        """Write a file outside of the repository."""
        path = self.outside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def chart(self, files: Mapping[str, str | bytes] | None = None, values: str = "image: nginx:latest\n", template: str = "") -> None:
        """Make the target inflate a local chart, whose pod runs the image of the values."""
        self.write(
            {
                "app/kustomization.yaml": "helmCharts:\n- name: web\n  releaseName: web\n  valuesFile: values.yaml\n",
                "app/values.yaml": values,
                "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "app/charts/web/values.yaml": "other: 1\n",
                "app/charts/web/templates/web.yaml": template or pod("{{ .Values.image }}"),
                **(files or {}),
            }
        )

    def kustomization(self, text: str, **files: str | bytes) -> None:
        """Write the target's kustomization, with more files beside it."""
        self.write({"app/kustomization.yaml": text, **{f"app/{name.replace('__', '.')}": content for name, content in files.items()}})

    def git(self, *words: str, cwd: Path | None = None) -> str:
        """Run git in the repository, as its owner would."""
        people = {f"GIT_{who}_{part}": text for who in ("AUTHOR", "COMMITTER") for part, text in zip(("EMAIL", "DATE"), _WHO, strict=True)}
        names = {"GIT_AUTHOR_NAME": "test", "GIT_COMMITTER_NAME": "test", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *words], cwd=cwd or self.root, env=os.environ | people | names, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, message: str = "More") -> None:
        """Commit all that is there."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", f"--message={message}")

    def forget_git(self) -> None:
        """Let the tree be none of git's."""
        shutil.rmtree(self.root / ".git")

    def snapshot(self) -> dict[str, str]:
        """All that must not change: the tree but for git's own folder, what lies outside, the home but for caches."""
        found = {}
        for top in (self.root, self.outside, self.home):
            for folder, folders, names in os.walk(top):
                folders[:] = [name for name in folders if name != ".git" and Path(folder, name) != self.home / ".cache"]
                for name in (*names, *folders):
                    path = os.path.join(folder, name)
                    if os.path.relpath(path, self.root) not in self.may_change:
                        found[os.path.relpath(path, self.folder)] = _state(path)
        return found


def make_scene(folder: Path, template: Path) -> Scene:
    """Lay out a scene: a repository whose first commit is harmless, a home, and a place outside."""
    scene = Scene(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(template, scene.root, symlinks=True)
    (scene.home / ".kube").mkdir(parents=True)
    own_cache(scene.home / ".cache")
    (scene.home / ".kube" / "config").write_text(f"apiVersion: v1\nkind: Config\nimage: nginx:latest\ntoken: {SECRET}-kube\n")
    scene.victim("token", f"{SECRET}-outside")
    (folder / "tmp").mkdir()
    return scene


def make_template(folder: Path) -> Path:
    """Make the repository that every scene begins with, once."""
    scene = Scene(folder)
    scene.root.mkdir(parents=True)
    scene.git("init", "--quiet", "--initial-branch=main")
    scene.write({"app/kustomization.yaml": "resources: [web.yaml]\n", "app/web.yaml": pod(PINNED)})
    scene.commit("A harmless application")
    return scene.root


def _state(name: str) -> str:
    path = Path(name)
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if not path.is_file():
        return f"mode {path.lstat().st_mode:o}"
    size = path.stat().st_size
    return path.read_bytes().hex() if size < 1 << 20 else f"{size} bytes"
