"""Images in the `helm.parameters` of an Argo CD Application: `image.repository` and `image.tag` are two entries of a list.

They are laid over the values beside them, as `helm --set` does, and the result is searched like any other values. Each part of
an image that is found there stands where its parameter is written.

https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-parameters; `SplitName` in pkg/strvals of Helm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.images.inner_documents import InnerDocument
from agentslint.images.tag_beside import with_tag_beside
from agentslint.images.use import ImageUse
from agentslint.model import Manifest, Pointer

_DEEPEST = 30
_LONGEST = 200_000
_STEP = re.compile(r"((?:\\.|[^.\\\[])*)((?:\[\d{1,3}\])*)(?:\.|$)")
Guess = Callable[[InnerDocument], Iterator[ImageUse]]


class LaidValues(Struct, frozen=True):
    """The values of a chart with parameters laid over them.

    `places` say where each parameter is written; `under` is where the values below them are, None where that is a text without places.
    """

    body: Mapping[Any, Any]
    places: Mapping[Pointer, Pointer]
    under: Pointer | None

    def holds(self, pointer: Pointer) -> bool:
        """Tell whether a place belongs to the values below the parameters, which are searched together with them."""
        return self.under is not None and pointer[: len(self.under)] == self.under

    def uses(self, manifest: Manifest, guess: Guess) -> Iterator[ImageUse]:
        """Yield the images, each where it is written in the manifest; those of a text only where a parameter has a part in them."""
        values = Manifest(manifest.target, manifest.index, "", 1, head=manifest.head, body=self.body)
        for found in guess(InnerDocument(values, (), self.body, (), placeholders=True)):
            use = with_tag_beside(found)
            if moved := self._moved(use):
                pod = (*self.under, *use.pod) if use.pod is not None and self.under is not None else None
                yield replace(moved, manifest=manifest, pod=pod)

    def _moved(self, use: ImageUse) -> ImageUse | None:
        parts = use.parts
        own = [use.pointer] if parts is None else [each for each in (parts.tag, parts.digest, parts.repository) if each]
        set_here = [self.places[each] for each in own if each in self.places]
        if self.under is None and not set_here:
            return None

        def place(pointer: Pointer) -> Pointer:
            return self.places.get(pointer) or ((*self.under, *pointer) if self.under is not None else set_here[0])

        if parts is None:
            return replace(use, pointer=place(use.pointer))
        repository = place(parts.repository)
        moved = replace(
            parts,
            owner=place(parts.owner),
            repository=repository,
            tag=place(parts.tag) if parts.tag else None,
            digest=place(parts.digest) if parts.digest else None,
            whole=parts.whole or parts.repository in self.places or self.under is None,
        )
        return replace(use, pointer=repository, parts=moved)


def text_uses(helm: Mapping[Any, Any], pointer: Pointer, manifest: Manifest, guess: Guess) -> Iterator[ImageUse]:
    """Yield the images in the text of `values`, each at its column in the text, where nothing is laid over it."""
    text = helm.get("values")
    if helm.get("parameters") or isinstance(helm.get("valuesObject"), Mapping) or not isinstance(text, str) or len(text) > _LONGEST:
        return
    from agentslint.yamlread import YamlError, compose, scalars, value

    try:
        node: Any = next(iter(compose(text, "", duplicate_keys=True)), None)
        body: Any = value(node)
    except YamlError:
        return
    if not isinstance(body, Mapping):
        return
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    places = {each.pointer: starts[each.region.start_line - 1] + each.region.start_column - 1 for each in scalars(node)}
    values = Manifest(manifest.target, manifest.index, "", 1, head=manifest.head, body=body)
    for found in guess(InnerDocument(values, (), body, (), placeholders=True)):
        if use := _in_text(with_tag_beside(found), text, places):
            yield replace(use, manifest=manifest, pointer=(*pointer, "values"), pod=None)


def _in_text(use: ImageUse, text: str, places: Mapping[Pointer, int]) -> ImageUse | None:
    """The use with spans in a longer text. Where a part is folded its column is not known: then it is skipped."""
    reference, parts = use.reference, use.parts
    if reference is None or (start := places.get(use.pointer)) is None:
        return None
    start += text.startswith(('"', "'"), start)
    if parts is None:
        return replace(use, start=start) if text.startswith(use.text, start) else None

    def span(pointer: Pointer | None, part: str | None) -> tuple[int, int] | None:
        at = (
            -1
            if pointer is None or not part or pointer not in places
            else text.find(part, places[pointer], places[pointer] + 1 + len(part))
        )
        return (at - start, at - start + len(part or "")) if at >= 0 else None

    tag, digest = span(parts.tag, reference.tag), span(parts.digest, reference.digest)
    if (parts.tag and not reference.tag and not reference.digest) or any(each and each not in places for each in (parts.tag, parts.digest)):
        return None  # A tag that is no text is said to be so elsewhere.
    written = re.compile(r"[^\s\"',}#]*").match(text, start)
    spans = replace(reference, repository_span=(0, len(written[0]) if written else 0), tag_span=tag, digest_span=digest)
    return replace(use, reference=spans, start=start, parts=None)


def laid_values(helm: Mapping[Any, Any], pointer: Pointer) -> LaidValues | None:
    """Return the values of a source's `helm` with its parameters over them; None where it has no parameters."""
    listed = helm.get("parameters")
    if not isinstance(listed, list) or not listed:
        return None
    body, under = _values(helm, pointer)
    places: dict[Pointer, Pointer] = {}
    for number, entry in enumerate(listed):
        name, text = (entry.get("name"), entry.get("value")) if isinstance(entry, Mapping) else (None, None)
        steps = _steps(name) if isinstance(name, str) else ()
        if steps and isinstance(text, str):
            body = _with(body, steps, text)
            places[steps] = (*pointer, "parameters", number, "value")
    return LaidValues(body, places, under) if places and isinstance(body, Mapping) else None


def _values(helm: Mapping[Any, Any], pointer: Pointer) -> tuple[Any, Pointer | None]:
    """The values below the parameters, and where they are: `valuesObject` takes the place of the text in `values`."""
    written, text = helm.get("valuesObject"), helm.get("values")
    if isinstance(written, Mapping):
        return written, (*pointer, "valuesObject")
    if not isinstance(text, str) or len(text) > _LONGEST:
        return {}, None
    from agentslint.yamlread import YamlError, compose, value

    try:
        body: Any = next(map(value, compose(text, "", duplicate_keys=True)), {})
    except YamlError:
        body = {}
    return body if isinstance(body, Mapping) else {}, None


def _steps(name: str) -> Pointer:
    """Read `containers[0].image`; a dot behind a backslash belongs to its key. Empty for what is no such name."""
    steps: list[str | int] = []
    at = 0
    while at < len(name) and len(steps) < _DEEPEST:
        found = _STEP.match(name, at)
        if found is None or not found[1]:
            return ()
        steps.append(re.sub(r"\\(.)", r"\1", found[1]))
        steps += [int(number) for number in re.findall(r"\d+", found[2])]
        at = found.end()
    return tuple(steps) if at >= len(name) else ()


def _with(node: Any, steps: Pointer, leaf: str) -> Any:
    """Return a value with a leaf set in it; the value itself stays as it is. A list has no gaps."""
    if not steps:
        return leaf
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        old = node if isinstance(node, Mapping) else {}
        return {**old, step: _with(old.get(step), rest, leaf)}
    items = list(node) if isinstance(node, list) else []
    if step > len(items):
        return node
    return [*items[:step], _with(items[step] if step < len(items) else None, rest, leaf), *items[step + 1 :]]
