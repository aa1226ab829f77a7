"""All that a rule's author imports: the shape of a rule, its options, and the facts that it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.deployer_scalars import is_override_file
from agentslint.authorship.image_settings import (
    Setting,
    image_entry,
    is_setting_of,
    looks_like_image,
    operated_key,
    sets_deployed_image,
    setting_name,
    setting_names,
    source_path,
    values_path,
)
from agentslint.authorship.lines import target_location
from agentslint.change import (
    ApiDifference,
    Change,
    ClaimChange,
    DifferenceKind,
    Distance,
    EarlierValue,
    GroupChange,
    History,
    ImageChange,
    ManifestChange,
    Relation,
    TargetChange,
    Unknown,
    api_differences,
)
from agentslint.config import Config
from agentslint.deploy.listed import ListedSet, ListedSource, ProblemKind, SourceProblem
from agentslint.facts.cluster_scoped import is_cluster_scoped, is_namespaced_resource
from agentslint.facts.local_chart import LocalChart
from agentslint.facts.named_places import leaves
from agentslint.facts.release_values import ReleaseValue, hands_values, object_values, values_of_release
from agentslint.facts.sources import PinnedImage, SourceReference, UnrenderedTarget
from agentslint.fleet.applications import Applications
from agentslint.fleet.release_groups import Fleet, ReleaseGroup
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.fleet.schema_fault import SchemaFault
from agentslint.images import Claim, ImageUse, PodSpec, Reference, UseKind, bare_sha, git_sha, omissions, same_sha
from agentslint.images.reference import read_reference
from agentslint.images.variables import Variable
from agentslint.model import (
    Certainty,
    Field,
    Finding,
    HelmChartEntry,
    IgnoreUse,
    Level,
    Location,
    Manifest,
    NotChecked,
    Place,
    Pointer,
    Related,
    RenderFailure,
    Target,
    TargetKind,
    dotted,
)
from agentslint.model.application import Application
from agentslint.model.chart_breaches import Breach, BreachKind, EnforcementBreach, EnforcementKind, FieldBreach, ForeignSecrets
from agentslint.model.skipped import some
from agentslint.paths import any_names, matches
from agentslint.yamlread.numbers import date_text, number_texts, string_text, word_text

__all__ = [
    "Annotated",
    "ApiDifference",
    "Application",
    "Applications",
    "AuthoredScalar",
    "Breach",
    "BreachKind",
    "Change",
    "ChartValues",
    "Claim",
    "ClaimChange",
    "Config",
    "DifferenceKind",
    "Distance",
    "EarlierValue",
    "EnforcementBreach",
    "EnforcementKind",
    "Field",
    "FieldBreach",
    "Finding",
    "Fleet",
    "ForeignSecrets",
    "GroupChange",
    "HelmChartEntry",
    "History",
    "IgnoreUse",
    "ImageChange",
    "ImageUse",
    "Level",
    "ListedSet",
    "ListedSource",
    "LocalChart",
    "Location",
    "Manifest",
    "ManifestChange",
    "Meta",
    "NotChecked",
    "PinnedImage",
    "Place",
    "PodSpec",
    "Pointer",
    "ProblemKind",
    "Reasoned",
    "Reference",
    "Related",
    "Relation",
    "ReleaseGroup",
    "ReleaseValue",
    "RenderFailure",
    "RenderedTarget",
    "Rule",
    "RuleOptions",
    "Said",
    "SchemaFault",
    "Setting",
    "SourceProblem",
    "SourceReference",
    "Target",
    "TargetChange",
    "TargetKind",
    "Unknown",
    "UnrenderedTarget",
    "UseKind",
    "Variable",
    "allows",
    "any_names",
    "api_differences",
    "bare_sha",
    "date_text",
    "dotted",
    "git_sha",
    "hands_values",
    "image_entry",
    "is_cluster_scoped",
    "is_namespaced_resource",
    "is_override_file",
    "is_setting_of",
    "leaves",
    "looks_like_image",
    "matches",
    "number_texts",
    "object_values",
    "omissions",
    "operated_key",
    "read_reference",
    "same_sha",
    "sets_deployed_image",
    "setting_name",
    "setting_names",
    "some",
    "source_path",
    "string_text",
    "target_location",
    "values_of_release",
    "values_path",
    "word_text",
]

Said = Finding | NotChecked
"""The output of a rule."""


class RuleOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Subclass it as `Options` inside a rule: typed fields with defaults and `Meta(description=...)`."""


class Reasoned(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Something that is allowed, and why."""

    match: Annotated[str, Meta(description="Glob.", min_length=1)]
    reason: Annotated[str, Meta(description="Why it is allowed.", min_length=1)]


def allows(allowed: Iterable[Reasoned], *names: str) -> bool:
    """Tell whether an option allows one of these names: an image is `nginx` as written, and `docker.io/library/nginx`."""
    return any(fnmatchcase(name, each.match) for each in allowed for name in names)


class OptionUse(msgspec.Struct):
    """The names with which the globs of an option were compared.

    A glob is an entry of the option, or the attribute `key` of one. Messages call the named things by `noun`: "no variable matches".
    With `is_needed`, a glob without a match leaves something unchecked, so the run ends with 2; otherwise a note names it.
    """

    key: str
    noun: str
    is_needed: bool
    names: set[str] = set()


class Rule:
    """One check. Its id is the class name in kebab-case, its page the docstring, its scope the one `check_...` it overrides.

    A rule is stateless: it is made once a run with its options and may be asked from several threads. It yields findings
    made with `self.finding(...)`, and `self.not_checked(...)` if it cannot know; it touches neither files nor renderers.
    """

    id: ClassVar[str]
    level: ClassVar[Level] = Level.WARNING
    tags: ClassVar[tuple[str, ...]] = ()
    security_severity: ClassVar[float | None] = None
    """0.0 to 10.0 where the rule is about security (SARIF `security-severity`)."""
    precision: ClassVar[str] = "high"
    """How often it is right (SARIF `precision`): very-high, high, medium or low."""
    implied_by: ClassVar[tuple[str, ...]] = ()
    """Rules whose finding on the same scalar says more: reports for people show both as one. Others hold both."""
    kinds: ClassVar[Sequence[str] | None] = None
    """For `check_manifest`: the kinds to be parsed, or None for all.

    CustomResourceDefinitions are among the manifests only where a rule, of whatever scope, names them here; else ask for `crds`.
    """

    configured_by: ClassVar[Sequence[str]] = ()
    """The tables of the configuration that say what it looks at (`groups`, `contracts`): one that fits nothing is "not checked"."""

    configured_at: ClassVar[tuple[str | int, ...]] = ()
    """The table of the configuration that defines the rule, if one does."""

    class Options(RuleOptions, frozen=True):
        """No options."""

    options: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.id = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    def __init__(self, options: Any = None) -> None:
        self.options = options if options is not None else self.Options()
        self._uses: dict[int, OptionUse] = {}

    def allows(self, allowed: Sequence[Reasoned], *names: str) -> bool:
        """Tell whether an option allows one of these names.

        Ask it of every name that the option may be about: the run reports a glob that matches none of them.
        """
        self.looked_at(allowed, names)
        return allows(allowed, *names)

    def looked_at(
        self, option: Sequence[object], names: Iterable[str], *, key: str = "match", noun: str = "name", is_needed: bool = False
    ) -> None:
        """Say which names the globs of an option may be about: the run reports a glob that matches none of them.

        To be called also where there are no names, and for each option that has globs; `OptionUse` explains the rest.
        """
        if option:
            self._uses.setdefault(id(option), OptionUse(key, noun, is_needed)).names.update(names)

    def use_of(self, option: object) -> OptionUse | None:
        """Return the names with which the globs of an option were compared; None if they were not, or are none."""
        return self._uses.get(id(option))

    def check_image_use(self, use: ImageUse) -> Iterable[Said]:
        """Check one place where a workload names an image."""
        raise NotImplementedError

    def check_manifest(self, manifest: Manifest) -> Iterable[Said]:
        """Check one rendered document of one of `kinds`."""
        raise NotImplementedError

    def check_target(self, target: RenderedTarget) -> Iterable[Said]:
        """Check all that one target renders."""
        raise NotImplementedError

    def check_fleet(self, fleet: Fleet) -> Iterable[Said]:
        """Check all targets of the run together."""
        raise NotImplementedError

    def check_applications(self, applications: Applications) -> Iterable[Said]:
        """Check the applications that deployers make of the repository, once a run in which there are any."""
        raise NotImplementedError

    def check_change(self, change: Change) -> Iterable[Said]:
        """Check the differences from the base revision, once a run; a finding must be at a place of today."""
        raise NotImplementedError

    def wants_change(self, config: Config) -> bool:
        """For `check_change`: tell whether the configuration gives it anything to check; else no base is needed."""
        return True

    def check_failure(self, failure: RenderFailure) -> Iterable[Said]:
        """Check a target that did not render."""
        raise NotImplementedError

    def check_ignores(self, ignores: Sequence[IgnoreUse]) -> Iterable[Finding]:
        """Check the suppressions of the run, after all other rules."""
        raise NotImplementedError

    def finding(
        self,
        place: Place,
        message: str,
        *,
        use: ImageUse | None = None,
        related: Iterable[tuple[Place, str]] = (),
        target: Any = None,
        certainty: Certainty = Certainty.EXACT,
        is_secret: bool = False,
    ) -> Finding:
        """Make a finding at `place`; `use` gives the image and container that it is about, `related` the other places.

        A `place` that is a Location needs the `target`, and is as sure as `certainty` says. A place that `is_secret` holds a
        credential: no report shows its text.
        """
        owner = place.manifest.target if isinstance(place, Field) else target
        return Finding(
            self.id,
            message,
            place,
            owner,
            tuple(Related(where, why) for where, why in related),
            image=use.text if use else "",
            container=use.container if use else "",
            level=self.level,
            certainty=certainty,
            is_secret=is_secret,
        )

    def not_checked(self, place: Place, message: str, *, accepted: str = "", target: Any = None) -> NotChecked:
        """Report something that could not be found out, and why; the run ends with 2, unless it is `accepted` for a reason."""
        return NotChecked(self.finding(place, message, target=target), accepted)


def scope(rule: type[Rule] | Rule) -> Iterator[str]:
    """Name the `check_...` methods that a rule overrides."""
    kind = rule if isinstance(rule, type) else type(rule)
    for name in (
        *("check_image_use", "check_manifest", "check_target", "check_fleet", "check_applications", "check_change"),
        *("check_failure", "check_ignores"),
    ):
        if getattr(kind, name) is not getattr(Rule, name):
            yield name
