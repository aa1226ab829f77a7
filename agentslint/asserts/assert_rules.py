"""Each `[[assert]]` becomes a rule: levels, suppressions, the baseline, `explain` and SARIF treat it like any other one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from agentslint.asserts.assertion import CRD, Assertion, read_assert
from agentslint.asserts.places_of_failure import cause
from agentslint.asserts.subjects import Subject, scope_of, subjects
from agentslint.cel import Missing, Unanswered
from agentslint.config import AssertMatch, AssertTable, Loaded
from agentslint.config.rule_ids import check_id
from agentslint.model import NotChecked
from agentslint.rule import Level, RenderedTarget, Rule, Said, target_location


class AssertRule(Rule):
    """An assert of the configuration."""

    assertion: ClassVar[Assertion]
    tags = ("assert",)

    def check_target(self, target: RenderedTarget) -> Iterator[Said]:
        """Judge every subject of the assert in one target."""
        for subject in self._subjects(target):
            yield from self._judge(subject)

    def _subjects(self, target: RenderedTarget) -> Iterator[Subject]:
        about = self.assertion
        if about.table.each == "targets":
            yield from [Subject(target)] if about.is_about(target, None) else ()
            return
        for manifest in target.manifests:
            if about.is_about(target, manifest):
                yield from subjects(target, about.table.each, manifest)

    def _judge(self, subject: Subject) -> Iterator[Said]:
        about = self.assertion
        found = scope_of(subject, about.expressions, about.uses)
        if found is None:
            yield from self._unread(subject)
            return
        scope, values = found
        matches = about.match.ask(scope) if about.match else True
        if matches is True or isinstance(matches, Unanswered):
            self._met(subject)
        answer = about.that.ask(scope) if matches is True else matches
        if isinstance(answer, Unanswered):
            yield self._unknown(subject, answer.message)
        elif matches is True and answer is not True:
            yield self._failed(subject, values, answer)

    def _unread(self, subject: Subject) -> Iterator[Said]:
        """Report an image that is no reference. An object without a chart is skipped by asserts about `values`."""
        if subject.use and subject.use.error and "image" in self.assertion.uses:
            self._met(subject)
            yield self._unknown(subject, subject.use.error)

    def _met(self, subject: Subject) -> None:
        subject.rendered.context.with_subject.add(self.id)

    def _failed(self, subject: Subject, values: dict[str, Any], answer: bool | Missing) -> Said:
        about = self.assertion
        why = cause(about, subject, values, answer)
        if isinstance(answer, Missing) and _may_be_a_default(subject, values, why.way):
            return self._unknown(subject, f"the chart's own values are not in the repository, and the others lack {why.missing}")
        said = about.message.fill(about.expressions.scope(subject.shown()))
        lacking = f": {why.missing} is not there" if why.missing else ""
        return self.finding(why.place, f"{subject.owner}: {said}{lacking}", use=subject.use, related=why.related, target=subject.target)

    def _unknown(self, subject: Subject, reason: str) -> NotChecked:
        place = subject.place if subject.manifest else target_location(subject.target)
        why = "its expression fails" if subject.holds_secrets else " ".join(reason.split())[:200]
        return self.not_checked(place, f"cannot tell whether {self.id} holds for {subject.owner}: {why}", target=subject.target)


def assert_rules(loaded: Loaded, taken: Collection[str]) -> list[type[AssertRule]]:
    """Make a rule of each assert; raises UsageError for an expression that does not compile, and for a name that is `taken`."""
    rules: dict[str, type[AssertRule]] = {}
    for number, table in enumerate(loaded.config.assert_):
        check_id(loaded, "assert", number, rules, taken)
        rules[table.name] = _rule(loaded, number)
    return list(rules.values())


def _rule(loaded: Loaded, number: int) -> type[AssertRule]:
    assertion = read_assert(loaded, number)
    table = assertion.table
    # Its page is none of ours: a link in it is that of the rule.
    members = {"__doc__": _page(table, loaded.origin("assert", number)[0].shown), "__module__": "configuration"}
    made: type[AssertRule] = type("".join(map(str.capitalize, table.name.split("-"))), (AssertRule,), members)
    made.id, made.assertion, made.level = table.name, assertion, Level(table.level)
    made.configured_at = ("assert", number)
    made.kinds = (CRD,) if assertion.wants_definitions else ()
    return made


def _page(table: AssertTable, file: str) -> str:
    """The page of the rule, in Markdown."""
    lines = [
        table.message,
        "",
        f"## Condition\nAn assert of {file}, asked of {table.each}:",
        "",
        "```cel",
        table.that.strip(),
        "```",
    ]
    if isinstance(table.match, str):
        lines += ["", f"Only {table.each} that meet this condition are judged:", "", "```cel", table.match.strip(), "```"]
    else:
        lines += _globs(table.match)
    return "\n".join([*lines, *(["", f"Findings are at `{table.at}`."] if table.at else [])])


def _globs(match: AssertMatch) -> Iterator[str]:
    for key in AssertMatch.__struct_fields__:
        if globs := getattr(match, key):
            yield f"\nOnly {key}: {', '.join(f'`{glob}`' for glob in globs)}."


def _may_be_a_default(subject: Subject, values: dict[str, Any], way: tuple[str | int, ...]) -> bool:
    """Whether the missing field may be one of the values that only a chart of another repository knows."""
    if "values" not in values or subject.entry is None or (way and way[0] != "values"):
        return False
    return not subject.rendered.values_of(subject.entry).knows_defaults
