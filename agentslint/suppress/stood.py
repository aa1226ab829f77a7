"""Comments that a commit has, too: only those of a change's own comments count that were there before it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache

from agentslint.model import Result
from agentslint.suppress.comments import Comment, comments
from agentslint.suppress.keyed import Keyed

Before = Callable[[str], "str | None"]
"""The path of a file today -> its text at the commit; None where there was none."""


class Stood:
    """Answers whether a result was suppressed by a comment of the commit, in the same file and at the same key path."""

    def __init__(self, before: Before, is_template: Callable[[str], bool]) -> None:
        self._before = before
        self._is_template = is_template
        self._comments = lru_cache(maxsize=None)(self._read)
        self._keyed = lru_cache(maxsize=None)(Keyed)

    def covers(self, result: Result, rule: str, path: str, text: str) -> bool:
        """Tell whether the commit has a comment for `rule` where the result stands; `text` is the file's text today."""
        before = self._before(path)
        if before is None:
            return False
        today = datetime.date.today()
        said = [each for each in self._comments(before, path) if rule in each.directive.rules and not each.directive.problem]
        valid = [each for each in said if each.directive.until is None or each.directive.until >= today]
        if not valid or any(each.lines is None for each in valid):
            return bool(valid)
        key = self._keyed(text, path).key(result.location.region)
        places = list(self._keyed(before, path).lines(key))
        return any(each.covers(first, last) for each in valid for first, last in places)

    def _read(self, text: str, path: str) -> list[Comment]:
        return comments(text, path, template=self._is_template(path))
