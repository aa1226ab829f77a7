"""One case: a tree, what it was before, and a command line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SECRET = "hunter2-4be80d"
"""Part of everything that no output may hold."""
_WHEN = "test <test@example.com> 1700000000 +0000"


@dataclass(frozen=True)
class Case:
    """Files and links by path; `before` are the files of the base revision, None where there is no git."""

    files: tuple[tuple[str, bytes], ...]
    line: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    before: tuple[tuple[str, bytes], ...] | None = None

    def lay_out(self, root: Path) -> None:
        """Write the tree, and a history of two commits below it."""
        root.mkdir(parents=True)
        if self.before is not None:
            _history(root, (self.before, self.files))
        for path, content in self.files:
            if place := _place(root, path):
                place.write_bytes(content)
        for path, to in self.links:
            place = _place(root, path)
            if place and not os.path.lexists(place):
                place.symlink_to(to)

    def shown(self) -> Iterator[str]:
        """The case in words that somebody can build it from."""
        yield f"agentslint {' '.join(map(_quoted, self.line))}"
        yield from (f"{path!r}: {content!r}" for path, content in self.files)
        yield from (f"{path!r} -> {to!r}" for path, to in self.links)
        if self.before is not None:
            changed = dict(self.before)
            yield "at HEAD~1:"
            yield from (f"  {path!r}: {content!r}" for path, content in self.before if changed != dict(self.files))


def _quoted(word: str) -> str:
    return word if word.isprintable() and word and " " not in word else repr(word)


def _place(root: Path, path: str) -> Path | None:
    """Where a file goes; None where a file that is there already stands in the way."""
    place = root / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return None
    return None if place.is_dir() else place


def _history(root: Path, commits: tuple[tuple[tuple[str, bytes], ...], ...]) -> None:
    """Commit trees, one after the other, with one process; the index is that of the last one."""
    stream = b"".join(_commit(dict(files), number) for number, files in enumerate(commits))
    plain = ["git", "-c", "init.defaultBranch=main", "-c", "core.fsync=none"]
    subprocess.run([*plain, "init", "--quiet", "--template="], cwd=root, check=True)
    subprocess.run([*plain, "fast-import", "--quiet", "--date-format=raw"], cwd=root, input=stream, check=True, capture_output=True)
    subprocess.run([*plain, "reset", "--quiet"], cwd=root, check=True, capture_output=True)


def _commit(files: Mapping[str, bytes], number: int) -> bytes:
    parts = [f"commit refs/heads/main\ncommitter {_WHEN}\ndata 1\n{number}\n".encode()]
    parts.append(b"deleteall\n")
    for path, content in files.items():
        parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (_path(path), len(content), content))
    return b"".join(parts)


def _path(path: str) -> bytes:
    quoted = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + quoted + b'"'
