from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentslint.rule import (
    Annotated,
    Finding,
    Level,
    Meta,
    Pointer,
    RenderedTarget,
    Rule,
    RuleOptions,
    Setting,
    dotted,
    operated_key,
    setting_name,
)

from .came_out import came_out, in_values
from .texts import helm_texts, is_empty, other_texts

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class NumericTag(Rule):
    """An unquoted tag or git SHA that YAML reads as a number, a boolean or a date.

    ## Why
    A chart does not render such a number as it is written: `tag: 72044e0` becomes 72044, `0123456` becomes 42798, `12345678` becomes
    1.2345678e+07, `1.10` becomes 1.1. About one abbreviated SHA in twenty is such a number, so the promotion that breaks comes after
    many that worked, and runs an image that does not exist or, with `1.10`, another one. `tag: on` becomes true, and `2024-05-01`
    becomes a point in time where kustomize reads it. `tag: off` and `tag: 0e12345` are false and zero, for which a template's `default`
    comes out.

    The rule checks values files, `valuesInline`, the defaults of charts and subcharts, `appVersion`, patches, and the values that a
    resource hands to a Helm release (HelmRelease, Application, HelmChart, Bundle): as an object, as a text, and one by one. A value
    that is rendered as it is written is not reported, and neither is an unquoted number in `newTag`: kustomize rejects it, and
    `render-error` reports it.

    Of an application that is judged as it is deployed, the render shows the number. A parameter of an Application is a text, which
    `helm --set` reads in its own way: `1.20`, `0123` and `72044e0` stay as they are.

    ## Fix
    Quote it: `tag: "72044e0"`.

    ## References
    - https://yaml.org/type/int.html
    - https://yaml.org/type/float.html
    - https://yaml.org/type/bool.html
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
        found: set[AuthoredScalar] = set()
        for scalar in target.overrides:
            if scalar.style != "plain" or not self._counts(scalar, target.settings.get(scalar)):
                continue
            texts = other_texts(scalar)
            if texts and (shown := came_out(target, scalar, texts)):
                text, place = shown
                found.add(scalar)
                message = f"{self._said(scalar, setting_name(scalar))} and {place.manifest.resource} gets {text}"
                yield self.finding(scalar.location(), message, target=target.target, related=[(place, f"rendered as {text}")])
            elif is_empty(scalar.text):
                yield from self._taken_for_empty(target, scalar)
        yield from self._in_resources(target, found)
        yield from self._in_texts(target)

    def _taken_for_empty(self, target: RenderedTarget, scalar: AuthoredScalar) -> Iterator[Finding]:
        """A tag that does not come out at all, since the template has a `default` for false and zero."""
        with_it = re.compile(rf"(?<![\w.-]){re.escape(scalar.text)}(?![\w.-])")
        for use, text in target.images_if_quoted(scalar) or ():
            if with_it.search(text) and not with_it.search(use.text):
                said = f"{self._said(scalar, setting_name(scalar))}, the chart takes it for empty"
                message = f"{said}, and {use.manifest.resource} gets {use.text}"
                yield self.finding(scalar.location(), message, target=target.target, related=[(use.field, "rendered with a default")])
                return

    def _in_resources(self, target: RenderedTarget, found: set[AuthoredScalar]) -> Iterator[Finding]:
        """Values of releases that stand in resources: the chart is rendered in the cluster, so its text is known, not seen."""
        for scalar, value, text in in_values(target):
            if scalar not in found and self._is_value_counted(scalar, value.path, target):
                place = value.field
                whose = "" if text == str(place.value) else "the chart of "
                message = f"{self._said(scalar, dotted(value.path))} and {whose}{place.manifest.resource} gets {text}"
                yield self.finding(scalar.location(), message, target=target.target, related=[(place, f"rendered as {place.value}")])

    def _is_value_counted(self, scalar: AuthoredScalar, path: Pointer, target: RenderedTarget) -> bool:
        """A single key may be the whole way to a value: `image.tag`, as helm's `--set` has it."""
        name = str(path[-1])
        whole = name.rpartition(".")[2] if "." in name or scalar.key == "value" else ""
        return self._is_counted(scalar.key, target.setting(scalar)) or self._is_tag_or_counted(whole)

    def _in_texts(self, target: RenderedTarget) -> Iterator[Finding]:
        for value in target.release_values:
            texts = helm_texts(value.text) if self._is_tag_or_counted(value.key) else None
            if texts:
                said = f"{value.key}: {value.text} is not quoted, so YAML reads it as {_sort(value.text)}"
                yield self.finding(value.field, f"{said} and the chart of {value.field.manifest.resource} gets {texts[0]}")

    def _said(self, scalar: AuthoredScalar, name: str) -> str:
        return f"{name}: {scalar.text} is not quoted, so YAML reads it as {_sort(scalar.text)}"

    def _counts(self, scalar: AuthoredScalar, setting: Setting | None) -> bool:
        return self._is_counted(scalar.key, setting) or self._is_tag_or_counted(operated_key(scalar))

    def _is_tag_or_counted(self, key: str) -> bool:
        return key.lower().endswith("tag") or (bool(key) and self._is_counted(key, None))

    def _is_counted(self, key: str, setting: Setting | None) -> bool:
        return (setting is not None and setting.part == "tag") or any(re.search(f"{each}$", key) for each in self.options.keys)


def _sort(text: str) -> str:
    return "a boolean" if text.isalpha() else "a date" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "a number"
