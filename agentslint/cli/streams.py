"""Standard streams as a command needs them: open, and able to carry any text."""

from __future__ import annotations

import codecs
import io
import os
import sys

from agentslint import files
from agentslint.errors import AgentslintError

_SIMPLER = {"…": "...", "→": "->", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "}
_HANDLER = "agentslint"
_CLOSED = (("stdin", "r", True), ("stdout", "w", False), ("stderr", "w", True))
"""A stream that the caller closed is opened the wrong way round: to use it fails as it should (standard error is only given up)."""


def open_streams() -> None:
    """Open streams that the caller closed, and make every character writable in a terminal's or a pipe's encoding.

    A closed stream is None in Python, and the next file that is opened would take its place among the descriptors.
    """
    codecs.register_error(_HANDLER, _simplified)
    for name, mode, writing in _CLOSED:
        if getattr(sys, name) is None:
            setattr(sys, name, files.stream(files.null(writing=writing), mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def emit(text: str, *, utf8: bool = False) -> None:
    """Print `text` on standard output, whole: in the locale's encoding, or in UTF-8 for programs that expect nothing else.

    Raises AgentslintError where it cannot be written, BrokenPipeError if the reader is gone.
    """
    try:
        if utf8 and hasattr(sys.stdout, "buffer"):
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        else:
            sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        give_up_stdout()
        raise AgentslintError(f"standard output cannot be written: {error.strerror}") from None


def give_up_stdout() -> None:
    """Point standard output elsewhere, so that the interpreter's last flush to a closed pipe is quiet."""
    os.dup2(files.null(writing=True), sys.stdout.fileno())


def _simplified(error: UnicodeError) -> tuple[str, int]:
    """Write characters that the encoding lacks in plain ASCII."""
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    return "".join(_SIMPLER.get(char) or char.encode("ascii", "backslashreplace").decode() for char in text), error.end
