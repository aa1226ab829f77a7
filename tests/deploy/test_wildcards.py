"""Patterns of Argo CD and git match as they do there, and one that a stranger writes costs no time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from agentslint.deploy.argo.path_globs import anywhere, doublestar
from agentslint.deploy.sets.globs import PatternError, file_pattern, folder_pattern
from agentslint.deploy.sets.plain import names_in, replaced
from agentslint.deploy.wildcards import Wildcard


@pytest.mark.parametrize(
    ("read", "pattern", "fits", "differs"),
    [
        (anywhere, "*.yaml", "a/b.yaml", "a/b.yml"),
        (anywhere, "{a,b*}/[!x]?.yaml", "bc/ya.yaml", "a/xa.yaml"),
        (anywhere, "a", "a", "ab"),
        (doublestar, "apps/**/values.yaml", "apps/values.yaml", "apps/xvalues.yaml"),
        (doublestar, "apps/**/values.yaml", "apps/a/b/values.yaml", "apps/a/values.yaml/b"),
        (doublestar, "a*.yaml", "ab.yaml", "a/b.yaml"),
        (doublestar, r"a\*{,.yaml}", "a*", "ab"),
        (folder_pattern, "apps/*", "apps/a", "apps/a/b"),
        (folder_pattern, "apps/[^/]b", "apps/ab", "apps//b"),
        (file_pattern, "apps", "apps/a/b.yaml", "apps2/a"),
        (file_pattern, "apps/", "apps/a", "apps"),
        (file_pattern, "*/config.json", "a/b/config.json", "config.json"),
        (file_pattern, "a[", "a[/b", "a"),
    ],
)
def test_a_pattern_fits_what_it_is_meant_for(read: Callable[[str], Wildcard | None], pattern: str, fits: str, differs: str) -> None:
    found = read(pattern)
    assert found is not None
    assert found.fullmatch(fits)
    assert not found.fullmatch(differs)


@pytest.mark.parametrize("read", [anywhere, doublestar, folder_pattern, file_pattern])
@pytest.mark.parametrize(
    ("part", "end", "text"), [("*a", "b", "a" * 250), ("**/", "zz.yaml", "a/" * 120), ("{a,a*}", "b", "a" * 250), ("?*", "b", "c" * 250)]
)
def test_no_pattern_is_tried_again_and_again(read: Callable[[str], Wildcard | None], part: str, end: str, text: str) -> None:
    found = read(part * 100 + end)
    start = time.monotonic()
    assert found is not None
    assert not found.fullmatch(text)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("read", [folder_pattern, file_pattern])
def test_a_pattern_that_is_too_long_is_said(read: Callable[[str], Wildcard | None]) -> None:
    with pytest.raises(PatternError, match="more than 4096 characters"):
        read("a" * 5_000)


@pytest.mark.parametrize("text", ["{" * 200_000, "{" * 200_000 + "\n}}", "{{a" * 60_000])
def test_open_braces_of_a_plain_template_are_read_once(text: str) -> None:
    start = time.monotonic()
    assert names_in(text) == set()
    assert replaced(text, {"a": "b"}) == text
    assert time.monotonic() - start < 5
