from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentslint.rule import (
    Annotated,
    Field,
    Finding,
    Level,
    Meta,
    RenderedTarget,
    Rule,
    RuleOptions,
    Setting,
    number_texts,
    setting_name,
)

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class NumericTag(Rule):
    """An unquoted tag or git SHA that YAML reads as a number.

    ## Why
    A chart does not render such a number as it is written: `tag: 72044e0` becomes 72044, `0123456` becomes 42798, `12345678` becomes
    1.2345678e+07, `1.10` becomes 1.1. About one abbreviated SHA in twenty is such a number, so the promotion that breaks comes after
    many that worked, and runs an image that does not exist or, with `1.10`, another one.

    A number that is rendered as it is written is not reported, and neither is an unquoted number in `newTag`: kustomize rejects it, and
    `render-error` reports it.

    ## Fix
    Quote it: `tag: "72044e0"`.

    ## References
    - https://yaml.org/type/int.html
    - https://yaml.org/type/float.html
    - https://github.com/helm/helm/issues/1707
    """

    level = Level.ERROR
    tags = ("images", "promotion")

    class Options(RuleOptions, frozen=True):
        keys: Annotated[
            tuple[str, ...],
            Meta(description="Regular expressions of further keys (matched at their end) with a version or a SHA."),
        ] = (r"(?i)sha", r"(?i)commit", r"(?i)revision", r"(?i)version")

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for scalar in target.overrides:
            counts = scalar.style == "plain" and self._counts(scalar, target.settings.get(scalar))
            texts = number_texts(scalar.text) if counts else None
            if texts and (found := _came_out(target, scalar, set(texts[1:]) - {texts[0]})):
                text, place = found
                message = (
                    f"{setting_name(scalar)}: {scalar.text} is not quoted, so YAML reads it as a number "
                    f"and {place.manifest.resource} gets {text}"
                )
                yield self.finding(scalar.location(), message, target=target.target, related=[(place, f"rendered as {text}")])

    def _counts(self, scalar: AuthoredScalar, setting: Setting | None) -> bool:
        return (setting is not None and setting.part == "tag") or any(re.search(f"{key}$", scalar.key) for key in self.options.keys)


def _came_out(target: RenderedTarget, scalar: AuthoredScalar, texts: set[str]) -> tuple[str, Field] | None:
    """The rendered number and its place: an image, or a field that is proven to come from the scalar."""
    for text in sorted(texts):
        images = [use.field for use in target.image_uses if re.search(rf":{re.escape(text)}(?=@|$)", use.text)]
        for place in (*images, *_fields(target, text)):
            origins = target.origins(place)
            if any(segment.scalar == scalar for segment in origins) or (place in images and not origins):
                return text, place
    return None


def _fields(target: RenderedTarget, text: str) -> Iterator[Field]:
    for manifest in target.manifests:
        for pointer, value in _leaves(manifest.body):
            if str(value) == text:
                yield Field(manifest, pointer)


def _leaves(body: Any, pointer: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    items = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for step, value in items:
        yield from _leaves(value, (*pointer, step))
    if not isinstance(body, dict | list):
        yield pointer, body
