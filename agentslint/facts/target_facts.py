"""The input of rules: a target with its manifests and the facts that follow from them, each computed once, on demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agentslint.authorship.image_settings import ChartScope, Setting, setting_of
from agentslint.authorship.lines import chart_entry
from agentslint.facts.context import Context
from agentslint.facts.sources import SourceReference, authored_sources, rendered_sources
from agentslint.facts.template_files import template_file
from agentslint.images import Claim, ImageUse, PodSpec, by_outside, by_streams, claims, image_uses, may_hold_images, pod_specs
from agentslint.model import Field, HelmChartEntry, Location, Manifest, Place, Rendering, Target, TemplateCall
from agentslint.yamlread import YamlError

if TYPE_CHECKING:
    from agentslint.authorship.authored_scalar import AuthoredScalar
    from agentslint.authorship.chart_values import ChartValues
    from agentslint.authorship.documents import Authored
    from agentslint.facts.local_chart import LocalChart
    from agentslint.facts.printed import PrintedDocuments
    from agentslint.facts.release_values import ReleaseValue
    from agentslint.images.variables import Variable

CRD = "CustomResourceDefinition"


class TargetFacts:
    """One target, all that it renders, and the facts that follow from that."""

    def __init__(
        self,
        target: Target,
        manifests: Sequence[Manifest],
        context: Context,
        rendering: Rendering | None = None,
    ) -> None:
        self.target = target
        self._values: dict[HelmChartEntry, ChartValues] = {}
        self.manifests = tuple(manifests)
        self.context = context
        self.rendering = rendering
        self.knows_images = False
        """Whether anybody has asked for its images."""
        self.kept: dict[Any, Any] = {}
        """Whatever others compute of it and ask for again."""
        self._knows_calls = False
        self._template_files: dict[str, str] = {}
        self._read_crds: tuple[Manifest, ...] | None = None

    @cached_property
    def image_uses(self) -> tuple[ImageUse, ...]:
        """Every place where a manifest names an image."""
        self.knows_images = True
        named = (manifest for manifest in self._with_images if (manifest.kind, manifest.name) not in self.context.judged)
        uses = tuple(use for manifest in named for use in image_uses(manifest, self.context.image_fields))
        outside = self.target.deployed.outside if self.target.deployed else ()
        return tuple(by_outside(by_streams(uses, self.of_kind("ImageStream")), outside))

    @cached_property
    def sources(self) -> tuple[SourceReference, ...]:
        """Its references to other repositories, with their revisions."""
        rendered = (source for manifest in self.manifests for source in rendered_sources(manifest))
        return (*authored_sources(self.target), *rendered)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Environment variables, arguments and annotations that repeat a digest, a SHA or a tag."""
        return tuple(claim for manifest in self._with_images for claim in claims(manifest, self.context.image_fields))

    @cached_property
    def release_values(self) -> tuple[ReleaseValue, ...]:
        """Scalars without quotes in values that resources hand to Helm releases as texts."""
        from agentslint.facts.release_values import written_values

        return tuple(written_values(self.unjudged))

    @cached_property
    def unjudged(self) -> tuple[Manifest, ...]:
        """The manifests without the objects of deployers whose sources are judged as they are deployed: those show the values at work."""
        return tuple(manifest for manifest in self.manifests if (manifest.kind, manifest.name) not in self.context.judged)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The environment variables of all containers."""
        from agentslint.images.variables import variables

        return tuple(each for manifest in self._with_images for each in variables(manifest, self.context.image_fields))

    @cached_property
    def pods(self) -> tuple[PodSpec, ...]:
        """Every pod spec, wherever it sits."""
        return tuple(pod for manifest in self._with_images for pod in pod_specs(manifest, self.context.image_fields))

    @cached_property
    def _with_images(self) -> tuple[Manifest, ...]:
        """The manifests that may name an image; the others are not parsed."""
        return tuple(manifest for manifest in self.manifests if may_hold_images(manifest.head, self.context.image_fields))

    @cached_property
    def crds(self) -> tuple[Manifest, ...]:
        """Its CustomResourceDefinitions, read when first asked for: they are most of the bytes of many a render.

        Raises ValueError where one cannot be read.
        """
        self._read_crds = self._all_crds()
        return self._read_crds

    def _all_crds(self) -> tuple[Manifest, ...]:
        known = tuple(self.of_kind(CRD))
        if known or self.rendering is None or CRD.encode() not in self.rendering.stream:
            return known
        from agentslint.facts.stream import read_manifests

        documents = read_manifests(self.rendering, lambda kind: kind == CRD)
        if documents.failures:
            # A document without kind was reported when the others were read; the definitions can still be known.
            reported = read_manifests(self.rendering, lambda kind: kind != CRD).failures
            if unknown := [failure for failure in documents.failures if failure not in reported]:
                raise ValueError(f"{self.target.name}: {unknown[0].message}")
        # They are none of `manifests`, which are numbered from 0.
        return tuple(crd.numbered(-1 - crd.index) for crd in documents.manifests)

    @property
    def read_crds(self) -> tuple[Manifest, ...]:
        """Those that somebody has asked for so far."""
        return tuple(self.of_kind(CRD)) if self._read_crds is None else self._read_crds

    def of_kind(self, *kinds: str) -> Iterator[Manifest]:
        """Yield the manifests of these kinds."""
        return (manifest for manifest in self.manifests if manifest.kind in kinds)

    def setting(self, scalar: AuthoredScalar) -> Setting | None:
        """Return the image part that one scalar sets; None if its key is not about an image."""
        return setting_of(scalar, self.charts_of(scalar))

    def may_hold(self, scalar: AuthoredScalar, manifest: Manifest) -> bool:
        """Tell whether a manifest may hold a scalar, where nothing is proven: as a value of its chart, else by kind and name."""
        if charts := self.charts_of(scalar):
            call = self.call_of(manifest)
            return call is not None and any((chart.name, chart.release) == (call.chart, call.release) for chart in charts)
        return self.documents.may_stand_in(scalar.path, scalar.region, manifest)

    def charts_of(self, scalar: AuthoredScalar) -> frozenset[HelmChartEntry]:
        """Return the charts of whose values a scalar is a part."""
        return frozenset(scope.entry for scope in self._scopes if scope.holds(scalar))

    @cached_property
    def _scopes(self) -> tuple[ChartScope, ...]:
        entries = self.target.closure.charts
        files = (frozenset(layer.path for layer in self.values_of(entry).layers if not layer.prefix) for entry in entries)
        lines: dict[str, dict[int, str]] = {}
        for entry in entries:
            lines.setdefault(entry.kustomization, {})[entry.line] = entry.name
        return tuple(ChartScope(entry, own, lines[entry.kustomization]) for entry, own in zip(entries, files, strict=True))

    def values_of(self, entry: HelmChartEntry) -> ChartValues:
        """The values of one chart of the target, layer by layer."""
        from agentslint.authorship.chart_values import ChartValues

        if entry not in self._values:
            self._values[entry] = ChartValues(self.target, entry)
        return self._values[entry]

    @cached_property
    def calls(self) -> tuple[TemplateCall, ...]:
        """The helm calls of this render, as the shim kept them."""
        from agentslint.render.sidecar import read_calls

        self._knows_calls = True
        return read_calls(self.rendering.calls) if self.rendering and self.rendering.calls else ()

    @property
    def unread_documents(self) -> Iterator[str]:
        """Yield what of the calls cannot be read, as far as anybody asked for them: whatever rests on it was not judged."""
        for call in self.calls if self._knows_calls else ():
            yield from (f"what chart {call.chart} prints cannot be read: {reason}" for reason in call.unread)

    @cached_property
    def made_secrets(self) -> Mapping[tuple[str, str], frozenset[str] | None]:
        """Namespace and name of each Secret that it renders, or that an operator makes of its manifests, with its keys.

        None where the manifests do not say all of its keys.
        """
        from agentslint.facts.made_secrets import made_secrets

        return made_secrets(self.manifests)

    def local_chart(self, entry: HelmChartEntry) -> LocalChart | None:
        """Return the chart of an entry where it is in the repository."""
        from agentslint.facts.local_chart import LocalChart

        return LocalChart(self.target.root, entry.directory) if entry.present and entry.directory is not None else None

    @cached_property
    def definitions(self) -> frozenset[str]:
        """The names of the CustomResourceDefinitions in the rendering; none where it cannot be read."""
        from agentslint.schemas.definitions import raw_definitions

        stream = self.rendering.stream if self.rendering else b""
        try:
            return frozenset(each.name for each in raw_definitions(stream, self.target.file))
        except YamlError:
            return frozenset()

    def chart_place(self, entry: HelmChartEntry) -> Location:
        """Return the place of a chart's entry."""
        place = chart_entry(entry, self.target.root)
        return Location(place.path, place.region, "", ("helmCharts", entry.name, entry.release))

    def version_place(self, entry: HelmChartEntry) -> Location:
        """Return the place of a chart's version, or of its entry where it has none."""
        place = self.chart_place(entry)
        return Location(place.path, entry.version_region, "", (*place.key_path, "version")) if entry.version_region else place

    def definitions_place(self, entry: HelmChartEntry) -> Place:
        """Return the place of the switch that leaves out the `crds/` of a chart, or of its entry where there is none."""
        return entry.crds_at if isinstance(entry.crds_at, (Field, Location)) else self.chart_place(entry)

    def call_of(self, manifest: Manifest) -> TemplateCall | None:
        """Return the helm call that made a manifest (kustomize may have put something around its name), or None."""
        printed = self._printed.of(manifest) if self.calls else None
        return printed[0] if printed else None

    def entry_of(self, manifest: Manifest) -> HelmChartEntry | None:
        """Return the entry of the chart that made a manifest, or None."""
        call = self.call_of(manifest)
        charts = self.target.closure.charts if call else ()
        return next((each for each in charts if call and (each.name, each.release) == (call.chart, call.release)), None)

    def template_of(self, manifest: Manifest) -> str:
        """Return the template of a chart that made a manifest, e.g. `agents/templates/deployment.yaml`; empty where none did."""
        return self._printed.template_of(manifest) if self.calls else ""

    def template_path(self, manifest: Manifest) -> str:
        """Return the file of the template that made a manifest, from the root; empty where its chart is not in the repository."""
        template = self.template_of(manifest)
        if template not in self._template_files:
            self._template_files[template] = template_file(self.target, template)
        return self._template_files[template]

    @cached_property
    def _printed(self) -> PrintedDocuments:
        from agentslint.facts.printed import PrintedDocuments

        charts, documents = self.target.closure.charts, self.documents
        return PrintedDocuments(self.calls, charts, documents.names, self.manifests, documents.lists)

    @cached_property
    def documents(self) -> Authored:
        """The authored documents that the target reads."""
        from agentslint.authorship.documents import Authored

        return Authored(self.target, self.context.files)

    @cached_property
    def set_namespaces(self) -> tuple[tuple[str, Location], ...]:
        """The namespaces that kustomizations set, each with its place: that of the target's own first, which wins over the others."""
        own = sorted(self.documents.kustomizations, key=lambda document: document.path != self.target.file)
        found = ((document, scalar) for document in own for scalar in document.scalars if scalar.pointer == ("namespace",) and scalar.text)
        return tuple((scalar.text, document.location(scalar)) for document, scalar in found)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.target.name}: {len(self.manifests)} manifests>"
