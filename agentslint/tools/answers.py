"""The answers of programs, kept in the user's cache folder until the program's file changes.

One JSON file, `answers.json`: name and path of the program -> time, size and inode of its file, and question -> answer. It is
only ever replaced as a whole, and a file that cannot be read or written costs nothing but the time to ask again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from agentslint import files
from agentslint.tools.folder import tools_folder
from agentslint.tools.tool import ToolName

Ask = Callable[[ToolName, Path], str]


def remembered(name: ToolName, path: Path, question: str, ask: Ask) -> str:
    """Tell the remembered answer, or ask and remember; what `ask` raises is passed on and not remembered."""
    if not is_itself(name, path):
        return ask(name, path)
    key, stamp = f"{name} {path}", _stamp(path)
    record = _read().get(key, {})
    known = record.get("answers", {}).get(question) if record.get("stamp") == stamp else None
    if isinstance(known, str):
        return known
    answer = ask(name, path)
    if _stamp(path) == stamp:
        _remember(key, stamp, question, answer)
    return answer


def is_itself(name: ToolName, path: Path) -> bool:
    """Tell whether this file is the program and not a stand-in for it.

    Version managers put a script, or a link to a program of another name, in front of the real one: it may run another
    version tomorrow while its own file stays the same.
    """
    try:
        with files.stored(path) as program:
            return program.read(2) != b"#!" and path.resolve().name.startswith(name)
    except OSError:
        return False


def _stamp(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_mtime_ns, state.st_size, state.st_ino]


def _file() -> Path:
    return tools_folder() / "answers.json"


def _read() -> dict[str, Any]:
    import json

    try:
        content = json.loads(files.read(_file()))
        return {key: value for key, value in content.items() if isinstance(value.get("answers"), dict)}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def _remember(key: str, stamp: list[int], question: str, answer: str) -> None:
    content = _read()
    old = content.get(key, {})
    kept = old["answers"] if old.get("stamp") == stamp else {}
    content[key] = {"stamp": stamp, "answers": {**kept, question: answer}}
    _replace({known: record for known, record in content.items() if Path(known.partition(" ")[2]).exists()})


def _replace(content: dict[str, Any]) -> None:
    import contextlib
    import json

    # A cache that cannot be written (a read-only home) is no reason to fail.
    with contextlib.suppress(OSError):
        target = _file()
        target.parent.mkdir(parents=True, exist_ok=True)
        files.replace(target, json.dumps(content, indent=1, sort_keys=True).encode())
