"""Command lines: each command, with options that are meant and some that cannot be."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.texts import chance

PATHS = (
    "app",
    ".",
    "app/kustomization.yaml",
    "app/web-0.yaml",
    "app/values.yaml",
    "base",
    "app/charts/web/templates/web.yaml",
    "none",
    "app/patch.yaml",
)
FORMATS = ("text", "sarif", "json", "github")
OPTIONS = (
    ("--offline",), ("--no-trace",), ("--all",), ("--quiet",), ("--verbose",),
    ("--statistics",), ("--sarif-suppressed",), ("--fail-on", "error"), ("--jobs", "2"),
    ("--select", "require-digest"), ("--ignore", "mutable-tag"), ("--exclude", "base"),
    ("--trace-timeout", "0.1"), ("--color", "always"), ("--base", "HEAD~1"),
    ("--base", "none"), ("--jobs", "0"), ("--select", "none"), ("--format", "none"),
    ("--baseline", "none.json"), ("--config", "none.toml"), ("--base", ""),
)  # fmt: skip
FIELDS = ("Deployment/web", "*", "*/*", "none", "")


def _reports(formats: list[str]) -> tuple[str, ...]:
    """Every report goes to a file of its own, beside the tree."""
    return tuple(word for name in formats for word in ("-f", name, "-o", f"../reports/{name}"))


@st.composite
def lint(draw: st.DrawFn) -> tuple[str, ...]:
    """`agentslint lint`, mostly over the application."""
    paths = draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=2)) if draw(chance(0.3)) else ["app"]
    options = draw(st.lists(st.sampled_from(OPTIONS), max_size=2)) if draw(chance(0.4)) else []
    return (
        "lint",
        *paths,
        *_reports(draw(st.lists(st.sampled_from(FORMATS), max_size=2, unique=True))),
        *(word for option in options for word in option),
    )


DIFFS = ("text", "json", "markdown")
OTHERS: st.SearchStrategy[tuple[str, ...]] = st.one_of(
    st.builds(lambda path, name: ("diff", "--base", "HEAD~1", "-f", name, path), st.sampled_from(PATHS[:3]), st.sampled_from(DIFFS)),
    st.builds(lambda path: ("lint", "--base", "HEAD~1", path, *_reports(["sarif"])), st.sampled_from(PATHS[:3])),
    st.builds(lambda resource: ("trace", "app", resource), st.sampled_from(FIELDS)),
    st.builds(lambda path, line: ("impact", f"{path}:{line}"), st.sampled_from(PATHS), st.integers(0, 12)),
    st.builds(lambda key: ("impact", "app/values.yaml", key), st.sampled_from(["image", "image.tag", "none", "", "a..b", "[0]"])),
    st.just(("contract", "app")),
    st.just(("baseline", "app", "-o", "../reports/baseline.json")),
    st.just(("config", "show")),
)  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, ...]:
    """A command line."""
    return draw(OTHERS) if draw(chance(0.3)) else draw(lint())
