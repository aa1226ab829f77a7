"""A third party's plugin: one implementation of every hook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentslint.hookspecs import hookimpl
from agentslint.images import ImageField
from agentslint.model import Target, TargetKind
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


@hookimpl
def agentslint_register_rules() -> Sequence[type[Rule]]:
    return [AcmeUnowned]


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
