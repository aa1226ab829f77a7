"""Tags of a learnt group that are SHAs because the others are, though they hold letters or digits alone.

One SHA of eight digits in 2,500 has no digit and one in 40 no letter. Next to SHAs of the same length and the same form of tag
(`main-72ab0f5d`), such a tag is one too; so is one of letters that two repositories have: nobody draws the same word twice. Words
stay words (`deadbeef`, `defaced`, `feedface`), dates stay dates, and a group whose tags are all digits counts builds, not commits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec.structs import replace

from .members import Member

Form = tuple[str, str, int]
"""What stands before and after a SHA in a tag, and its length."""
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])")
_DATE = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_WORDS = (
    "abaca", "abed", "acacia", "accede", "acceded", "ace", "aced", "add", "added", "baa", "babe", "bad", "bade", "bead", "beaded",
    "bed", "bee", "beef", "cab", "cabbed", "cad", "cade", "cafe", "cede", "dab", "dabbed", "dad", "dead", "deaf", "decade", "deed",
    "deface", "defaced", "ebb", "ebbed", "efface", "effaced", "fab", "facade", "face", "faced", "fad", "fade", "fed", "fee", "feed",
)  # fmt: skip
"""English words of the letters a to f; what is made of such words alone is no SHA."""


def with_likely_shas(members: Sequence[Member]) -> list[Member]:
    """Return the members of a group, those with a likely SHA with it."""
    known = {_form(member.revision, member.sha) for member in members if member.image and member.sha}
    if not known:
        known = set(_shared(members))
    return [_with_sha(member, known) for member in members] if known else list(members)


def _with_sha(member: Member, known: set[Form]) -> Member:
    if member.sha or not member.image:
        return member
    found = [part for part in _likely(member.revision) if _form(member.revision, part) in known]
    return replace(member, sha=found[0]) if len(found) == 1 else member


def _shared(members: Sequence[Member]) -> Iterator[Form]:
    """The forms of tags of letters that several repositories have."""
    keys: dict[str, set[str]] = {}
    for member in members:
        if member.image:
            keys.setdefault(member.revision, set()).add(member.key)
    for tag in (tag for tag, repositories in keys.items() if len(repositories) > 1):
        yield from (_form(tag, part) for part in _likely(tag) if part.isalpha())


def _likely(tag: str) -> Iterator[str]:
    """The parts of a tag that may be a SHA."""
    for match in _HEX.finditer(tag):
        if not _DATE.match(match.group()) and not _is_word(match.group()):
            yield match.group()


def _form(tag: str, sha: str) -> Form:
    before, _, after = tag.partition(sha)
    return before, after, len(sha)


@lru_cache(maxsize=1024)
def _is_word(text: str) -> bool:
    """Tell whether a text is made of words."""
    return text.isalpha() and re.fullmatch(f"(?:{'|'.join(_WORDS)})+", text) is not None
