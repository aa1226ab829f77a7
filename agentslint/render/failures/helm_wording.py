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

_BREAK = r"(?:\n|\\+n)"
"""A line break, which may be escaped: kustomize quotes the messages of components."""
_FAILED = re.compile(
    rf'(?:{_BREAK}|(?<!\S))(?P<place>[^\s:\\"]+:\d+(?::\d+)?){_BREAK} {{2}}'
    rf'(?P<executed>executing \\*"[^"\n]{{0,300}}?" at <.{{0,300}}?>:){_BREAK} {{4}}',
    re.S,
)
_VALUE = r'(?:\\*".{0,4000}?\\*"|[^\s"\\]+)'
_LOGGED = re.compile(rf"(?<![\w=\"])(?:time=\S+ )?level=[A-Z]+ msg={_VALUE}(?: [\w.]+={_VALUE}){{0,9}}\s*{_BREAK}")


def in_words_of_helm_3(text: str) -> str:
    """Return a message without logged lines, each template that fails on one line: `template: PLACE: executing "NAME" at <ACTION>: `."""
    return _FAILED.sub(_on_one_line, _LOGGED.sub("", text))


def _on_one_line(match: re.Match[str]) -> str:
    text = match.string
    between = " " if match.start() and not text[match.start() - 1].isspace() else ""
    return f"{between}template: {match['place']}: {match['executed']} "
