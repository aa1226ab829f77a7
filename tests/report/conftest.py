"""Builders for reports made by hand, over the small repository in `tree/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from agentslint.model import (
    Certainty,
    Failure,
    Field,
    Finding,
    Level,
    Location,
    Manifest,
    ManifestHead,
    Place,
    Provenance,
    Region,
    Report,
    Result,
    Suppression,
    Target,
    TargetKind,
)
from agentslint.report import BUILTIN, ReportOptions

TREE = Path(__file__).parent / "tree"
SCHEMA = Path(__file__).parent / "schema" / "sarif-2.1.0.json"
AGENTS = "argocd/applications/agents"


class RequireDigest:
    """Container images run by digest.

    ## Why
    A tag can be moved after the review, and then something else runs.

    ## Fix
    Add the digest beside the tag: `v1.4.2@sha256:...`.

    ## References
    - https://example.com/digests
    """

    id = "require-digest"
    level = Level.ERROR
    tags = ("security", "images")
    security_severity = 7.5


class MutableTag:
    """Images have a tag that says which version runs."""

    id = "mutable-tag"
    level = Level.WARNING
    tags = ("images",)
    security_severity = None


class Build:
    """Makes the parts of a report with as little as a test wants to say of them."""

    tree = TREE
    agents = AGENTS

    def target(self, name: str = AGENTS) -> Target:
        return Target(name, TargetKind.KUSTOMIZATION, TREE, f"{name}/kustomization.yaml")

    def region(self, line: int = 4, start: int = 8, end: int = 14, end_line: int | None = None) -> Region:
        return Region(line, start, end_line or line, end)

    def location(self, path: str = f"{AGENTS}/values.yaml", region: Region | None = None, **more: Any) -> Location:
        return Location(path, region or self.region(), **more)

    def field(
        self, kind: str = "Deployment", name: str = "agents", pointer: tuple[str | int, ...] = ("spec", "image"), **body: Any
    ) -> Field:
        head = ManifestHead("apps/v1", kind, name, "agents")
        return Field(Manifest(self.target(), 0, "", 1, head=head, body=body), pointer)

    def result(
        self,
        message: str = "container agents runs ghcr.io/acme/agents:v1.4.2, which is not pinned by digest",
        *,
        rule: str = "require-digest",
        level: Level = Level.ERROR,
        at: Location | None = None,
        place: Place | None = None,
        certainty: Certainty = Certainty.MATCHED,
        rendered_as: str = "",
        related: Sequence[Location] = (),
        targets: Sequence[str] = (AGENTS,),
        fields: Sequence[str] = (),
        suppressions: Sequence[Suppression] = (),
    ) -> Result:
        location = at or self.location()
        finding = Finding(
            rule, message, place or location, self.target(), level=level, image="ghcr.io/acme/agents:v1.4.2", container="agents"
        )
        provenance = Provenance(location, certainty, rendered_as)
        return Result(finding, provenance, "0123456789abcdef", tuple(related), tuple(targets), tuple(fields), tuple(suppressions))

    def report(
        self,
        results: Sequence[Result] = (),
        failures: Sequence[Failure] = (),
        notes: Sequence[str] = (),
        *,
        rules: Mapping[str, Any] | None = None,
        root: Path = TREE,
        rendered: int = 1,
        targets: int = 1,
        exit_code: int | None = None,
        sources: Mapping[str, str] | None = None,
    ) -> Report:
        code = exit_code if exit_code is not None else 2 if failures else 1 if results else 0
        return Report(
            results=list(results),
            failures=list(failures),
            notes=list(notes),
            rules={"require-digest": RequireDigest, "mutable-tag": MutableTag} if rules is None else rules,
            root=root,
            targets=tuple(self.target() for _ in range(targets)),
            rendered=rendered,
            seconds=1.234,
            exit_code=code,
            sources=sources or {},
        )

    def typical(self) -> Report:
        """A report with something of everything."""
        values, moved = f"{AGENTS}/values.yaml", "Deployment/agents spec.template.spec.containers[0].image"
        unpinned = self.result(
            place=self.field(pointer=("spec", "template", "spec", "containers", 0, "image")),
            at=self.location(key_path=("image", "tag")),
            rendered_as=f"{moved} = ghcr.io/acme/agents:v1.4.2",
            targets=(AGENTS, "argocd/applications/agents-eu"),
            fields=(moved, "Job/migrate spec.template.spec.containers[0].image"),
        )
        differs = self.result(
            "runner is at 8b1f0c2d, its siblings at 5fbe5706",
            rule="image-lockstep",
            level=Level.WARNING,
            at=self.location(region=self.region(7, 31, 39), key_path=("runner", "image")),
            related=(self.location(region=self.region(4), message="agents is at 5fbe5706"),),
        )
        accepted = self.result(
            "this one is accepted",
            rule="mutable-tag",
            suppressions=[Suppression("external", "pinned by the mirror", self.location(".agentslint.toml"))],
        )
        chart = self.result(
            "agents has no pull secret",
            rule="pull-secrets",
            level=Level.NOTE,
            certainty=Certainty.CHART,
            at=self.location(values, self.region(9, 3, 9)),
        )
        failure = Failure(
            "accumulating resources: missing.yaml: no such file",
            "argocd/applications/broken",
            location=self.location("argocd/applications/broken/kustomization.yaml", self.region(2, 3, 15)),
            details="Error: accumulating resources\n\tfrom 'missing.yaml'\x1b[31m",
        )
        raised = Failure("ZeroDivisionError: division by zero", AGENTS, rule_id="broken-rule")
        notes = ["chart redis has no version: pulled anew"]
        return self.report([differs, unpinned, accepted, chart], [failure, raised], notes, rendered=1, targets=2)


@pytest.fixture
def build() -> Build:
    return Build()


@pytest.fixture
def render() -> Any:
    def rendered(format_name: str, report: Report, **options: Any) -> str:
        return BUILTIN[format_name](report, ReportOptions(**options))

    return rendered


@pytest.fixture(scope="session")
def validate() -> Callable[[Any], None]:
    """Raises where a log breaks the official schema, with the demand on regions that its Errata 01 adds."""
    import jsonschema

    schema = json.loads(SCHEMA.read_text())
    schema["definitions"]["region"]["anyOf"] = [{"required": [name]} for name in ("startLine", "charOffset", "byteOffset")]
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    return validator.validate
