"""Repositories in a temporary folder, written as a mapping of paths to texts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentslint.discover import DiscoverConfig, Discovery, discover
from agentslint.model import Target

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n"


@dataclass
class Tree:
    """A folder of files; `discover` runs in it as a user would."""

    root: Path

    def write(self, files: Mapping[str, str | bytes]) -> Tree:
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def kustomization(self, folder: str, *resources: str, **fields: Any) -> Tree:
        """Write a kustomization whose resources are `resources`; files that it names are written unless they are there."""
        import yaml

        for name in resources:
            file = self.root / folder / name
            if name.endswith(".yaml") and ":" not in name and not file.exists():
                self.write({f"{folder}/{name}": CONFIG_MAP})
        return self.write({f"{folder}/kustomization.yaml": yaml.safe_dump({"resources": list(resources), **fields})})

    def link(self, path: str, to: str) -> Tree:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).symlink_to(to)
        return self

    def git(self, *arguments: str) -> Tree:
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always")
        subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True, capture_output=True, env={**os.environ, **quiet})
        return self

    def discover(self, *paths: str, exclude: tuple[str, ...] = (), **options: Any) -> Discovery:
        full = [path if path == "-" or Path(path).is_absolute() else str(self.root / path) for path in paths]
        return discover(full, root=self.root, config=DiscoverConfig(exclude), **options)

    def names(self, *paths: str, **options: Any) -> list[str]:
        return [target.name for target in self.discover(*paths, **options).targets]

    def target(self, path: str) -> Target:
        (target,) = self.discover(path).targets
        return target
