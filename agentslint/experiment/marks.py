"""Other texts for one scalar: marks, which have its shape and occur nowhere else, and simple changes.

Only a part of the text changes, its core: a digest stays a digest, a SHA a SHA, a version a version with the same major and minor, a
repository keeps its registry. So templates that test the shape, and schemas, see what they saw before.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Iterator, Sequence

from msgspec import Struct

from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.images.reference import Span, read_reference
from agentslint.yamlread import ONE_LINE
from agentslint.yamlread.numbers import number_texts, string_text

_DIGEST = re.compile(r"(?<=sha256:)[0-9a-f]{64}(?![0-9a-f])|(?<=sha512:)[0-9a-f]{128}(?![0-9a-f])")
_SHA = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}(?![0-9A-Za-z])")
_VERSION = re.compile(r"^v?\d+\.(?:\d+\.)?(\d+)(?=[^\d.]|$)")
_COUNTED = re.compile(r"^(?:[A-Za-z]+[-_.]?)?(\d+)(?=[-_.+]|$)")
"""v1, release-12, 17-alpine: the number counts."""
_HOST = re.compile(r"^([a-z0-9-]+)(?=(\.[a-z0-9-]+)+(:\d+)?$)", re.I)
_OF_A_WORD = f"{string.ascii_letters}{string.digits}._-"
_SWITCHES = frozenset(("true", "false", "null", "~", "yes", "no", "on", "off", "y", "n"))
_APART = 500_000
"""Between the numbers of the marks that one scalar has."""
_SHORT_WHOLE = 3
"""With fewer digits before the point a 32-bit float holds a fraction of five digits: where Go wants a string, it prints no more."""
PAIRED = "zp"
"""How the sentinel of a repository begins for which the names of `images:` entries are changed, too, so that they still find it."""
SHORTEST_CUT = 7
"""A hash that is cut is still known by this many digits."""
_FLIPPED = {"true": "false", "false": "true", "yes": "no", "no": "yes", "on": "off", "off": "on"}
_NUMBER = re.compile(r"[0-9]+")


class MarkedPart(Struct, frozen=True):
    """A changed part of a scalar: what tells it from all others, what stood in its place, and where in the scalar's text.

    `within` is the part of the text, [start, end), that it speaks for: of an image the repository, the tag or the digest; of any other
    text the whole, for which it may be None.
    """

    text: str
    stands_for: str
    offset: int
    within: Span | None = None

    @property
    def is_hash(self) -> bool:
        """Whether it can still be distinguished from others when it is cut."""
        return bool(re.fullmatch(r"[0-9a-f]{7,}", self.text)) and not self.text.isdigit()


class Mark(Struct, frozen=True):
    """The text to write in a scalar's place, and what of it will be looked for: one core, or one for each way of writing a number."""

    original: str
    text: str
    cores: tuple[MarkedPart, ...]

    def is_in(self, message: str) -> bool:
        """Tell whether a message quotes it."""
        return any(core.text in message for core in self.cores)


def sentinel(text: str, number: int, *, numeric: bool = False) -> Mark | None:
    """Return the sentinel with this number (1 to 99,999) for `text`, or None for what must not be changed.

    That is a boolean, a null or an empty text. `numeric` says that the text is a number to YAML, and has to stay one.
    """
    if not text.strip() or "\n" in text or text.lower() in _SWITCHES:
        return None
    if numeric and (old := number_texts(text)):
        return _number(old, number)
    repository, *others = parts_of(text)
    if others:
        numbers = (number, number + _APART)
        mark = _marked(text, [(part, _core(text[part[0] : part[1]], each)) for part, each in zip(others, numbers, strict=False)])
        return with_repository(mark, text[: repository[1]], f"zr{number:05d}")
    start, end, core = _core(text, number)
    return Mark(text, text[:start] + core + text[end:], (MarkedPart(core, text[start:end], start),)) if start < end else None


def parts_of(text: str) -> list[Span]:
    """Return where the parts of an image reference with a tag or digest stand, each of which may decide without the others."""
    reference = read_reference(text)[0] if ":" in text and not text.startswith(("sha256:", "sha512:")) else None
    if reference is None or not (reference.tag or reference.digest):
        return [(0, len(text))]
    return [span for span in (reference.repository_span, reference.tag_span, reference.digest_span) if span]


def _marked(text: str, cores: Sequence[tuple[Span, tuple[int, int, str]]]) -> Mark:
    """Change several parts of a text."""
    changed, last, parts = "", 0, []
    for (begin, stop), (start, end, core) in cores:
        if start < end:
            changed += text[last : begin + start] + core
            last = begin + end
            parts.append(MarkedPart(core, text[begin + start : begin + end], begin + start, (begin, stop)))
    return Mark(text, changed + text[last:], tuple(parts))


def whole(text: str, other: str) -> Mark:
    """Return the sentinel that writes an `other` text, which has to be found as a whole."""
    return Mark(text, other, (MarkedPart(other, text, 0),))


def variations(text: str) -> Iterator[str]:
    """Yield texts of the same length that differ as little as can be: in the last letter or digit; in all of them."""
    last = next((at for at in range(len(text) - 1, -1, -1) if text[at].isalnum() and text[at].isascii()), None)
    if last is not None:
        yield text[:last] + _next(text[last]) + text[last + 1 :]
        yield "".join(map(_next, text))


def _next(character: str) -> str:
    """The next character of the same kind; hex digits stay hex digits, and none of them becomes the e of an exponent."""
    for kind in ("0123456789", "abcdf", "ghijklmnopqrstuvwxyz", "ABCDF", "GHIJKLMNOPQRSTUVWXYZ"):
        if character in kind:
            following = kind[(kind.index(character) + 1) % len(kind)]
            return "1" if following == "0" else following
    return {"e": "f", "E": "F"}.get(character, character)


def _number(old: tuple[str, ...], number: int) -> Mark:
    """A whole number as long as helm prints it alike; a fraction keeps its whole part."""
    whole, point, _ = old[1].partition(".")
    long = "e" in old[1]
    places = 3 if number < 1000 and len(whole) < _SHORT_WHOLE else 5
    text = f"{whole}.9{number:0{places}d}1" if point and not long else str((8_000_000 if long else 700_000) + number)
    new = number_texts(text)
    assert new is not None
    pairs = [*zip(new, old, strict=True), (string_text(text) or text, string_text(old[0]) or old[0])]
    return Mark(old[0], text, tuple(dict.fromkeys(MarkedPart(each, was, 0) for each, was in pairs)))


def _core(text: str, number: int) -> tuple[int, int, str]:
    if match := _DIGEST.search(text) or _last(_SHA, text):
        return match.start(), match.end(), _hex(number, match.end() - match.start())
    if match := _VERSION.search(text):
        return match.start(1), match.end(1), str(9_000_000 + number)
    if match := _COUNTED.search(text):
        return match.start(1), match.end(1), str(700_000 + number)
    if match := _HOST.search(text):
        return match.start(1), match.end(1), f"zq{number:05d}"
    if ":" in text.rpartition("/")[2]:
        return _reference(text, number)
    start, end = _last_word(text)
    return (start, end, f"zq{number:05d}") if start < end else (0, 0, "")


def _last_word(text: str) -> tuple[int, int]:
    """Where the word at the end of a text begins and ends; a line break behind it does not count. Equal where there is none."""
    line = text[:-1] if text.endswith("\n") else text
    word = line[len(line.rstrip(_OF_A_WORD)) :].lstrip("._-")
    return len(line) - len(word), len(line)


def _reference(text: str, number: int) -> tuple[int, int, str]:
    """An image reference in one scalar: its tag changes, and keeps its shape."""
    colon = text.rindex(":")
    start, end, core = _core(text[colon + 1 :], number)
    return colon + 1 + start, colon + 1 + end, core


def with_repository(mark: Mark, repository: str, word: str) -> Mark:
    """Return a sentinel in which the last word of the `repository` is changed as well, with which the text begins."""
    start, end = repository.rfind("/") + 1, len(repository)
    behind = [core for core in mark.cores if core.offset > end]
    before = [core for core in mark.cores if core.offset < end]
    rest = mark.text[end + sum(len(core.text) - len(core.stands_for) for core in before) :]
    within = (0, end) if len(repository) < len(mark.original) else None
    return Mark(mark.original, mark.original[:start] + word + rest, (MarkedPart(word, repository[start:], start, within), *behind))


def behind_repository(mark: Mark | None, repository: str) -> Mark | None:
    """Return a sentinel that leaves the `repository` as it is, with which the text begins; None where there is nothing else."""
    behind = tuple(core for core in mark.cores if core.offset > len(repository)) if mark else ()
    if mark is None or not behind:
        return None
    grown = sum(len(core.text) - len(core.stands_for) for core in mark.cores if core not in behind)
    return Mark(mark.original, repository + mark.text[len(repository) + grown :], behind)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(text))), None)


def _hex(number: int, length: int) -> str:
    """Hex digits of which the first seven are nobody else's; a letter before a digit, so that no reader takes them for a number."""
    digits = "".join(hashlib.sha512(f"agentslint {number} {part}".encode()).hexdigest() for part in range(2))
    return (f"{'abcdf'[number % 5]}{number % 10}{number:05x}" + digits)[:length]


def of_same_shape(scalar: AuthoredScalar) -> Iterator[str]:
    """Yield what to write in the place of a scalar, in its style; the next one is for templates and schemas that refuse the one before."""
    text, plain = scalar.text, scalar.style == "plain"
    if flipped := _FLIPPED.get(text.lower()):
        yield flipped.capitalize() if text.istitle() else flipped
    elif plain and _NUMBER.fullmatch(text):
        yield str(int(text) + 1)
    else:
        mark = sentinel(text, 1, numeric=plain and number_texts(text) is not None)
        offered = [*([mark.text] if mark else []), *variations(text)]
        yield from (scalar.written(other) for other in dict.fromkeys(offered))


def of_another(scalar: AuthoredScalar) -> Iterator[str]:
    """Yield what to write for templates that do not look at a text closely, but at whether there is one: nothing, or zero."""
    plain = scalar.style == "plain"
    if scalar.text.lower() in _FLIPPED:
        return
    if plain and _NUMBER.fullmatch(scalar.text):
        yield "0" if int(scalar.text) else "2"
    elif scalar.style in ONE_LINE:
        yield scalar.empty
