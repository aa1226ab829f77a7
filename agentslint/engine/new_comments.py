"""Accepts findings by suppression comments: one that is named, or all of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from agentslint.engine.configuration import load_configuration
from agentslint.engine.found_at import found_at
from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.registry import load_registry
from agentslint.engine.run_options import RunOptions
from agentslint.errors import UsageError
from agentslint.model import Report, Result
from agentslint.rule import Rule, scope
from agentslint.suppress.comment_files import WrittenComments, commented_file, write_comments
from agentslint.suppress.writing import Acceptance


class NewComments(Struct):
    """What became of the findings to accept; `report` is that of the run which looked for them."""

    comments: WrittenComments = field(default_factory=WrittenComments)
    report: Report | None = None
    is_known: bool = False
    """Whether the finding was ignored already."""
    is_complete: bool = True
    """Whether everything that was asked for is accepted now."""


def comment_one(rule: str, path: str, line: int, options: RunOptions, acceptance: Acceptance) -> NewComments:
    """Accept one finding, if it is there; raises UsageError for a rule that cannot be ignored."""
    registry = load_registry(load_configuration(Path(path).absolute().parent, options.config))
    kind = registry.rules[registry.known(rule, "ignore")]
    if _judges_suppressions(kind):
        raise UsageError(f"{rule} judges suppressions: remove what is stale instead")
    written, refused = commented_file(Path(), path, {line: {rule}}, acceptance)
    if refused:
        return _refused(path, line, refused[line])
    if written is None:
        return NewComments(is_known=True)
    found = found_at(kind, path, line, options)
    if not found.there:
        return replace(_refused(path, line, found.why), report=found.report)
    done = write_comments(Path(), {path: {line: {rule}}}, acceptance)
    return NewComments(done, is_complete=not done.refused)


def comment_all(path: str, rule: str | None, options: RunOptions, acceptance: Acceptance) -> NewComments:
    """Accept what one run finds under a path, of one rule if it is given."""
    with open_session(replace(options, paths=(path,))) as (session, registry):
        only = registry.known(rule, "ignore") if rule else None
        report = lint(session)
    found = [result for result in report.active if only in (None, result.rule_id) and not report.about_failure(result)]
    accusers = {name for name, kind in report.rules.items() if _judges_suppressions(kind)}
    accusing = [result for result in found if result.rule_id in accusers]
    everything = replace(acceptance, whole_texts=True)
    done = write_comments(session.root, _by_line(result for result in found if result.rule_id not in accusers), everything)
    complete = not (done.refused or report.failures or accusing)
    for result in accusing:
        place = result.location
        done.refused.append((place.path, place.region.start_line, f"{result.finding.message}; remove it instead"))
    return NewComments(done, report, is_complete=complete)


def _by_line(results: Iterable[Result]) -> Mapping[str, dict[int, set[str]]]:
    wanted: dict[str, dict[int, set[str]]] = {}
    for result in results:
        wanted.setdefault(result.location.path, {}).setdefault(result.location.region.start_line, set()).add(result.rule_id)
    return wanted


def _judges_suppressions(kind: type[Rule]) -> bool:
    return "check_ignores" in scope(kind)


def _refused(path: str, line: int, why: str) -> NewComments:
    return NewComments(WrittenComments(refused=[(path, line, why)]), is_complete=False)
