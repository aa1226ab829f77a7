"""Cases of rules, for ours and for anybody's: folders whose files say where a finding belongs.

A case is a real target: `kustomize build --enable-helm` works in it by hand. An expectation stands on the authored line or on
the line above it, and vanishes in the render:

    # expect: require-digest "runs ghcr.io/acme/agents:v1.4.2"
    tag: v1.4.2

    # expect: RULE [COLUMN] ["part of the message"]

Beside files without comments, `expect.toml` says the same: `[[expect]]` with rule, file, line, and column and message if wanted.
Options stand in the case's own `.agentslint.toml`. Only the rule under test runs, unless that file has a `select`.

A case of a rule about a change is a small history, a folder for each commit: see `agentslint.testing.histories`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import tomli
from msgspec import Struct

from agentslint import files, run_folder
from agentslint.errors import UsageError
from agentslint.model import Failure, Report, Result
from agentslint.rule import Rule
from agentslint.testing.histories import lay_out, today

_MARK = re.compile(r"#\s*expect:\s*([a-z0-9-]+)(?:\s+(\d+))?(?:\s+\"([^\"]*)\")?\s*(?:-->|\*/ ?-?}})?\s*$")


class Case(Struct, frozen=True):
    """A folder below `pass/` or `fail/` of a rule."""

    rule_id: str
    folder: Path
    fails: bool

    def __str__(self) -> str:
        return f"{self.rule_id}/{'fail' if self.fails else 'pass'}/{self.folder.name}"


class Expectation(Struct, frozen=True):
    """Where a finding of a rule must be."""

    rule_id: str
    path: str
    line: int
    column: int | None = None
    message: str = ""

    def met_by(self, result: Result) -> bool:
        """Tell whether a result is at this place and says this."""
        region = result.location.region
        return (
            (result.rule_id, result.location.path, region.start_line) == (self.rule_id, self.path, self.line)
            and self.column in (None, region.start_column)
            and self.message in result.finding.message
        )

    def __str__(self) -> str:
        return f"{self.path}:{self.line}{f':{self.column}' if self.column else ''} {self.rule_id} {self.message!r}"


def cases(rule: type[Rule], folder: Path) -> list[Case]:
    """Return the cases in a rule's folder."""
    return [Case(rule.id, path, kind == "fail") for kind in ("pass", "fail") for path in sorted((folder / kind).glob("*")) if path.is_dir()]


def expectations(folder: Path) -> list[Expectation]:
    """Read the expectations in the files of a case."""
    found: list[Expectation] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        relative = path.relative_to(folder).as_posix()
        if path.name == "expect.toml":
            found += [
                Expectation(row["rule"], row["file"], row["line"], row.get("column"), row.get("message", ""))
                for row in tomli.loads(files.read(path).decode()).get("expect", [])
            ]
        else:
            found += _marks(files.read(path).decode("utf-8", "replace"), relative)
    return found


def _marks(text: str, path: str) -> Iterator[Expectation]:
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if mark := _MARK.search(line):
            alone = not line[: mark.start()].strip(" \t{-/*<!")
            while alone and number < len(lines) and _MARK.search(lines[number]):
                number += 1
            column = int(mark.group(2)) if mark.group(2) else None
            yield Expectation(mark.group(1), path, number + alone, column, mark.group(3) or "")


def problems(case: Case, plugins: Sequence[Path] = ()) -> list[str]:
    """Run the rule over its case, with `plugins` loaded, and return the differences from its marks."""
    wanted = expectations(today(case.folder))
    if case.fails and not any(expected.rule_id == case.rule_id for expected in wanted):
        return [f"{case}: a case that fails must say where (# expect: {case.rule_id})"]
    if not case.fails and wanted:
        return [f"{case}: a case that passes expects nothing"]
    report = lint_case(case, plugins)
    failures = [f"not checked: {failure.message}" for failure in report.failures if not _is_subject(failure, wanted)]
    return [f"{case}: {problem}" for problem in (*failures, *differences(wanted, report.active))]


def is_of_run(problem: str) -> bool:
    """Tell whether a problem is that a case cannot be run, rather than a difference from its marks."""
    return ": not checked: " in problem


def differences(wanted: Iterable[Expectation], results: Iterable[Result]) -> list[str]:
    """Compare marks and findings, one to one: no mark without a finding, no finding without a mark of its own."""
    unmet = sorted(wanted, key=lambda expected: (expected.column is None, not expected.message))
    unmarked = []
    for result in results:
        met = next((expected for expected in unmet if expected.met_by(result)), None)
        if met is None:
            unmarked.append(result)
        else:
            unmet.remove(met)
    return [f"no finding at {expected}" for expected in unmet] + [
        f"a finding that is not marked: {_in_words(result)}" for result in unmarked
    ]


def _in_words(result: Result) -> str:
    region = result.location.region
    return f"{result.location.path}:{region.start_line}:{region.start_column} {result.rule_id} {result.finding.message}"


def _is_subject(failure: Failure, wanted: list[Expectation]) -> bool:
    """A render that fails is no trouble where a rule tells of it and the case expects that."""
    return bool(wanted) and failure.reported


def lint_case(case: Case, plugins: Sequence[Path] = ()) -> Report:
    """Lint a copy of the case (nothing is written beside the original) with this one rule, or those that the case selects."""
    from agentslint.engine.open_session import open_session
    from agentslint.engine.pipeline import lint
    from agentslint.engine.run_options import RunOptions

    with run_folder.held("case") as folder:
        copy = folder / case.folder.name
        base = lay_out(case.folder, copy)
        select = () if _selects(copy / ".agentslint.toml") else (case.rule_id,)
        settings = RunOptions(paths=(str(copy),), select=select, root=str(copy), jobs=1, base=base, plugins=tuple(plugins))
        try:
            with open_session(settings) as (session, _):
                return lint(session)
        except UsageError as error:
            raise UsageError(f"{case}: {str(error).replace(str(copy), str(case.folder))}") from None


def _selects(configuration: Path) -> bool:
    return configuration.is_file() and "select" in tomli.loads(files.read(configuration).decode())
