"""What a line of a text that is no YAML is about: the keys above it, as they are indented, and the document in which they stand.

For charts' templates, .env files and the text of block scalars. A name of a line is a digest, so that a long or a deep text costs no more
than its length.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from msgspec import Struct

_KEY = re.compile(r"\s*((?:- +)*[^:=#\s][^:=#]*)")
_DOCUMENT = re.compile(r"^---(?:\s|$)")
_ITEM = re.compile(r"(?:- +)+")
_TOLD_BY = ("name:", "path:")
"""What tells an item of a list from others: containers have a name, operations of a JSON 6902 patch a path."""
_TOP = -1


def named(above: bytes, *steps: object) -> bytes:
    """Return the name of what stands some steps further: short, and the same in every file and run."""
    return hashlib.blake2b(repr(steps).encode("utf-8", "surrogatepass"), key=above, digest_size=16).digest()


class _Line(Struct):
    """A line with a key: the line that it stands below, what it says, and what tells it from its siblings."""

    above: int
    document: int
    says: str
    name: str = ""


class _Owner(Struct):
    """What a document says that it is, wherever in it that stands; of two answers the first one counts."""

    says: dict[str, str] = {}

    def read(self, depth: int, bare: str, above: str) -> None:
        """Read a line, with the key below which it stands."""
        key, colon, rest = bare.partition(":")
        where = {0: ("apiVersion", "kind")}.get(depth, ("name", "namespace") if above == "metadata" else ())
        if colon and key in where:
            self.says.setdefault(key, rest.partition(" #")[0].strip())

    @property
    def name(self) -> tuple[str, ...]:
        group = self.says.get("apiVersion", "").rpartition("/")[0]
        return group, *(self.says.get(key, "") for key in ("kind", "namespace", "name"))


def chains(lines: Sequence[str]) -> list[bytes]:
    """Return the name of each line."""
    documents, rows = _read(lines)
    owners = [named(b"", "text", *document.name) for document in documents]
    names: list[bytes] = []
    below: list[bytes] = []
    for row in rows:
        above = below[row.above] if row.above != _TOP else owners[row.document]
        names.append(named(above, row.says))
        below.append(named(above, row.name or row.says))
    return names


def _read(lines: Sequence[str]) -> tuple[list[_Owner], list[_Line]]:
    documents = [_Owner()]
    rows: list[_Line] = []
    above: list[tuple[int, int]] = []
    for number, text in enumerate(lines):
        bare = text.lstrip()
        depth = len(text) - len(bare)
        key = None if bare.startswith(("#", "{{")) else _KEY.match(text)
        if _DOCUMENT.match(text):
            documents.append(_Owner())
            above = []
        elif key:
            while above and above[-1][0] >= depth:
                above.pop()
        upper = above[-1][1] if above else _TOP
        row = _Line(upper, len(documents) - 1, key.group(1).strip() if key else "")
        rows.append(row)
        if key:
            _tell(rows, row, bare)
            documents[-1].read(depth, bare, rows[upper].says if upper != _TOP else "")
            above.append((depth, number))
    return documents, rows


def _tell(rows: Sequence[_Line], row: _Line, bare: str) -> None:
    """Its name or path identifies an item, wherever in it that stands, else its first key."""
    dashes = _ITEM.match(bare)
    inner = bare[dashes.end() :] if dashes else bare
    item = row if dashes else rows[row.above] if row.above != _TOP else None
    said = inner.partition(" #")[0].strip()
    if item is None or (item is not row and not item.name):
        return
    if inner.startswith(_TOLD_BY) and not item.name.startswith(_TOLD_BY):
        item.name = said
    elif item is row:
        item.name = f"- {said}"
