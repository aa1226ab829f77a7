"""Strings with templates -> their texts, all that a step needs at once: in the plain form here, else by helm."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from agentslint.deploy.helm_program import Helm
from agentslint.deploy.sets import plain
from agentslint.deploy.sets.actions import TemplateError
from agentslint.deploy.sets.functions import KNOWN
from agentslint.deploy.sets.helm import Failed, HelmError, Line, Printed, fill, random_names
from agentslint.deploy.sets.rewrite import UNKNOWN_FIELD, FieldChain, OtherwiseError, Rewritten, missing_key, rewritten
from agentslint.deploy.sets.simple import MissingError, filled_in, pieces

TRIES = 5
"""How many strings may fail after which the others are filled in again."""
_OPTIONS = {"default": "default", "invalid": "default", "zero": "zero", "error": "error"}
_SAYS_ITS_ERROR = ("error converting YAML to JSON", "error unmarshaling JSON")
_LACKING = re.compile(r'function "(\w+)" not defined')
NO_VALUE = "<no value>"


class Parameters(Struct, frozen=True):
    """The parameters of one element; of the mappings `text_maps` Argo CD knows that all values are texts."""

    values: Mapping[str, Any]
    text_maps: frozenset[FieldChain] = frozenset()


class Filled(Struct, frozen=True):
    """A text, or the reason why there is none: an error of Argo CD, or something that is not judged here."""

    text: str | None = None
    error: str = ""
    missing: bool = False
    """Whether the error is a key that is missing."""
    not_judged: str = ""

    @property
    def unfilled(self) -> bool:
        """Whether the text holds what Go prints for nothing."""
        return self.text is not None and NO_VALUE in self.text


FillingKey = tuple[str, str, str, frozenset[FieldChain]]
"""A template, its parameters as JSON, the option `missingkey`, and the mappings of texts."""


class Filler:
    """Fills in the strings of one set; `options` are its `goTemplateOptions`."""

    def __init__(self, go: bool, options: Sequence[str], helm: Helm | None) -> None:
        self.go, self.options, self.helm = go, options, helm
        self.names = random_names()
        self.known: dict[FillingKey, Filled] = {}
        self._remembered: dict[FillingKey, Filled] = {} if helm is None else helm.answers
        self._reads: dict[str, list[FieldChain]] = {}
        self._json: dict[int, tuple[Mapping[str, Any], str]] = {}
        missing = [option.partition("=")[2] for option in options if option.startswith("missingkey=")]
        self.missing = _OPTIONS.get(missing[-1] if missing else "default", "default")

    @property
    def bad_option(self) -> str:
        """An option that Go does not know: it ends the controller's work on the set."""
        known = {f"missingkey={name}" for name in _OPTIONS}
        return next((option for option in self.options if option not in known), "") if self.go else ""

    def names_in(self, template: str) -> list[FieldChain]:
        """Return the parameters that a template names, each as a pointer."""
        if "{{" not in template:
            return []
        if not self.go:
            return [(name,) for name in sorted(plain.names_in(template))]
        if template not in self._reads:
            found = self._rewritten(template, self.missing, frozenset())
            self._reads[template] = sorted(found.reads) if isinstance(found, Rewritten) else []
        return self._reads[template]

    def fill(self, wanted: Sequence[tuple[str, Parameters]], *, strict: bool = False) -> list[Filled]:
        """Fill in strings; with `strict` a missing key is an error whatever the options say."""
        if not self.go:
            return [_plainly(template, parameters) for template, parameters in wanted]
        missing = "error" if strict else self.missing
        answers = [_simply(template, parameters, missing) for template, parameters in wanted]
        keys = {
            number: (template, self._text(parameters.values), missing, parameters.text_maps)
            for number, (template, parameters) in enumerate(wanted)
            if answers[number] is None
        }
        self._fill_new({key: wanted[number][1] for number, key in keys.items() if key not in self.known and key not in self._remembered})
        return [each or self.known.get(keys[number]) or self._remembered[keys[number]] for number, each in enumerate(answers)]

    def _text(self, values: Mapping[str, Any]) -> str:
        """Return parameters as JSON; "" for those that JSON does not have."""
        if id(values) not in self._json:
            try:
                text = json.dumps(values, separators=(",", ":"), allow_nan=False)
            except (ValueError, RecursionError):
                text = ""
            self._json[id(values)] = (values, text)
        return self._json[id(values)][1]

    def _fill_new(self, new: Mapping[FillingKey, Parameters]) -> None:
        lines: dict[FillingKey, Line] = {}
        cached: dict[tuple[str, str, frozenset[FieldChain]], Rewritten | Filled] = {}
        for key, parameters in new.items():
            template, text, missing, text_maps = key
            shape = (template, missing, text_maps)
            if shape not in cached:
                cached[shape] = self._rewritten(*shape)
            found = cached[shape]
            if isinstance(found, Filled):
                self.known[key] = found
            elif refused := _refused(found, parameters):
                self.known[key] = refused
            elif not text:
                self.known[key] = Filled(not_judged="a parameter is not a value that JSON has")
            else:
                # helm would remove it from a parameter, too, unless that is printed as JSON, which escapes it.
                kept = text if "Json" in template else text.replace(NO_VALUE, self.names.nothing)
                lines[key] = Line(found.text, kept, found.records)
        self._ask(lines)

    def _rewritten(self, template: str, missing: str, text_maps: frozenset[FieldChain]) -> Rewritten | Filled:
        try:
            return rewritten(template, self.names, missing, text_maps)
        except TemplateError as error:
            return Filled(error=f"it cannot be parsed: {error}")
        except OtherwiseError as error:
            return Filled(not_judged=str(error))

    def _ask(self, lines: dict[FillingKey, Line]) -> None:
        """Ask helm, again without what failed; what it says is remembered for other expansions, too."""
        if lines and self.helm is None:
            self.known.update(dict.fromkeys(lines, Filled(not_judged="there is no helm to fill in templates")))
            return
        for _ in range(TRIES + 1):
            if not lines or self.helm is None:
                return
            keys = list(lines)
            try:
                said = fill(self.helm, self.names, list(lines.values()))
            except HelmError as error:
                self.known.update(dict.fromkeys(keys, Filled(not_judged=str(error))))
                return
            if not isinstance(said, Failed):
                self._remembered.update({key: self._outcome(each, key[0]) for key, each in zip(keys, said, strict=True)})
                return
            if said.line is None or said.line >= len(keys):
                self.known.update(dict.fromkeys(keys, Filled(not_judged=said.message)))
                return
            self._drop(lines, keys[said.line], said.message)
        self.known.update(dict.fromkeys(lines, Filled(not_judged=f"more than {TRIES} other templates fail")))

    def _drop(self, lines: dict[FillingKey, Line], failed: FillingKey, message: str) -> None:
        """Take out a string that fails: with all others of its template, where that cannot be parsed."""
        everywhere = "cannot parse template" in message or "parse error" in message
        for key in [key for key in lines if key == failed or (everywhere and key[0] == failed[0])]:
            del lines[key]
            self._remembered[key] = _failure(message)

    def _outcome(self, printed: Printed, template: str) -> Filled:
        if printed.note.endswith(UNKNOWN_FIELD):
            return Filled(not_judged=printed.note)
        if printed.note:
            return Filled(error=printed.note, missing=True)
        if "fromYaml" in template and any(words in printed.text for words in _SAYS_ITS_ERROR):
            return Filled(error=f"fromYaml fails: {printed.text.strip()}")
        return Filled(printed.text.replace(self.names.nothing, NO_VALUE))


def _simply(template: str, parameters: Parameters, missing: str) -> Filled | None:
    """Fill in a template that only prints parameters; None for others."""
    if "{{" not in template:
        return Filled(template)
    found = pieces(template)
    if found is None:
        return None
    try:
        text = filled_in(found, parameters.values)
    except MissingError as error:
        return Filled(error=missing_key(str(error)), missing=True) if missing == "error" else None
    return None if text is None else Filled(text)


def _plainly(template: str, parameters: Parameters) -> Filled:
    try:
        return Filled(plain.replaced(template, parameters.values))
    except plain.UnclosedError:
        return Filled(error="a {{ has no }}")


def _refused(found: Rewritten, parameters: Parameters) -> Filled | None:
    """Say that a function of mappings gets one whose values Argo CD knows to be texts."""
    wrong = next((chain for chain in sorted(found.of_maps) if chain in parameters.text_maps), None)
    if wrong is None:
        return None
    return Filled(error=f".{'.'.join(wrong)} holds texts alone, which functions like hasKey and dig refuse (use index)")


def _failure(message: str) -> Filled:
    """Say in one line why helm stopped: what it says after the last place."""
    if unknown := re.search(rf"the field \w+ {UNKNOWN_FIELD}", message):
        return Filled(not_judged=unknown[0])
    if "calling mustFromJson" in message:
        return Filled(not_judged="fromJson of a text that is no JSON")
    if (lacking := _LACKING.search(message)) and lacking[1] in KNOWN:
        return Filled(not_judged=f"this helm has no function {lacking[1]}")
    words = message
    for mark in ("error during tpl function execution for ", "cannot parse template ", "execution error at "):
        words = words.partition(mark)[2] or words
    words = words.rpartition(": executing ")[2].partition(" at ")[2] or words.rpartition("gotpl:")[2] or words.partition("): ")[2] or words
    node, closed, rest = words.partition(">: ")
    if closed and node.startswith("<"):
        words = rest  # Before it stands the action as it was rewritten.
    missing = "is missing" in words
    return Filled(error=words.strip() or message, missing=missing)
