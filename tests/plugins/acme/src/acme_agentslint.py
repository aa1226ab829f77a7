"""A third party's plugin: one implementation of every hook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentslint.deploy.deployer import DeployContext, Deployer
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.here import Named
from agentslint.deploy.listed import ListedSet, ListedSource
from agentslint.hookspecs import hookimpl
from agentslint.images import ImageField
from agentslint.model import Target, TargetKind
from agentslint.model.application import Application, Changes, DeployedSource, KustomizeRecipe
from agentslint.report import Report, Reporter, ReportOptions
from agentslint.rule import Annotated, Finding, Manifest, Meta, Rule, RuleOptions


class AcmeUnowned(Rule):
    """A Deployment that names no owner.

    ## Why
    Nobody knows whom to call.

    ## Fix
    Set the label that the option names.

    ## References
    - https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    """

    kinds = ("Deployment",)

    class Options(RuleOptions, frozen=True):
        label: Annotated[str, Meta(description="The label that names the owner.")] = "acme.example/owner"

    options: Options

    def check_manifest(self, manifest: Manifest) -> Iterator[Finding]:
        labels = manifest.at(("metadata", "labels")) or {}
        if self.options.label not in labels:
            from agentslint.rule import Field

            yield self.finding(Field(manifest, ("metadata", "name")), f"{manifest.resource} has no label {self.options.label}")


def count(report: Report, options: ReportOptions) -> str:
    return f"{len(report.active)} findings\n"


class AcmeDeployer:
    """Deploys the folder that a Rollout names, with one image."""

    name = "acme"
    kinds: Mapping[str, frozenset[str]] = {"deploy.acme.example": frozenset(("Rollout",))}
    deploys_itself = False

    def named(self, found: DeployerObject, around: DeployContext) -> Sequence[Named]:
        return []

    def listed(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSource]:
        application = Application(found.name, found.namespace, self.name, found.kind, location=found.location)
        here, path = around.here, str(found.body["spec"]["path"])

        def recipe(changes: Changes) -> KustomizeRecipe:
            return KustomizeRecipe(path, edits=(("set", "image", str(found.read(changes)["spec"]["image"])),))

        closure = here.graph.closure(here.repository.real_folder(here.repository.full(path)))
        deployed = DeployedSource(application, path, recipe, deployer_files=found.closure.files)
        target = Target(deployed.name, TargetKind.KUSTOMIZATION, here.root, f"{path}/kustomization.yaml", closure, deployed)
        return [ListedSource(application, path=path, target=target, covers=frozenset((path,)))]

    def sets(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSet]:
        return []


@hookimpl
def agentslint_deployers() -> Sequence[Deployer]:
    return [AcmeDeployer()]


@hookimpl
def agentslint_register_rules() -> Sequence[type[Rule]]:
    return [AcmeUnowned]


@hookimpl
def agentslint_register_presets() -> Mapping[str, Path]:
    return {"acme:strict": Path(__file__).with_name("acme_strict.toml")}


@hookimpl
def agentslint_register_image_fields() -> Sequence[ImageField]:
    return [ImageField(group="acme.example", kind="Robot", path="spec.firmware")]


@hookimpl
def agentslint_register_reporters() -> Mapping[str, Reporter]:
    return {"acme-count": count}


@hookimpl
def agentslint_discover(root: Path, config: Any) -> Sequence[Target]:
    return [Target("acme.rendered", TargetKind.KUSTOMIZATION, root, "acme.rendered")] if (root / "acme.rendered").exists() else []


@hookimpl
def agentslint_render(target: Target) -> str | None:
    return (target.root / target.file).read_text() if target.name == "acme.rendered" else None
