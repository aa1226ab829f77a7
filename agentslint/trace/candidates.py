"""The scalars that may have made a field's text: those whose text is in it, or (cut by a template) the other way round."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from agentslint.authorship.allowed import is_telling
from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.embedded import Passage, in_passage, in_template
from agentslint.experiment.marks import SHORTEST_CUT
from agentslint.facts.template_files import folders_with_helpers, template_file
from agentslint.images.reference import Span, read_reference
from agentslint.model import Field
from agentslint.trace.asked import Asked
from agentslint.trace.conditions import compared_values, holding
from agentslint.trace.template_literals import literal_scalar
from agentslint.yamlread.numbers import number_texts, string_text

_WORD = re.compile(r"[\w./:@+-]+")
_NUMERIC = tuple("0123456789+-.")
"""The first characters of numbers in YAML."""
_SHORTEST_PART = 3
"""Characters of a text that is in another one by more than chance."""
_SHORTEST_REST = 4
"""Characters that a template must have left of a scalar."""
_LONGEST_SEARCHED = 20_000
"""Lines of a passage that is still searched."""


class Candidates:
    """Finds them among the scalars of one target."""

    def __init__(self, changeable: ChangeableScalars) -> None:
        self.changeable = changeable
        self._compared: dict[str, list[AuthoredScalar]] = {}
        self._files: dict[str, list[str]] = {}
        self._by_text: dict[str, list[AuthoredScalar]] = {}
        for scalar in changeable.scalars:
            for text in (*texts_of(scalar), *image_parts(scalar.text)):
                self._by_text.setdefault(text, []).append(scalar)

    def scalars(self, one: Asked) -> list[AuthoredScalar]:
        """Return the scalars of values, manifests and settings whose text is in the parts of the field that are asked for."""
        cut = [part for part in (one.context, *one.parts) if len(part) >= SHORTEST_CUT and any(map(str.isdigit, part))]
        texts = [text for text in self._by_text if is_within(text, one.text, one.spans) or any(part in text for part in cut)]
        found = dict.fromkeys(scalar for text in texts for scalar in self._by_text[text])
        return [scalar for scalar in found if len(scalar.text) >= _SHORTEST_PART or scalar.text in one.parts or is_telling(scalar.key)]

    def is_likely(self, scalar: AuthoredScalar, one: Asked) -> bool:
        """Whether a scalar is more than a word that happens to occur: tried first, since a changed word may change the shape."""
        if scalar.path.endswith("Chart.yaml") and scalar.key == "version":
            return False
        return _has_marks(scalar.text) or scalar.text in one.parts or is_telling(scalar.key) or scalar.key == one.place.pointer[-1]

    def cut(self, one: Asked) -> list[AuthoredScalar]:
        """Return the scalars whose beginning or end may be left after a template."""
        parts = [part for part in one.parts if len(part) >= _SHORTEST_REST]
        texts = [text for text in self._by_text if any(text.startswith(part) or text.endswith(part) for part in parts)]
        return [scalar for text in texts for scalar in self._by_text[text]]

    def literals(self, one: Asked, left: Iterable[Span], template: str, known: Collection[AuthoredScalar]) -> list[AuthoredScalar]:
        """Return texts in templates and passages that may have made the parts that nothing else explains.

        For each part the longest texts that stand anywhere, and the one that stands at the path of the field, however short it is;
        those that are `known` were tried before.
        """
        found: list[AuthoredScalar] = []
        for span in left:
            for piece in _pieces(one, span):
                hits = [*self._in_templates(template, piece), *self._in_passages(piece)]
                if new := [scalar for scalar in hits if scalar not in known]:
                    found += new
                    break
        own = self._literal(one.place, template)
        if own and own not in known and own.place not in {scalar.place for scalar in found}:
            found.append(own)
        return list({scalar.place: scalar for scalar in found}.values())

    def compared(self, template: str) -> list[AuthoredScalar]:
        """Return the scalars that a template, or a helper of its chart, compares with something, as far as they may be about an image.

        What chooses between kinds of workloads or presets is none of these.
        """
        if template not in self._compared:
            texts = ["\n".join(self.changeable.lines(path)) for path in self._template_files(template)]
            paths = {path for text in texts for path in compared_values(text)}
            found = holding(self.changeable.scalars, paths) if paths else []
            about_images = [scalar for scalar in found if _has_marks(scalar.text) and not scalar.text.isdigit()]
            self._compared[template] = about_images + [scalar for scalar in found if is_telling(scalar.key) and scalar not in about_images]
        return self._compared[template]

    def _literal(self, place: Field, template: str) -> AuthoredScalar | None:
        path = next(iter(self._template_files(template)), "")
        return literal_scalar(path, self.changeable.lines(path), place) if path else None

    def _in_templates(self, template: str, wanted: str) -> Iterator[AuthoredScalar]:
        for path in self._template_files(template):
            yield from in_template(path, self.changeable.lines(path), wanted)

    def _template_files(self, template: str) -> list[str]:
        """The template that made a manifest and the helpers of its chart; none where that is not a local chart."""
        if template not in self._files:
            target = self.changeable.target
            own = template_file(target, template)
            helpers = [path for folder in folders_with_helpers(target, template) for path in self._helpers(folder)]
            self._files[template] = list(dict.fromkeys([own, *helpers])) if own else []
        return self._files[template]

    def _helpers(self, folder: str) -> list[str]:
        root = self.changeable.target.root
        paths = sorted((root / folder).glob("**/templates/**/*"))
        return [path.relative_to(root).as_posix() for path in paths if is_helper(path.name)]

    def _in_passages(self, wanted: str) -> Iterator[AuthoredScalar]:
        for passage in self.changeable.passages:
            if passage.last - passage.first < _LONGEST_SEARCHED:
                yield from in_passage(passage, self.changeable.lines(passage.path), wanted)
        for scalar in self.changeable.scalars:
            if "{{" in scalar.text:
                line = scalar.region.start_line
                inside = in_passage(Passage(scalar.path, line, line, scalar.key_path), self.changeable.lines(scalar.path), wanted)
                yield from (one for one in inside if one.region.start_column >= scalar.region.start_column)


def is_helper(name: str) -> bool:
    """Whether a template is there to be included by others."""
    return name.endswith(".tpl") or name.startswith("_")


def texts_of(scalar: AuthoredScalar) -> tuple[str, ...]:
    """The texts that a field may hold of a scalar: its own, and for an unquoted number those that a template prints."""
    numbers = number_texts(scalar.text) if scalar.style == "plain" and scalar.text[:1] in _NUMERIC else None
    string = string_text(scalar.text) if numbers and scalar.path.endswith("Chart.yaml") else None
    return tuple(dict.fromkeys((*(numbers or (scalar.text,)), *([string] if string else ()))))


def image_parts(text: str) -> tuple[str, ...]:
    """Of an image that `images:` or a replacement rewrites, only a part may be left in the field."""
    reference = read_reference(text)[0] if ":" in text else None
    return tuple(part for part in (reference.repository, reference.tag, reference.digest) if part) if reference else ()


def _has_marks(text: str) -> bool:
    return len(text) >= _SHORTEST_PART and any(character in ":/" or character.isdigit() for character in text)


def is_within(part: str, whole: str, spans: Iterable[Span] | None = None) -> bool:
    """Tell whether one text is in the other, at boundaries of words (1.4.2 is in v1.4.2), and reaches into one of `spans`."""
    spans = [(0, len(whole))] if spans is None else list(spans)
    at = whole.find(part) if any(map(str.isalnum, part)) else -1
    while at >= 0:
        end = at + len(part)
        before, after = whole[at - 1 : at] if at else "", whole[end : end + 1]
        before = "" if before == "v" and part[0].isdigit() and not whole[at - 2 : at - 1].isalnum() else before
        inside_words = (before.isalnum() and part[0].isalnum()) or (after.isalnum() and part[-1].isalnum())
        if not inside_words and any(start < end and at < last for start, last in spans):
            return True
        at = whole.find(part, at + 1)
    return False


def _pieces(one: Asked, span: Span) -> list[str]:
    """The texts that a template may hold of a part of a field, the longest first: the whole image, the part, and parts of that."""
    word = next((match.span() for match in _WORD.finditer(one.text) if match.start() <= span[0] and span[1] <= match.end()), span)
    pieces = [one.text[word[0] : word[1]], one.text[span[0] : span[1]]]
    for start, end in dict.fromkeys((word, span)):
        reference, _ = read_reference(one.text[start:end])
        if reference and start + reference.repository_span[0] < span[1] and span[0] < start + reference.repository_span[1]:
            pieces += [reference.repository, reference.path, reference.repository.rpartition("/")[2]]
    return sorted({piece for piece in pieces if len(piece) > 1 and piece.strip()}, key=len, reverse=True)
