"""Why a render failed, in one sentence and at the place that a person can mend."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from agentslint.authorship.lines import folder_of
from agentslint.credentials import dropped
from agentslint.model import RenderFailure, Target, TemplateCall
from agentslint.render.failures.cause import cause
from agentslint.render.failures.failing import Failing
from agentslint.render.failures.helm_wording import in_words_of_helm_3
from agentslint.render.failures.trail import follow
from agentslint.render.failures.where_to_mend import locate, related

__all__ = ["explain", "relative_paths", "whole", "without_secrets"]

_NEWLINE = r"(?:\n|\\n)"
"""A line break, which may be escaped: kustomize quotes the messages of components, also nested."""
_CONFIGURED = re.compile(rf"with config: `(?={_NEWLINE})")
_CONFIGURED_TO = re.compile(rf"{_NEWLINE}`")
_PATCH = re.compile(r"patch from \[patch: (?=\\*\")")
_PATCH_TO = re.compile(r"\"\]")
_PRINTED = re.compile(rf"{_NEWLINE}Helm template:{_NEWLINE}")
_PRINTED_TO = re.compile(rf"(?={_NEWLINE}: unable to run: )")
_LITERALS = re.compile(r"(?<=literal sources )\[(?!\.\.\.\])|(?<=invalid literal source )(?!\(\.\.\.\))(?=.)")
_LITERALS_TO = re.compile(r", expected key=value")
_ALIAS = re.compile(r"unknown anchor '(?:[^'\n]|'(?! referenced)){0,1000}' referenced")
"""In a Secret an unquoted value that begins with a star is an alias."""
_NODE = re.compile(r": node contents:")
_NODE_TO = re.compile(r"\Z")
_OBJECT = re.compile(r"map\[string\]interface \{\}\{(?=\\*\"apiVersion)")
_OBJECT_TO = re.compile(r"\}(?=: json: )")
_DUMP = re.compile(r"\[\{\\*\"apiVersion")
_DUMP_TO = re.compile(r"\}\]")
_DUMPED_KIND = re.compile(r'"kind\\*":\\*"(\w+)\\*",\\*"metadata\\*":\{')
_DUMPED_NAME = re.compile(r'"name\\*":\\*"([^"\\]+)')
_EXAMINED = 1 << 15
"""Characters of a message's beginning and of its end that are looked at: a chart may print anything, and the cause stands at either."""
_WARNINGS = re.compile(r"^(?:# Warning:|WARNING:).*\n?", re.M)
_INLINE_VALUES = re.compile(r"values-\d+/values-\d+\.yaml")
"""The file of ours in which values that stand in a deployer's object are given to helm."""
_TEMPORARY = re.compile(r"(?<!\S)\S*/kustomize-(?:helm-)?\d+/")


def explain(target: Target, stderr: str, rendered_from: Path, call: TemplateCall | None = None, output: bytes = b"") -> RenderFailure:
    """Turn the renderer's message into a located failure.

    `rendered_from` is the root that its paths begin with; `call` the last chart that helm was given, `output` what helm printed for it.
    """
    text = relative_paths(stderr.strip(), rendered_from, target.root)
    said = re.sub(r"^(?:Error: )+", "", _WARNINGS.sub("", in_words_of_helm_3(_ends(_without_dumps(text)))).strip())
    failing = Failing(target, said, follow(said, folder_of(target.file)), call, output)
    placed = locate(failing)
    message = cause(without_secrets(_TEMPORARY.sub("", _INLINE_VALUES.sub("the deployer's values", failing.trail.cause))))
    beside = (*placed.related, *related(failing, placed.location))
    return RenderFailure(target, "kustomize", message, placed.location, whole(text), beside, placed.certainty)


def whole(text: str) -> str:
    """The part of a renderer's output that --verbose shows."""
    return _ends(without_secrets(text.strip()))


def _without_dumps(text: str) -> str:
    """A long text without the documents quoted in it, so that the cause survives the cut; the finders need a chart's name."""
    if len(text) <= 2 * _EXAMINED:
        return text
    text = _without(text, _CONFIGURED, _CONFIGURED_TO, _name_alone)
    text = _without(text, _PATCH, _PATCH_TO, "patch from (...)", last=True)
    text = _without(text, _PRINTED, _PRINTED_TO, "")
    text = _without(text, _OBJECT, _OBJECT_TO, _name_of, last=True)
    return _without(text, _DUMP, _DUMP_TO, _names, last=True)


def _name_alone(configuration: str) -> str:
    named = re.search(rf"{_NEWLINE}name: (\S+?)(?={_NEWLINE})", configuration)
    return f"with config: `\nname: {named[1]}\n`" if named else "with config: (...)"


def _ends(text: str) -> str:
    """The beginning and the end of a long text."""
    return text if len(text) <= 2 * _EXAMINED else f"{text[:_EXAMINED]}\n...\n{text[-_EXAMINED:]}"


def relative_paths(text: str, *roots: Path) -> str:
    """Cut the roots (also as the system resolves them) off every path in `text`."""
    for root in dict.fromkeys(str(variant) for each in roots for variant in (each, each.resolve())):
        text = re.sub(rf"(?<![\w./-]){re.escape(root)}/", "", text)
        text = re.sub(rf"(?<![\w./-]){re.escape(root)}(?=['\"\s:]|$)", ".", text)
    return text


def without_secrets(text: str) -> str:
    """Drop passwords from URLs, and texts that may hold values of Secrets: quoted configurations, patches and resources."""
    text = _ALIAS.sub("unknown anchor referenced by an alias", dropped(text))
    text = _without(text, _LITERALS, _LITERALS_TO, "(...), expected key=value", last=True)
    text = _without(text, _CONFIGURED, _CONFIGURED_TO, "with config: (...)")
    text = _without(text, _PATCH, _PATCH_TO, "patch from (...)", last=True)
    text = _without(text, _PRINTED, _PRINTED_TO, "")
    text = _without(text, _NODE, _NODE_TO, "")
    text = _without(text, _OBJECT, _OBJECT_TO, _name_of, last=True)
    return _without(text, _DUMP, _DUMP_TO, _names, last=True)


def _without(text: str, start: re.Pattern[str], end: re.Pattern[str], kept: str | Callable[[str], str], *, last: bool = False) -> str:
    """Replace what lies between two marks, each looked for once from where the other was; one that has no end goes on to the end.

    With `last` all goes up to the last end, since the marks may occur in the printed text. `kept` may be made of the part that is left out.
    """
    parts: list[str] = []
    position = 0
    while begun := start.search(text, position):
        parts.append(text[position : begun.start()])
        ended = end.search(text, begun.end())
        while last and ended and (later := end.search(text, ended.end())):
            ended = later
        position = ended.end() if ended else len(text)
        parts.append(kept if isinstance(kept, str) else kept(text[begun.start() : position]))
    return "".join(parts) + text[position:]


def _names(dump: str) -> str:
    """The objects of a dump, `Kind/name`."""
    names: list[str] = []
    kinds = list(_DUMPED_KIND.finditer(dump))
    for kind, following in zip(kinds, [*(each.start() for each in kinds[1:]), len(dump)], strict=False):
        if name := _DUMPED_NAME.search(dump, kind.end(), following):
            names.append(f"{kind[1]}/{name[1]}")
    return ", ".join(names)


def _name_of(printed: str) -> str:
    """The object that Go printed as a map, `Kind/name`."""
    kind, name = (re.search(rf'[{{ ]\\*"{key}\\*":\\*"([^"\\]+)', printed) for key in ("kind", "name"))
    return f"{kind[1] if kind else 'an object'}{f'/{name[1]}' if name else ''}"
