"""The keys of `.agentslint.toml` (or `[tool.agentslint]`), as typed structures.

Names are kebab-case in the file. Defaults, the published JSON Schema and the error messages come from these definitions.
"""

from __future__ import annotations

import datetime
import math
import posixpath
import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of the configuration; a key that is not defined here is an error."""


_RELEASE = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
"""`ValidateReleaseName` of Helm."""
Globs = tuple[str, ...]
Name = Annotated[str, Meta(min_length=1)]


class RenderSettings(Table, frozen=True):
    """How a target is rendered."""

    build_options: Annotated[
        tuple[str, ...] | None, Meta(description="Further options of `kustomize build`, as Argo CD's kustomize.buildOptions.")
    ] = None
    kube_version: Annotated[str | None, Meta(description="Kubernetes version that charts see.")] = None
    api_versions: Annotated[tuple[str, ...] | None, Meta(description="API versions that charts see.")] = None
    timeout: Annotated[float, Meta(description="Seconds for one target.", gt=0, le=86_400)] | None = None
    memory: Annotated[int, Meta(description="MiB for each renderer process.", ge=200, le=1 << 24)] | None = None
    output: Annotated[int, Meta(description="MiB that one target may print.", gt=0, le=1 << 20)] | None = None


class RenderFor(RenderSettings, frozen=True, kw_only=True):
    """How some targets are rendered."""

    targets: Annotated[Globs, Meta(description="Globs of the targets that this applies to.", min_length=1)]


class Render(RenderSettings, frozen=True):
    """How targets are rendered, and by what."""

    kustomize: Annotated[str | None, Meta(description="Path of the kustomize to use.")] = None
    helm: Annotated[str | None, Meta(description="Path of the helm to use.")] = None
    environment: Annotated[
        tuple[Name, ...],
        Meta(description="Further environment variables that kustomize and helm may see; every chart can read them."),
    ] = ()
    for_: Annotated[tuple[RenderFor, ...], Meta(description="The same settings for some targets; later tables win.")] = msgspec.field(
        default=(), name="for"
    )


class Environment(Table, frozen=True):
    """A part of the fleet: everything that one of the globs names, of whatever kind."""

    name: Name
    paths: Annotated[Globs, Meta(description="Globs of targets.")] = ()
    namespaces: Annotated[Globs, Meta(description="Globs of namespaces: of resources, else of the destination of their application.")] = ()
    applications: Annotated[Globs, Meta(description="Globs of applications: name, or namespace/name.")] = ()
    clusters: Annotated[Globs, Meta(description="Globs of the clusters that applications are deployed to: name or address.")] = ()
    projects: Annotated[Globs, Meta(description="Globs of the projects of applications.")] = ()

    @property
    def is_everywhere(self) -> bool:
        """Whether it names no part at all."""
        return not (self.paths or self.namespaces or self.applications or self.clusters or self.projects)


class Members(Table, frozen=True):
    """Image uses. All kinds of globs that are given must match."""

    images: Annotated[Globs, Meta(description="Globs of image repositories.")] = ()
    workloads: Annotated[Globs, Meta(description="Globs of Kind/name.")] = ()
    targets: Annotated[Globs, Meta(description="Globs of targets.")] = ()

    def __post_init__(self) -> None:
        if not (self.images or self.workloads or self.targets):
            raise ValueError("it needs images, workloads or targets")


class Group(Members, frozen=True, kw_only=True):
    """A release group: workloads that are promoted together, or one after the other."""

    name: Name
    remotes: Annotated[
        Globs,
        Meta(
            description="Globs of git repositories (host/owner/name) and chart repositories whose pinned revision is a member. "
            "A group that has some needs `images` or `workloads` to have images, too."
        ),
    ] = ()
    order: Annotated[
        tuple[Members, ...], Meta(description="Stages in the order of promotion; a member belongs to the first stage that it matches.")
    ] = ()
    source: Annotated[
        str | None,
        Meta(description="Clone of the repository whose commits the tags name, relative to this file; else this repository."),
    ] = None
    accept_unknown: (
        Annotated[str, Meta(description="Reason to accept commits unchecked that git does not know in `source`.", pattern=r"\S")] | None
    ) = None
    api_paths: Annotated[Globs, Meta(description="Globs of the files in `source` that define the API of the members.")] = ()
    crds: Annotated[
        Globs,
        Meta(description="Globs of the names of the members' CustomResourceDefinitions; if empty, those that their targets render."),
    ] = ()

    def __post_init__(self) -> None:
        if not self.remotes:
            super().__post_init__()
        if len(self.order) == 1:
            raise ValueError("an order needs at least two stages")


class Ignore(Table, frozen=True):
    """A finding that is accepted, with a reason. All globs that are given must match."""

    rule: Annotated[str, Meta(description="Rule id, or a glob of ids.", min_length=1)]
    reason: Annotated[str, Meta(description="Why it is accepted.", pattern=r"\S")]
    target: Annotated[str | None, Meta(description="Glob of the target.")] = None
    resource: Annotated[str | None, Meta(description="Glob of Kind/name.")] = None
    container: Annotated[str | None, Meta(description="Glob of the container's name.")] = None
    image: Annotated[str | None, Meta(description="Glob of the image, as rendered.")] = None
    until: Annotated[datetime.date, Meta(description="Last day on which it applies: YYYY-MM-DD.")] | None = None


class AssertMatch(Table, frozen=True):
    """What an assert is about. Of each key that is given one glob must match."""

    kinds: Annotated[Globs, Meta(description="Globs of kinds.")] = ()
    names: Annotated[Globs, Meta(description="Globs of the names of objects.")] = ()
    namespaces: Annotated[Globs, Meta(description="Globs of namespaces: of objects, else of the destination of their application.")] = ()
    applications: Annotated[Globs, Meta(description="Globs of applications: name, or namespace/name.")] = ()
    environments: Annotated[tuple[Name, ...], Meta(description="Names of [[environments]].")] = ()


class Condition(Table, frozen=True, kw_only=True):
    """A condition in CEL, and what it is asked of."""

    that: Annotated[str, Meta(description="The condition, in CEL.", pattern=r"\S")]
    message: Annotated[str, Meta(description="Sentence of a finding; {...} is the value of a CEL expression.", pattern=r"\S")]
    match: Annotated[AssertMatch | str, Meta(description="What it is about: globs, or a condition in CEL.")] = AssertMatch()
    each: Annotated[
        Literal["manifests", "workloads", "containers", "images", "targets"], Meta(description="What the condition is asked of.")
    ] = "manifests"
    at: (
        Annotated[str, Meta(description="Place of a finding: a path in the object, or a path in the chart's values.", min_length=1)] | None
    ) = None


class AssertTable(Condition, frozen=True, kw_only=True):
    """A condition that rendered objects must meet: a rule of its own, called by its name."""

    name: Annotated[str, Meta(description="ID of the rule: lower-case words and dashes.", min_length=1)]
    level: Annotated[Literal["error", "warning", "note"], Meta(description="The level of its findings.")] = "warning"


class ImageFieldTable(Table, frozen=True):
    """Where a custom resource holds an image."""

    kind: Name
    path: Annotated[str, Meta(description="Dotted path; `[]` is each item of a list.", min_length=1)]
    group: Annotated[str, Meta(description="API group, or a glob.")] = "*"
    form: Literal["reference", "pod-spec", "container", "containers", "parts"] = "reference"
    omitted: Annotated[str, Meta(description="Who chooses the image if the field is absent.")] = ""

    def __post_init__(self) -> None:
        from agentslint.images.field_paths import parse_path

        parse_path(self.path)


class ContractTable(Table, frozen=True):
    """The blocks of a chart's values that decide the image of a workload, in order of precedence. Proven by renders."""

    workload: Annotated[str, Meta(description="Glob of Kind/name.", min_length=1)]
    chain: Annotated[tuple[Name, ...], Meta(description="Values paths of the image blocks, in order of precedence.", min_length=1)]
    target: Annotated[str | None, Meta(description="Glob of the target.")] = None
    chart: Annotated[str | None, Meta(description="Glob of the chart's name in helmCharts.")] = None
    fields: Annotated[tuple[Name, ...], Meta(description="Fields that every block has; if empty, those in the values.")] = ()

    def __post_init__(self) -> None:
        if self.target is None and self.chart is None:
            raise ValueError("a contract needs a target or a chart")
        for block in self.chain:
            if not all(part and part == part.strip() for part in block.split(".")):
                raise ValueError(f"chain: {block!r} is not a values path such as controlPlane.image")
        if len(set(self.chain)) < len(self.chain):
            raise ValueError("chain: a block is listed twice")


class TargetTable(Table, frozen=True):
    """A target that no object in the repository declares: a chart of the repository with its values, or a folder."""

    name: Annotated[str, Meta(description="Its name in reports; else the path.", min_length=1)] | None = None
    chart: Annotated[str, Meta(description="Folder of a chart, from the root of the repository.", min_length=1)] | None = None
    folder: (
        Annotated[str, Meta(description="Folder of a kustomization, or of manifests, from the root of the repository.", min_length=1)]
        | None
    ) = None
    release: Annotated[str, Meta(description="Name of the chart's release; else that of its folder.")] | None = None
    namespace: Annotated[str, Meta(description="Namespace that it is deployed to.")] = ""
    values: Annotated[
        tuple[Name, ...], Meta(description="Values files of the chart, from the root of the repository; the last one wins.")
    ] = ()
    set: Annotated[dict[str, Any], Meta(description="Values of the chart that win over the files, by their paths (image.tag).")] = {}
    include_crds: Annotated[bool, Meta(description="Whether the chart's crds/ are rendered.")] = False
    recurse: Annotated[bool, Meta(description="Whether manifests in the folders below are taken, too.")] = False
    rules: Annotated[Globs, Meta(description="Globs of the rules that judge it; all if empty.")] = ()

    @property
    def called(self) -> str:
        """The name of the target."""
        return self.name or posixpath.normpath(self.chart or self.folder or ".")

    def __post_init__(self) -> None:
        if (self.chart is None) == (self.folder is None):
            raise ValueError("a target needs a chart or a folder, and not both")
        if self.folder is not None and (self.release or self.values or self.set or self.include_crds):
            raise ValueError("release, values, set and include-crds belong to a chart")
        if self.chart is not None and self.recurse:
            raise ValueError("recurse belongs to a folder")
        if self.release is not None and not _RELEASE.fullmatch(self.release):
            raise ValueError(f"{self.release!r} is no name of a release: lower-case letters, digits, dashes and dots")
        _refuse_times(self.set, "set")


def _refuse_times(value: Any, key: str) -> None:
    """TOML has dates and times, and numbers without end, which no chart gets."""
    if isinstance(value, (datetime.date, datetime.time)):
        raise ValueError(f"{key}: {value} is a date or a time; write it as a text, in quotes")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{key}: {value} is no number that a chart can be given")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_times(inner, key)


class ClusterTable(Table, frozen=True):
    """A cluster that Argo CD deploys to, for the clusters generator of ApplicationSets."""

    name: Name
    server: Annotated[str, Meta(description="Address of its API server.")] = ""
    project: Annotated[str, Meta(description="Project that it belongs to.")] = ""
    labels: Annotated[dict[str, str], Meta(description="Labels of its Secret.")] = {}
    annotations: Annotated[dict[str, str], Meta(description="Annotations of its Secret.")] = {}


class ScenarioAssert(Condition, frozen=True, kw_only=True):
    """A condition of one scenario, written as an [[assert]] is."""


class Scenario(Table, frozen=True, kw_only=True):
    """A render that the targets alone do not show: a chart with other values, which must render, or must be refused."""

    name: Annotated[str, Meta(description="Its name, which is the id of its rule: lower-case words with dashes.")]
    target: Annotated[str, Meta(description="Glob of the target; else every target with the chart.", min_length=1)] | None = None
    chart: Annotated[str, Meta(description="Glob of the chart's name, where the target has several.", min_length=1)] | None = None
    release: Annotated[str, Meta(description="Glob of the chart's release, where the target has several.", min_length=1)] | None = None
    values: Annotated[
        dict[str, Any], Meta(description="Values that win over those of the target, as a table: { image = { tag = 'x' } }.")
    ] = {}
    files: Annotated[
        dict[Name, Name],
        Meta(description="A file of the target -> another one whose contents take its place; both from the root of the repository."),
    ] = {}
    expect: Annotated[Literal["renders", "fails"], Meta(description="Whether it must render, or must be refused.")] = "renders"
    message: Annotated[str, Meta(description="Text that the error must contain, where it must be refused.", min_length=1)] | None = None
    asserts: Annotated[tuple[Name | ScenarioAssert, ...], Meta(description="Names of [[assert]]s that must hold then, or conditions.")] = ()
    level: Annotated[Literal["error", "warning", "note"], Meta(description="The level of its findings.")] = "error"

    def __post_init__(self) -> None:
        if self.target is None and self.chart is None:
            raise ValueError("a scenario needs a target or a chart")
        if bool(self.values) == bool(self.files):
            raise ValueError("a scenario needs values or files, and not both")
        if self.message is not None and self.expect != "fails":
            raise ValueError('message is the text of an error: it needs expect = "fails"')
        if self.asserts and self.expect == "fails":
            raise ValueError("there is nothing to assert of a chart that is refused")
        _refuse_times(self.values, "values")


class Deploy(Table, frozen=True):
    """What Argo CD and Flux make of this repository."""

    repositories: Annotated[tuple[str, ...], Meta(description="Further URLs of this repository, as deployers' objects write them.")] = ()
    branches: Annotated[tuple[str, ...], Meta(description="Branches that stand for this tree; others are deployed from elsewhere.")] = ()
    plugins: Annotated[
        dict[str, Literal["kustomize"]],
        Meta(description="Config management plugins whose sources are judged as if Argo CD rendered them itself."),
    ] = {}
    clusters: Annotated[tuple[ClusterTable, ...], Meta(description="Clusters for the clusters generator of ApplicationSets.")] = ()
    argocd_namespace: Annotated[str, Meta(description="Namespace in which Argo CD runs; Applications that name none are in it.")] = "argocd"
    require_judged: Annotated[bool, Meta(description="Whether an application that is not judged makes the run end with 2.")] = False


class SchemaSources(Table, frozen=True):
    """Where the schemas of kinds are, beside the CustomResourceDefinitions that the run renders and those of its charts."""

    paths: Annotated[
        Globs,
        Meta(
            description="Files and folders (also globs) from the root of the repository: CustomResourceDefinitions, and JSON schemas named "
            "as kubeconform (deployment-apps-v1.json) or the CRDs-catalog (group/kind_version.json) names them."
        ),
    ] = ()


class Config(Table, frozen=True):
    """The whole file."""

    extends: Annotated[
        tuple[Name, ...],
        Meta(
            description="Files (./policy.toml, relative to this one) and presets (agentslint:NAME) that this one builds on; later ones win."
        ),
    ] = ()
    select: Annotated[tuple[str, ...], Meta(description="IDs of the rules to run, or globs of them; all if empty.")] = ()
    ignore_rules: Annotated[tuple[str, ...], Meta(description="IDs of rules that do not run, or globs of them.")] = ()
    exclude: Annotated[Globs, Meta(description="Paths to skip (gitignore patterns).")] = ()
    plugins: Annotated[tuple[str, ...], Meta(description="Python files with rules, relative to this file.")] = ()
    fail_on: Annotated[Literal["error", "warning", "note", "never"], Meta(description="Lowest level that makes the run fail.")] = "warning"
    render_errors: Annotated[Literal["fail", "warn"], Meta(description="Whether a target that does not render fails the run.")] = "fail"
    baseline: Annotated[str | None, Meta(description="Baseline file, relative to this one: its findings do not fail the run.")] = None
    render: Render = Render()
    environments: tuple[Environment, ...] = ()
    groups: tuple[Group, ...] = ()
    contracts: tuple[ContractTable, ...] = ()
    digest_switch: Annotated[
        str | None, Meta(description="Values path of a chart's own switch that refuses images without digest (imagePolicy.requireDigest).")
    ] = None
    deploy: Deploy = Deploy()
    schemas: SchemaSources = SchemaSources()
    targets: tuple[TargetTable, ...] = ()
    scenario: tuple[Scenario, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    assert_: tuple[AssertTable, ...] = msgspec.field(default=(), name="assert")
    image_fields: tuple[ImageFieldTable, ...] = ()
    rules: Annotated[dict[str, dict[str, Any]], Meta(description="Options of rules, by id.")] = {}


RuleLevel = Literal["error", "warning", "note", "off"]


class RuleSettings(Table, frozen=True):
    """Settings of every rule, besides its own options."""

    level: Annotated[RuleLevel | None, Meta(description="The level of its findings; off: it does not run.")] = None
    levels: Annotated[
        dict[str, RuleLevel],
        Meta(description="The level in some [[environments]], by name; of several the worst counts. Elsewhere `level` does."),
    ] = {}
    environments: Annotated[tuple[str, ...], Meta(description="Names of [[environments]] in which it applies; everywhere if empty.")] = ()
