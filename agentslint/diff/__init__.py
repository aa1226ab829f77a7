"""The difference from a base revision: per workload, claim and API, with the verdict of the rules about a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agentslint.diff.difference import difference
from agentslint.diff.rows import RunDifference

__all__ = ["FORMATS", "RunDifference", "difference"]


def _text(found: RunDifference) -> str:
    from agentslint.diff.text_diff import render

    return render(found)


def _json(found: RunDifference) -> str:
    from agentslint.diff.json_diff import render

    return render(found)


def _markdown(found: RunDifference) -> str:
    from agentslint.diff.markdown_diff import render

    return render(found)


FORMATS: Mapping[str, Callable[[RunDifference], str]] = {"text": _text, "json": _json, "markdown": _markdown}
"""The formats, by the name that `--format` takes."""
