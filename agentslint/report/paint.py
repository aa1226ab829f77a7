"""Lines made of styled pieces: plain text first, colour on top of it."""

from __future__ import annotations

from collections.abc import Iterable

Piece = tuple[str, str]
"""Some text and the name of its style ("" for none)."""
PaintedLine = list[Piece]

STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
    "path": "bold",
    "rule": "dim",
    "gutter": "blue",
    "faint": "dim",
    "good": "bold green",
}


def plain(lines: Iterable[PaintedLine]) -> str:
    """Return `lines` without any style, each ended by a line break."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def painted(lines: Iterable[PaintedLine]) -> str:
    """Return `lines` with the escape sequences of their styles: the same text as `plain` with the sequences removed."""
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(definition) for name, definition in STYLES.items()}

    def paint(piece: Piece) -> str:
        text, name = piece
        return styles[name].render(text, color_system=ColorSystem.STANDARD) if name in styles else text

    return "".join("".join(map(paint, _without_trailing_space(line))) + "\n" for line in lines)


def _without_trailing_space(line: PaintedLine) -> PaintedLine:
    if not line:
        return line
    text, style = line[-1]
    return [*line[:-1], (text.rstrip(), style)]
