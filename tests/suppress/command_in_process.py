"""The real command line, in this process: what it prints and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agentslint.cli import main
from tests.own_cache import own_cache


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def results(self) -> list[dict[str, Any]]:
        """The results of a report in JSON."""
        found: list[dict[str, Any]] = json.loads(self.out)["results"]
        return found

    def places(self, rule: str | None = None) -> list[tuple[str, str, int]]:
        """Rule, file and line of every result that counts."""
        return [_place(row) for row in self.results if not row["suppressions"] and rule in (None, row["rule"])]

    def suppressed(self) -> list[tuple[str, str, int]]:
        """The same of every result that does not count."""
        return [_place(row) for row in self.results if row["suppressions"]]

    def messages(self, rule: str) -> list[str]:
        """What the results of a rule say that count."""
        return [row["message"] for row in self.results if row["rule"] == rule and not row["suppressions"]]


def _place(row: dict[str, Any]) -> tuple[str, str, int]:
    return row["rule"], row["location"]["path"], row["location"]["start_line"]


Run = Callable[..., Done]


def runner(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path) -> Run:
    """Return what runs a command in a folder."""
    own_cache(home / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    def run(*words: str | Path, cwd: Path) -> Done:
        capfd.readouterr()
        monkeypatch.chdir(cwd)
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        out, err = capfd.readouterr()
        assert "internal error" not in err, err
        return Done(int(ended.value.code or 0), out, err)

    return run


class Tree:
    """Files of a small repository."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: Mapping[str, str | bytes]) -> Path:
        """Write files, bytes as they are; returns the root."""
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.root

    def read(self, path: str) -> str:
        """The text of a file, line ends as they are."""
        return (self.root / path).read_bytes().decode()

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace a text that a file holds once."""
        text = self.read(path)
        assert text.count(old) == 1, (path, old)
        self.write({path: text.replace(old, new)})

    def commit(self) -> None:
        """Commit all of it; the root is a git repository."""
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        for words in (("add", "--all"), ("commit", "--quiet", "--message=All")):
            subprocess.run(["git", *identity, *words], cwd=self.root, check=True)

    def files(self) -> dict[str, bytes]:
        """Every file outside of .git."""
        found = (path for path in self.root.rglob("*") if path.is_file() and ".git" not in path.relative_to(self.root).parts)
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def line(self, path: str, part: str) -> int:
        """The one line of a file that holds a text."""
        lines = [number for number, line in enumerate(self.read(path).split("\n"), 1) if part in line]
        assert len(lines) == 1, (path, part, lines)
        return lines[0]
