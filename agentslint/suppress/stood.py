"""Comments that a commit has, too: only those of a change's own comments count that were there before it."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from msgspec import Struct

from agentslint.model import Result
from agentslint.suppress.comments import Comment, comments
from agentslint.suppress.keyed import Keyed
from agentslint.suppress.named_parts import NamedPart

Before = Callable[[str], "str | None"]
"""The path of a file today -> its text at the commit; None where there was none."""


class Stood:
    """Answers whether a result was suppressed by a comment of the commit, in the same file and at the same key path.

    What the commit accepts never covers more than it did there: no second place of the same name, no further value in the same text.
    """

    def __init__(self, before: Before, is_template: Callable[[str], bool]) -> None:
        self._before = before
        self._is_template = is_template
        self._comments = lru_cache(maxsize=None)(self._read)
        self._spoken = lru_cache(maxsize=None)(self._said)
        self._keyed = lru_cache(maxsize=None)(Keyed)
        self._accepted = lru_cache(maxsize=None)(self._at_commit)

    def covers(self, result: Result, rule: str, path: str, text: str) -> bool:
        """Tell whether the commit has a comment for `rule` where the result stands; `text` is the file's text today."""
        before = self._before(path)
        if before is None:
            return False
        spoken = self._spoken(before, path, rule)
        if spoken.whole_file or not spoken.firsts:
            return spoken.whole_file
        now = self._keyed(text, path)
        part = now.at(result.location.region)
        accepted = self._accepted(before, path, rule, part.key)
        return bool(accepted.texts) and accepted.cover(part, now)

    def _read(self, text: str, path: str) -> list[Comment]:
        return comments(text, path, template=self._is_template(path))

    def _at_commit(self, text: str, path: str, rule: str, key: bytes) -> _Accepted:
        return _Accepted.of(self._keyed(text, path), key, self._spoken(text, path, rule))

    def _said(self, text: str, path: str, rule: str) -> _SpokenLines:
        today = datetime.date.today()
        said = [each for each in self._comments(text, path) if rule in each.directive.rules and not each.directive.problem]
        return _SpokenLines.of([each for each in said if each.directive.until is None or each.directive.until >= today])


class _SpokenLines(Struct, frozen=True):
    """The lines of which comments speak, asked for many places of a file that may have many comments."""

    whole_file: bool
    firsts: Sequence[int]
    lasts: Sequence[int]
    """For each of `firsts`, in order, the last line that it or one before it reaches."""

    @classmethod
    def of(cls, valid: Sequence[Comment]) -> _SpokenLines:
        lines = sorted(each.lines for each in valid if each.lines is not None)
        return cls(len(lines) < len(valid), [first for first, _ in lines], list(accumulate((last for _, last in lines), max)))

    def reach(self, part: NamedPart) -> bool:
        """Tell whether any of them covers a line of a part."""
        before = bisect_right(self.firsts, part.place[2])
        return before > 0 and self.lasts[before - 1] >= part.place[0]


class _Accepted(Struct, frozen=True):
    """What the commit accepts under one name: what each such place says there, and what stands in it."""

    texts: Mapping[str, int]
    held: Counter[bytes] | None
    """None where the name is that of several places."""

    @classmethod
    def of(cls, then: Keyed, key: bytes, spoken: _SpokenLines) -> _Accepted:
        places = then.named(key)
        texts = Counter(then.text(each) for each in places if spoken.reach(each))
        return cls(texts, then.held(places[0]) if texts and len(places) == 1 else None)

    def cover(self, part: NamedPart, now: Keyed) -> bool:
        """Tell whether a part of today holds no more than was accepted.

        Where a name is that of one place on both sides, another value may stand there. Where it is not, nobody knows which of them
        was meant: then only as many places count as were accepted, and only those that say the same.
        """
        if self.held is not None and len(now.named(part.key)) == 1:
            return now.held(part) <= self.held
        text, before = now.rank(part)
        return before < self.texts.get(text, 0)
