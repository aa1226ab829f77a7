"""Git histories that read like a story: what was written, and when it was committed.

story.commit("everything runs at the first commit", agents(controllers=A, control_plane=A))
story.write(agents(controllers=B, control_plane=A))
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

AUTHOR = {f"GIT_{who}_{what}": "story@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
AUTHOR |= {f"GIT_{who}_DATE": "2026-01-05T09:00:00Z" for who in ("AUTHOR", "COMMITTER")}
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
Files = Mapping[str, "str | None"]
"""Paths and what is in them; None takes a file away."""

CHART = {
    "charts/agents/Chart.yaml": "apiVersion: v2\nname: agents\nversion: 1.0.0\n",
    "charts/agents/values.yaml": "image:\n  repository: ghcr.io/acme/agents\n  tag: ''\n  digest: ''\ncontrollers:\n  image: {}\n",
    "charts/agents/templates/deployments.yaml": """\
{{- range $name, $own := dict "control-plane" dict "controllers" .Values.controllers.image }}
{{- $image := merge (dict) $own $.Values.image }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
spec:
  template:
    spec:
      containers:
        - name: main
          image: {{ $image.repository }}/{{ $name }}:{{ $image.tag }}@{{ $image.digest }}
          env:
            - name: IMAGE_DIGEST
              value: {{ $image.digest }}
{{- end }}
""",
}
CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: runs.agents.example.com
spec:
  group: agents.example.com
  names: {kind: Run, plural: runs}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties: {%s}
"""


def digest(sha: str, name: str) -> str:
    """The digest of the image of this name that was built from a commit."""
    return f"sha256:{hashlib.sha256((sha + name).encode()).hexdigest()}"


def agents(
    *, controllers: str, control_plane: str, folder: str = "apps/agents", more: str = "", digests: tuple[str, str] | None = None
) -> dict[str, str | None]:
    """An application that deploys the chart, with the SHAs that its two workloads were built from; the `digests` may be of others."""
    first, second = digests or (controllers, control_plane)
    up = "/".join(".." for _ in folder.split("/"))
    return {
        f"{folder}/kustomization.yaml": (
            f"helmGlobals:\n  chartHome: {up}/charts\nhelmCharts:\n"
            f"  - name: agents\n    releaseName: agents\n    valuesFile: values.yaml\n{more}"
        ),
        f"{folder}/values.yaml": (
            f"image:\n  tag: {control_plane[:8]}\n  digest: {digest(second, 'control-plane')}\n"
            f"controllers:\n  image:\n    tag: {controllers[:8]}\n    digest: {digest(first, 'controllers')}\n"
        ),
    }


def crd(**properties: str) -> str:
    """A CustomResourceDefinition with these properties in its spec, each of a type."""
    return CRD % ", ".join(f"{name}: {{type: {kind}}}" for name, kind in properties.items())


def web(image: str, name: str = "web") -> str:
    """A Deployment with one image."""
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n"
        f"spec:\n  template:\n    spec:\n      containers:\n        - name: main\n          image: {image}\n"
    )


def plain(folder: str, image: str, name: str = "web", more: str = "") -> dict[str, str | None]:
    """An application of one manifest."""
    return {f"{folder}/kustomization.yaml": f"resources:\n  - web.yaml\n{more}", f"{folder}/web.yaml": web(image, name)}


@dataclass
class Story:
    """A git repository that grows."""

    root: Path
    commits: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, root: Path) -> Story:
        root.mkdir(parents=True)
        story = cls(root.resolve())
        story.git("init", "--quiet", "--initial-branch=main")
        return story

    def write(self, files: Files) -> Story:
        """Change the work tree."""
        for path, text in files.items():
            file = self.root / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return self

    def commit(self, message: str, files: Files | None = None) -> str:
        """Change the work tree and commit all of it; returns the commit."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")
        self.commits.append(self.git("rev-parse", "HEAD"))
        return self.commits[-1]

    def git(self, *words: str) -> str:
        """Run git; returns what it prints."""
        words = ("-c", "protocol.file.allow=always", *words)
        done = subprocess.run(["git", *words], cwd=self.root, env={**os.environ, **AUTHOR, **QUIET}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def clone(self, into: Path, *words: str) -> Story:
        """Clone the repository, as deep as the words say."""
        self.git("clone", "--quiet", *words, f"file://{self.root}", str(into))
        return Story(into.resolve())

    def state(self) -> dict[str, bytes]:
        """All that must stay as it is: every file of the work tree and of git's own folder, the index and every object among them."""
        files = {
            str(path.relative_to(self.root)): b"-> " + os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() or path.is_symlink()
        }
        asked = {words: self.git(*words.split()).encode() for words in ("stash list", "for-each-ref", "rev-parse HEAD")}
        return files | asked
