"""The nearest known name for a name or glob that matches nothing."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches


def closest(glob: str, known: Collection[str]) -> str:
    """Return the known name that is spelt most like a glob, else one with the same last part (`Pod/web` for `Deployment/web`); or ""."""
    names = [name for name in known if name != glob]
    close = get_close_matches(glob.rstrip("*/"), names, 1, 0.6) or get_close_matches(glob, names, 1, 0.5)
    last = glob.rpartition("/")[2]
    return close[0] if close else next((name for name in names if "/" in name and name.rpartition("/")[2] == last), "")


def did_you_mean(near: str) -> str:
    """Return the end of a complaint that names the nearest known name; "" where there is none."""
    return f"; did you mean {near!r}?" if near else ""
