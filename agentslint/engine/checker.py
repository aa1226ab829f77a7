"""Rules over rendered targets -> findings. The engine calls scopes; it knows no rule by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.change import Change
from agentslint.engine.change_rules import of_today
from agentslint.engine.deployments import Deployments
from agentslint.engine.registry import ActiveRule
from agentslint.errors import AgentslintError, trail
from agentslint.facts.context import Context
from agentslint.facts.target_facts import CRD
from agentslint.fleet.applications import Applications
from agentslint.fleet.release_groups import Fleet
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Failure, Field, Finding, IgnoreUse, Location, NotChecked, Place, RenderFailure, Target
from agentslint.rule import Rule, Said


class Checked(Struct):
    """The findings of rules, the questions that they could not answer, and their failures."""

    findings: list[Finding] = []
    unknown: list[NotChecked] = []
    failures: list[Failure] = []


class Checker:
    """Asks the rules of a run, each for the scopes that it has."""

    def __init__(self, rules: Sequence[ActiveRule], context: Context) -> None:
        self.rules = rules
        self.context = context
        self.out = Checked()
        self.notes: list[str] = []
        """Unanswered questions that the configuration accepts, with its reason."""
        self.told: frozenset[Place] = frozenset()
        """The places of findings about applications."""

    def wants(self, kind: str) -> bool:
        """Tell whether manifests of this kind are to be read: CustomResourceDefinitions only if a rule asks for them."""
        return kind != CRD or any(kind in (active.rule.kinds or ()) for active in self.rules)

    def target(self, rendered: RenderedTarget) -> None:
        """Run the rules about image uses, manifests and targets."""
        for active in self.rules:
            if not self.context.judges(active.rule.id, rendered.target):
                continue
            if "check_image_use" in active.scopes:
                for use in rendered.image_uses:
                    self._ask(active, active.rule.check_image_use, use, rendered.target.name)
            if "check_manifest" in active.scopes:
                for manifest in rendered.manifests:
                    if active.rule.kinds is None or manifest.kind in active.rule.kinds:
                        self._ask(active, active.rule.check_manifest, manifest, rendered.target.name)
            if "check_target" in active.scopes and self._may_apply(active, rendered):
                self._ask(active, active.rule.check_target, rendered, rendered.target.name)

    def failure(self, failure: RenderFailure) -> None:
        """Run the rules about targets that did not render."""
        for active in self._with("check_failure"):
            self._ask(active, active.rule.check_failure, failure, failure.target.name)

    def fleet(self, targets: Iterable[RenderedTarget], discovered: Iterable[Target] = ()) -> None:
        """Run the rules about all targets together; those of the `discovered` ones that are not among them did not render."""
        targets, discovered = tuple(targets), tuple(discovered)
        fleets: dict[tuple[int, ...], Fleet] = {}
        for active in self._with("check_fleet"):
            judged = [each for each in targets if self.context.judges(active.rule.id, each.target)]
            among = tuple(map(id, judged))
            if among not in fleets:
                left_out = {each.target.name for each in targets}.difference(each.target.name for each in judged)
                fleets[among] = Fleet(judged, self.context, [each for each in discovered if each.name not in left_out])
            self._ask(active, active.rule.check_fleet, fleets[among], "")

    def applications(self, deployments: Deployments, targets: Iterable[RenderedTarget], root: Path) -> None:
        """Run the rules about applications, where there are any."""
        rules = self._with("check_applications") if deployments.listed or deployments.sets else []
        if not rules:
            return
        fleet = Fleet(targets, self.context)
        applications = Applications(deployments.listed, deployments.selected, deployments.sets, fleet, root)
        before = len(self.out.findings)
        for active in rules:
            self._ask(active, active.rule.check_applications, applications, "")
        new = self.out.findings[before:]
        self.told = frozenset(place for finding in new for place in (finding.place, *(other.place for other in finding.related)))

    @property
    def about_change(self) -> list[str]:
        """The rules about a change for which the configuration gives something to check."""
        return [active.rule.id for active in self._about_change()]

    def change(self, change: Change) -> Collection[str]:
        """Run the rules about the change; returns the files of their findings."""
        before = len(self.out.findings)
        for active in self._about_change():
            self._ask(active, partial(_of_today, active.rule), change, "")
        return {finding.place.path for finding in self.out.findings[before:] if isinstance(finding.place, Location)}

    def _about_change(self) -> list[ActiveRule]:
        return [active for active in self._with("check_change") if active.rule.wants_change(self.context.config)]

    def ignores(self, uses: Sequence[IgnoreUse]) -> None:
        """Run the rules about suppressions."""
        for active in self._with("check_ignores"):
            self._ask(active, active.rule.check_ignores, uses, "")

    @property
    def standing_rules(self) -> list[str]:
        """The rules whose findings stay until somebody acts: a finding about a change ends with the next change."""
        return [active.rule.id for active in self.rules if "check_change" not in active.scopes]

    @property
    def suppression_rules(self) -> frozenset[str]:
        """The rules that check suppressions."""
        return frozenset(active.rule.id for active in self._with("check_ignores"))

    def take(self) -> Checked:
        """Return everything that rules reported since the last call."""
        out, self.out = self.out, Checked()
        return out

    def _with(self, name: str) -> list[ActiveRule]:
        return [active for active in self.rules if name in active.scopes]

    def _ask(self, active: ActiveRule, check: Callable[[Any], Iterable[Said]], subject: Any, target: str) -> None:
        """A rule that raises is reported with its name, once a target; the others go on."""
        try:
            for said in check(subject):
                self._take(active, said)
        except Exception as error:
            known_cause = isinstance(error, AgentslintError)
            message = str(error) if known_cause else f"rule {active.rule.id} failed: {type(error).__name__}: {error}"
            if not any(known.rule_id == active.rule.id and known.target == target for known in self.out.failures):
                self.out.failures.append(Failure(message, target, active.rule.id, details=trail(error)))

    def _take(self, active: ActiveRule, said: Said) -> None:
        finding = said.finding if isinstance(said, NotChecked) else said
        if not (self._applies(active, finding) and self.context.judges(active.rule.id, finding.target)):
            return
        level = active.level(finding.level, self._environments(active, finding))
        if level is None:
            return
        if not isinstance(said, NotChecked):
            self.out.findings.append(said if level is said.level else replace(said, level=level))
        elif said.accepted:
            self.notes.append(f"{active.rule.id}: accepted ({said.accepted}): {finding.message}")
        else:
            self.out.unknown.append(said)

    def _may_apply(self, active: ActiveRule, rendered: RenderedTarget) -> bool:
        """Whether a finding about this target could count: a rule may render to find one, which is not done in vain."""
        wanted = set(active.settings.environments)
        places = (None, *rendered.manifests) if wanted else ()
        return not wanted or any(self.context.environments(rendered.target, manifest) & wanted for manifest in places)

    def _applies(self, active: ActiveRule, finding: Finding) -> bool:
        wanted = active.settings.environments
        return not wanted or bool(self._environments(active, finding) & set(wanted))

    def _environments(self, active: ActiveRule, finding: Finding) -> frozenset[str]:
        """The environments of a finding; nobody looks for them where no setting asks."""
        if not (active.settings.environments or active.settings.levels):
            return frozenset()
        manifest = finding.place.manifest if isinstance(finding.place, Field) else None
        return frozenset(self.context.environments(finding.target, manifest))


def _of_today(rule: Rule, change: Change) -> Iterable[Said]:
    return of_today(rule.check_change(change), change)
