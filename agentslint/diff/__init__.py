"""What will run differently than at a base revision: per workload, claim and API, with the verdict of the rules about a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agentslint.diff.compare import difference
from agentslint.diff.rows import Difference

__all__ = ["FORMATS", "Difference", "difference"]


def _text(found: Difference) -> str:
    from agentslint.diff.text import render

    return render(found)


def _json(found: Difference) -> str:
    from agentslint.diff.json_diff import render

    return render(found)


def _markdown(found: Difference) -> str:
    from agentslint.diff.markdown import render

    return render(found)


FORMATS: Mapping[str, Callable[[Difference], str]] = {"text": _text, "json": _json, "markdown": _markdown}
"""The formats, by the name that `--format` takes."""
