"""Why a render failed, in one sentence and at the place that a person can mend."""

from __future__ import annotations

import re
from pathlib import Path

from agentslint.model import RenderFailure, Target, TemplateCall
from agentslint.render.cause import cause
from agentslint.render.failing import Failing
from agentslint.render.locate import locate, related
from agentslint.render.places import base_entry, chart_entry, folder_of, whole_line, whole_target
from agentslint.render.trail import follow

__all__ = ["base_entry", "chart_entry", "explain", "relative_paths", "whole", "whole_line", "whole_target", "without_secrets"]

_CONFIGURED = re.compile(r"(with config: )`\n.*?\n`", re.S)
_PATCH = re.compile(r'(patch from )\[patch: ".*"\]', re.S)
_PRINTED = re.compile(r"\nHelm template:\n.*?(?=\n: unable to run: |\Z)", re.S)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s'\"]+@")
_DUMP = re.compile(r'\[\{"apiVersion".*\}\]', re.S)
_DUMPED_NAME = re.compile(r'"kind":"(\w+)","metadata":\{.*?"name":"([^"]+)"')
_EXAMINED = 1 << 13
_KEPT = 1 << 15
_WARNINGS = re.compile(r"^(?:# Warning:|WARNING:).*\n?", re.M)
_TEMPORARY = re.compile(r"\S*/kustomize-(?:helm-)?\d+/")


def explain(target: Target, stderr: str, rendered_from: Path, call: TemplateCall | None = None) -> RenderFailure:
    """Turn what the renderer said into a located failure.

    `rendered_from` is the root that its paths begin with; `call` the last chart that helm was given.
    """
    text = relative_paths(stderr.strip(), rendered_from, target.root)
    said = re.sub(r"^(?:Error: )+", "", _WARNINGS.sub("", _ends(text, _EXAMINED)).strip())
    failing = Failing(target, said, follow(said, folder_of(target.file)), call)
    location = locate(failing)
    message = cause(without_secrets(_TEMPORARY.sub("", failing.trail.cause)))
    return RenderFailure(target, "kustomize", message, location, whole(text), related(failing, location))


def whole(text: str) -> str:
    """What is kept of a renderer's words for those who ask for all of them."""
    return _ends(without_secrets(text.strip()), _KEPT)


def _ends(text: str, size: int) -> str:
    """The beginning and the end of a long text: a chart may print anything, and the cause stands at either."""
    return text if len(text) <= 2 * size else f"{text[:size]}\n...\n{text[-size:]}"


def relative_paths(text: str, *roots: Path) -> str:
    """Cut the roots (also as the system resolves them) off every path in `text`."""
    for root in dict.fromkeys(str(variant) for each in roots for variant in (each, each.resolve())):
        text = re.sub(rf"(?<![\w./-]){re.escape(root)}/", "", text)
        text = re.sub(rf"(?<![\w./-]){re.escape(root)}(?=['\"\s:]|$)", ".", text)
    return text


def without_secrets(text: str) -> str:
    """Drop passwords from URLs, and what may hold values of Secrets: configurations, patches and resources that are printed whole."""
    for pattern, kept in ((_CREDENTIALS, ""), (_CONFIGURED, r"\1(...)"), (_PATCH, r"\1(...)"), (_PRINTED, "")):
        text = pattern.sub(kept, text)
    return _DUMP.sub(lambda dump: ", ".join(f"{kind}/{name}" for kind, name in _DUMPED_NAME.findall(dump.group())), text)
