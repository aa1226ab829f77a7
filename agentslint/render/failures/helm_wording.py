"""The messages of helm 4 in the words of helm 3, which `cause.py` and the finders of places read.

helm 4 writes a failing template over several lines, and logs an error before it prints it:

    Error: web/templates/job.yaml:2:10
      executing "web/templates/job.yaml" at <include "tag" .>:
        error calling include:
    web/templates/_names.tpl:2:10
      executing "tag" at <.Values.image.tag>:
        nil pointer evaluating interface {}.tag
"""

from __future__ import annotations

import re

_BREAK = r"(?:\n|\\{1,8}n)"
"""A line break, which may be escaped: kustomize quotes the messages of components."""
_FAILED = re.compile(
    rf'(?:{_BREAK}|(?<!\S))(?P<place>[^\s:\\"]{{1,300}}:\d{{1,9}}(?::\d{{1,9}})?){_BREAK} {{2}}'
    rf'(?P<executed>executing \\{{0,8}}"[^"\n]{{0,300}}?" at <.{{0,300}}?>:){_BREAK} {{4}}',
    re.S,
)
_VALUE = r'(?:"(?:[^"\\\n]|\\.){0,4000}"|\\{1,8}"[^"\n]{0,4000}"|[^\s"\\]{1,400})'
_LOGGED = re.compile(
    rf"(?<![\w=\"])(?:time=\S{{1,64}} )?level=[A-Z]{{1,9}} msg={_VALUE}(?: [\w.]{{1,64}}={_VALUE}){{0,9}}[ \t]{{0,9}}{_BREAK}"
)


def in_words_of_helm_3(text: str) -> str:
    """Return a message without logged lines, each template that fails on one line: `template: PLACE: executing "NAME" at <ACTION>: `."""
    return _FAILED.sub(_on_one_line, _LOGGED.sub("", text))


def _on_one_line(match: re.Match[str]) -> str:
    text = match.string
    between = " " if match.start() and not text[match.start() - 1].isspace() else ""
    return f"{between}template: {match['place']}: {match['executed']} "
