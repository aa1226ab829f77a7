"""Which helm call printed a manifest, and under which name: kustomize may have put something around it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property

from agentslint.authorship.given_names import NOTHING, GivenNames, unhashed
from agentslint.facts.counterparts import Identity, identity
from agentslint.model import HelmChartEntry, Manifest, TemplateCall

PrintedTemplate = tuple[TemplateCall, str]
"""A call and the name that the document has in its output."""


class PrintedDocuments:
    """Finds the calls of manifests among those of one render."""

    def __init__(
        self,
        calls: Sequence[TemplateCall],
        charts: Sequence[HelmChartEntry],
        names: GivenNames,
        manifests: Sequence[Manifest],
        is_authored: Callable[[Manifest], bool] = lambda manifest: False,
    ) -> None:
        """`is_authored` tells whether a manifest is listed as a resource, so that no chart made it."""
        self._is_authored = is_authored
        self._calls = calls
        self._charts = charts
        self._names = names
        self._manifests = manifests

    def of(self, manifest: Manifest) -> PrintedTemplate | None:
        """Return the call that printed a manifest; of several that of its namespace."""
        found = self._given.get((manifest.kind, manifest.name)) or self._given.get((manifest.kind, unhashed(manifest.name)))
        found = (
            found or self._as_written.get((manifest.kind, manifest.name)) or list(self._somewhere_in(manifest)) or self._renamed(manifest)
        )
        here = (each for each in found if each[0].made(manifest.kind, each[1], manifest.namespace))
        return next(here, None) or next(iter(found), None)

    def template_of(self, manifest: Manifest) -> str:
        """Return the template that printed a manifest; of several with its name (hooks) the one at its place among them."""
        printed = self.of(manifest)
        if printed is None:
            return ""
        same = self._alike.get(identity(manifest), ())
        at = same.index(manifest.index) if manifest.index in same else 0
        return printed[0].template_of(manifest.kind, printed[1], manifest.namespace, at)

    @cached_property
    def _alike(self) -> Mapping[Identity, list[int]]:
        """The numbers of the manifests of each kind, namespace and name."""
        found: dict[Identity, list[int]] = {}
        for each in self._manifests:
            found.setdefault(identity(each), []).append(each.index)
        return found

    @cached_property
    def _given(self) -> Mapping[tuple[str, str], list[PrintedTemplate]]:
        """The documents by the names that kustomize gives them."""
        found: dict[tuple[str, str], list[PrintedTemplate]] = {}
        for call in self._calls:
            around = [each for chart in self._entries(call) for each in self._names.of_charts(chart.kustomization) or (NOTHING,)]
            for each in dict.fromkeys(around or (NOTHING,)):
                for kind, name in call.sources:
                    found.setdefault((kind, each.given(name)), []).append((call, name))
        return found

    @cached_property
    def _as_written(self) -> Mapping[tuple[str, str], list[PrintedTemplate]]:
        """Nothing is put around the names of some kinds, such as CustomResourceDefinitions."""
        found: dict[tuple[str, str], list[PrintedTemplate]] = {}
        for call in self._calls:
            for kind, name in call.sources:
                found.setdefault((kind, name), []).append((call, name))
        return found

    def _somewhere_in(self, manifest: Manifest) -> Iterator[PrintedTemplate]:
        """Of an entry in another repository, or beside a transformer that nobody knows, the names are not known.

        A document that is rendered under its own name cannot be another one renamed.
        """
        for call in self._calls:
            if self._names.are_known and self._entries(call):
                continue
            for kind, name in call.sources:
                if kind == manifest.kind and name in manifest.name and (kind, name) not in self._rendered:
                    yield call, name

    def _renamed(self, manifest: Manifest) -> list[PrintedTemplate]:
        """Where a patch or a replacement renamed it, it is a document of its kind that is rendered under none of its names.

        Of several it is the one whose name is still part of the new one.
        """
        left = self._left.get(manifest.kind, [])
        if not left or self._is_authored(manifest):
            return []
        alike = sorted((each for each in left if each[1] in manifest.name), key=lambda each: len(each[1]), reverse=True)
        return alike or (left if len(left) == 1 else [])

    @cached_property
    def _left(self) -> Mapping[str, list[PrintedTemplate]]:
        """The documents that are rendered under none of the names that they may have, by kind."""
        rendered = {*self._rendered, *((kind, unhashed(name)) for kind, name in self._rendered)}
        names: dict[tuple[int, str, str], tuple[PrintedTemplate, bool]] = {}
        for (kind, given), documents in (*self._given.items(), *self._as_written.items()):
            for call, name in documents:
                key = id(call), kind, name
                names[key] = (call, name), (kind, given) in rendered or names.get(key, ((call, name), False))[1]
        found: dict[str, list[PrintedTemplate]] = {}
        for (_, kind, _), (printed, is_rendered) in names.items():
            if not is_rendered:
                found.setdefault(kind, []).append(printed)
        return found

    def _entries(self, call: TemplateCall) -> list[HelmChartEntry]:
        return [chart for chart in self._charts if (chart.name, chart.release) == (call.chart, call.release)]

    @cached_property
    def _rendered(self) -> Collection[tuple[str, str]]:
        return {(manifest.kind, manifest.name) for manifest in self._manifests}
