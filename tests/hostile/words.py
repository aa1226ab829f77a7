"""Wrong words about a fault: the complaint names the cause."""

from __future__ import annotations

import shutil

from tests.hostile.attack import NOT_GREEN, UNCHECKED, Manner, attack
from tests.hostile.scene import Scene, pod


@attack(Manner.ROOT, ends=NOT_GREEN)
def list_document(scene: Scene) -> None:
    """A plain file holds a list document, over which a rule stumbled."""
    scene.write({"plain/web.yaml": f"{pod()}---\n- a\n- b\n"})


@attack(Manner.FOLDER, ends=NOT_GREEN)
def limited_memory(scene: Scene) -> None:
    """The shell limits the address space, in which the renderers cannot start."""
    scene.before = ["prlimit", "--as=900000000"] if shutil.which("prlimit") else []
    scene.write({"app/web.yaml": pod()})


def _renderer(scene: Scene, answer: str) -> None:
    """Use a kustomize that answers `version` in its own way."""
    path = scene.folder / "programs" / "kustomize"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o755)
    scene.options = ["--kustomize", str(path)]


@attack(Manner.FOLDER, ends=UNCHECKED)
def nonsense_version(scene: Scene) -> None:
    """A kustomize answers with nonsense when it is asked for its version, and prints a harmless manifest."""
    _renderer(scene, "echo nonsense")


@attack(Manner.FOLDER, ends=UNCHECKED, limit=100)
def hanging_version(scene: Scene) -> None:
    """A kustomize hangs when it is asked for its version."""
    _renderer(scene, f"echo $$ >> '{scene.folder}/pids'; sleep 300 & wait")


@attack(Manner.FOLDER, ends=NOT_GREEN)
def renderer_that_says_nothing(scene: Scene) -> None:
    """A kustomize prints nothing and is content."""
    _renderer(scene, 'case "$1" in version) echo v5.8.2;; esac')


@attack(Manner.FOLDER, ends=NOT_GREEN)
def renderer_that_prints_for_ever(scene: Scene) -> None:
    """A kustomize prints without end."""
    _renderer(scene, 'case "$1" in version) echo v5.8.2;; *) yes "a: b";; esac')


@attack(Manner.LINE, ends=UNCHECKED)
def damaged_program(scene: Scene) -> None:
    """A cached program was replaced by another one: its hash tells."""
    tool = scene.home / ".cache/agentslint/tools/kustomize-5.8.2/kustomize"
    tool.parent.mkdir(parents=True)
    tool.write_bytes(scene.evil.read_bytes())
    tool.chmod(0o755)
    scene.environ |= {"AGENTSLINT_KUSTOMIZE": "", "PATH": "/usr/bin:/bin"} | dict.fromkeys(
        ("http_proxy", "https_proxy"), "http://127.0.0.1:9"
    )
    scene.line = ["tools", "install"]
