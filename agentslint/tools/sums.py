"""The sha256 of each program that was installed, so that one whose content changed is not run without a word.

One JSON file beside them: path -> sha256, and the state of the file when that was last found out. A run looks at the state alone and
hashes where it differs.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any

from agentslint import files
from agentslint.tools.folder import tools_folder

_PIECE = 1 << 20


def record(path: Path) -> None:
    """Remember a program as it is now."""
    _remember(path, _sha256(path))


def is_recorded(path: Path) -> bool:
    """Tell whether the checksum of a program is known."""
    return _name(path) in _read()


def is_intact(path: Path, *, thorough: bool = False) -> bool:
    """Tell whether a program is the one that was installed; so is one of which nobody knows.

    `thorough` hashes it in any case.
    """
    known = _read().get(_name(path))
    if known is None:
        return True
    try:
        if not thorough and known.get("state") == _state(path):
            return True
        digest = _sha256(path)
    except OSError:
        return False
    if digest != known.get("sha256"):
        return False
    if known.get("state") != _state(path):
        _remember(path, digest)
    return True


def _state(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with files.stored(path) as program:
        while piece := program.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _name(path: Path) -> str:
    """The place in the folder: a cache may be restored elsewhere."""
    return f"{path.parent.name}/{path.name}"


def _file() -> Path:
    return tools_folder() / "programs.json"


def _read() -> dict[str, Any]:
    import json

    try:
        content = json.loads(files.read(_file(), files.CONFIGURATION))
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: known for name, known in content.items() if isinstance(known, dict)} if isinstance(content, dict) else {}


def _remember(path: Path, digest: str) -> None:
    import json

    content = _read() | {_name(path): {"sha256": digest, "state": _state(path)}}
    # A cache that cannot be written (a read-only home) is no reason to fail.
    with contextlib.suppress(OSError):
        files.replace(_file(), json.dumps(content, indent=1, sort_keys=True).encode())
