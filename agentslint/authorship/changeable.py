"""The scalars of one target that a taint render may change, from the files that the target reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from agentslint.authorship.allowed import Allowed, anywhere, in_chart_file, in_kustomization, in_manifest, in_operations, is_telling
from agentslint.authorship.authored_scalar import ENCODED, AuthoredScalar, Layer
from agentslint.authorship.deployer_scalars import (
    decides,
    deciding_scalars,
    files_of_parameters,
    image_parts,
    images_set_by,
    is_deployer_object,
    is_override_file,
    looked_for_by,
)
from agentslint.authorship.documents import Authored, Document, FileDocuments
from agentslint.authorship.embedded import INSIDE, Passage, nested_scalars
from agentslint.authorship.image_settings import parameter_path
from agentslint.images.reference import read_reference
from agentslint.model import Pointer, Region, Target
from agentslint.model.manifest import DATA_KINDS
from agentslint.places import by_name
from agentslint.yamlread import BLOCKS, ONE_LINE, Scalar, empty_collections

_PATCH_LISTS = ("patches", "patchesJson6902", "patchesStrategicMerge")
_NULLS, _FALSE = ("null", "~", "Null", "NULL"), ("false", "False", "FALSE", "0")


class _Source(Struct, frozen=True):
    """The common origin of some scalars."""

    document: Document
    allowed: Allowed
    layer: Layer
    body: Any = None
    prefix: Pointer = ()
    """The key path of the scalar that this document is written inside of."""

    def key_path(self, scalar: Scalar) -> Pointer:
        """A key path that outlives moved lines."""
        inner = (*self.prefix, *by_name(self.body, scalar.pointer)) if self.prefix else ()
        return inner or self.document.location(scalar).key_path


class ChangeableScalars:
    """The scalars of one target that may be changed to see what they decide."""

    def __init__(self, target: Target, authored: Authored, files: FileDocuments) -> None:
        self.target = target
        self.authored = authored
        self.files = files

    @cached_property
    def scalars(self) -> tuple[AuthoredScalar, ...]:
        """All of them, each place once (an alias is changed where its anchor stands; a file may be several parameters)."""
        of_files = {one.place: one for one in self._parameter_files()}
        return (*self._once(self._sources(self.authored.documents)), *of_files.values())

    @cached_property
    def overrides(self) -> tuple[AuthoredScalar, ...]:
        """Those of them that decide over resources; the resources need not be read for them."""
        return self._once(self._sources(self.authored.overriding))

    def _once(self, sources: Iterable[tuple[_Source, Sequence[Scalar]]]) -> tuple[AuthoredScalar, ...]:
        found: dict[tuple[str, Region], AuthoredScalar] = {}
        for source, scalars in sources:
            for scalar in scalars:
                if source.allowed(scalar.pointer) and (one := self._scalar(source, scalar)):
                    found.setdefault(one.place, one)
        return tuple(found.values())

    def _parameter_files(self) -> Iterator[AuthoredScalar]:
        """The texts of files of one line that are parameters of a chart."""
        for name, path in files_of_parameters(self.target.deployed) if self.target.deployed else ():
            lines = self.lines(path)
            if lines and lines[0].strip() and not any(lines[1:]):
                region = Region(1, 1, 1, len(lines[0]) + 1)
                yield AuthoredScalar(path, region, lines[0], "text", parameter_path(name), Layer.SETTINGS)

    @cached_property
    def image_names(self) -> tuple[AuthoredScalar, ...]:
        """The names that `images:` entries look for."""
        return tuple(
            _in_kustomization(document, scalar)
            for document in self.authored.kustomizations
            for scalar in document.scalars
            if len(scalar.pointer) == 3 and scalar.pointer[0] in ("images", "imageTags") and scalar.pointer[2] == "name"
        )

    @cached_property
    def deployed_image_names(self) -> tuple[AuthoredScalar, ...]:
        """The same of a deployer's images: of Flux the name, of Argo CD the whole text that begins with it."""
        found = []
        for document in filter(self._is_of_deployer, self.authored.overriding):
            for scalar in document.scalars:
                way = document.location(scalar).key_path
                if scalar.pointer[-3:-2] == ("images",) and scalar.pointer[-1] == "name":
                    found.append((document, scalar, way))
                elif scalar.pointer[-3:-1] == ("kustomize", "images"):
                    found += [(document, scalar, (*way[:-1], each.pointer[-2], "name")) for each in islice(image_parts(scalar), 1)]
        return tuple(
            AuthoredScalar(document.path, scalar.region, scalar.text, scalar.style, way, Layer.DEPLOYER)
            for document, scalar, way in found
            if scalar.style in ONE_LINE and scalar.region.start_line == scalar.region.end_line
        )

    @cached_property
    def emptied(self) -> tuple[AuthoredScalar, ...]:
        """Empty texts, nulls and what else is false to a template, in deployers' objects, values and kustomizations: they take away
        what stands below them. Each has an empty text; that of a null has the style `null`, since it takes a whole block away.
        """
        return tuple(
            AuthoredScalar(source.document.path, scalar.region, "", style, source.key_path(scalar), source.layer)
            for source, scalars in self._sources(self.authored.overriding)
            if source.layer in (Layer.DEPLOYER, Layer.SETTINGS, Layer.KUSTOMIZATION)
            for scalar in (*scalars, *(() if source.prefix or source.layer is Layer.DEPLOYER else empty_collections(source.document.node)))
            if (style := _style_of_nothing(scalar)) and source.allowed(scalar.pointer)
        )

    @cached_property
    def crd_switches(self) -> tuple[AuthoredScalar, ...]:
        """Where entries of charts ask for their CustomResourceDefinitions."""
        return tuple(
            _in_kustomization(document, scalar)
            for document in self.authored.kustomizations
            for scalar in document.scalars
            if scalar.pointer[:1] == ("helmCharts",) and scalar.pointer[2:] == ("includeCRDs",) and scalar.text == "true"
        )

    @cached_property
    def matched_on(self) -> frozenset[str]:
        """The texts of `image_names`."""
        return frozenset(name.text for name in self.image_names)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Blocks of text, and files that are not YAML: a field may hold a part of them."""
        blocks = [
            Passage(source.document.path, scalar.region.start_line + 1, scalar.region.end_line, source.key_path(scalar))
            for source, scalars in self._sources(self.authored.documents)
            for scalar in scalars
            if scalar.style in BLOCKS and scalar.region.end_line > scalar.region.start_line + 1 and source.allowed(scalar.pointer)
        ]
        others = [path for path in sorted(self.target.closure.files) if not path.endswith((".yaml", ".yml", ".json"))]
        return (*blocks, *(Passage(path, 1, len(self.lines(path))) for path in others if path not in self.target.closure.kustomizations))

    @cached_property
    def _inner_charts(self) -> tuple[str, ...]:
        """The folders of charts outside of these that they depend on, and that their deployer puts into them."""
        own = self.target.deployed.local_charts if self.target.deployed else ()
        return tuple(folder for folder in dict.fromkeys(own) if folder not in self.charts)

    def lines(self, path: str) -> Sequence[str]:
        """The lines of a file of the target."""
        return self.files.lines(self.target.root, path)

    @cached_property
    def charts(self) -> tuple[str, ...]:
        """The folders of local charts."""
        return tuple(sorted({chart.directory for chart in self.target.closure.charts if chart.directory and chart.present}))

    @cached_property
    def deployed_names(self) -> frozenset[str]:
        """The names that the images of a deployer look for: no text with one of them may be changed, or they find nothing.

        Argo CD sorts its images and those of the kustomization by name (`kustomize edit set image`): with another name the order, and
        so the effect, would be another one. The names of both are left alone then.
        """
        deployed = self.target.deployed
        documents = [document.scalars for document in self.authored.overriding if self._is_of_deployer(document)]
        if deployed is None:
            return frozenset()
        sorted_names = self.matched_on if any(images_set_by(deployed)) else frozenset()
        return sorted_names.union(looked_for_by(deployed, documents))

    def names_deployed_image(self, scalar: AuthoredScalar) -> str:
        """Return the repository that a scalar holds and that a deployer's images look for; empty if none does."""
        reference = read_reference(scalar.text)[0] if self.deployed_names and scalar.layer is not Layer.DEPLOYER else None
        return reference.repository if reference and reference.repository in self.deployed_names else ""

    @cached_property
    def _chart_defaults(self) -> frozenset[str]:
        """The own values of local charts, which are their defaults even where they are listed as a values file."""
        return frozenset(f"{folder}/values.yaml" for folder in (*self.charts, *self._inner_charts))

    def names_image(self, scalar: AuthoredScalar) -> str:
        """Return the repository that a scalar holds and that an `images:` entry looks for; empty if none does."""
        reference, _ = read_reference(scalar.text) if self.matched_on else (None, "")
        return reference.repository if reference and reference.repository in self.matched_on else ""

    def looked_for(self, scalar: AuthoredScalar) -> str:
        """The same, where an entry's name may carry a tag or a digest as well."""
        image = read_reference(scalar.text)[0] if self.matched_on else None
        return image.repository if image and image.repository in self._looked_for else self.names_deployed_image(scalar)

    @cached_property
    def _looked_for(self) -> frozenset[str]:
        references = (read_reference(name)[0] for name in self.matched_on)
        return self.matched_on | {reference.repository for reference in references if reference}

    def _scalar(self, source: _Source, scalar: Scalar) -> AuthoredScalar | None:
        """The scalar where it can be written anew on one line; a block of text with one line can."""
        region, text, style = scalar.region, scalar.text, scalar.style
        if style in BLOCKS and region.end_line == region.start_line + 1:
            line = self.lines(source.document.path)[region.end_line - 1]
            text, style = text.strip(), "text"
            start = len(line) - len(line.lstrip()) + 1
            region = Region(region.end_line, start, region.end_line, start + len(text))
        elif style not in (*ONE_LINE, ENCODED) or region.start_line != region.end_line:
            return None
        if not text:
            return None
        return AuthoredScalar(source.document.path, region, text, style, source.key_path(scalar), source.layer, scalar.within)

    def _sources(self, documents: Sequence[Document]) -> Iterator[tuple[_Source, Sequence[Scalar]]]:
        kustomizations = set(self.target.closure.kustomizations)
        for document in documents:
            if self._is_of_deployer(document):
                yield from self._deployer(document)
                if document.resource[0] != "List":
                    continue
            if document.path in self._chart_defaults:
                continue
            if self._holds_data(document):
                yield from self._values_in(document)
            if document.path in kustomizations:
                yield from self._kustomization(document)
            elif document.path in self.authored.resource_files:
                yield _Source(document, in_manifest, Layer.RESOURCE), document.scalars
            else:
                allowed = in_operations if isinstance(document.body, list) else in_manifest if document.resource[0] else anywhere
                if self.target.deployed and document.path in self.target.deployed.deployer_files:
                    allowed = decides
                yield _Source(document, allowed, Layer.SETTINGS), document.scalars
        for folder in (*self.charts, *self._inner_charts):
            yield from self._chart(self.target.root / folder)

    def _is_of_deployer(self, document: Document) -> bool:
        return self.target.deployed is not None and (is_deployer_object(document.body) or is_override_file(document.path))

    @cached_property
    def fixed(self) -> tuple[AuthoredScalar, ...]:
        """Texts in patches, ConfigMaps and Secrets that decide something and cannot be written anew where they stand.

        They have escapes in them, go over several lines, or are a part of a text in base64.
        """
        from agentslint.authorship.taken_data import is_fixed

        kustomizations = set(self.target.closure.kustomizations)
        sources = (
            source
            for document in self.authored.documents
            for source in (
                *(self._deployer(document, changeable=False) if self._is_of_deployer(document) else ()),
                *(self._values_in(document, changeable=False) if self._holds_data(document) else ()),
                *(self._patches(document, changeable=False) if document.path in kustomizations else ()),
            )
        )
        return tuple(
            AuthoredScalar(source.document.path, scalar.region, scalar.text, scalar.style, source.key_path(scalar), source.layer)
            for source, scalars in sources
            for scalar in scalars
            if is_fixed(scalar) and source.allowed(scalar.pointer)
        )

    def fixed_like(self, text: str, *, is_part: bool) -> list[AuthoredScalar]:
        """Return those of them with a text; if that is a part of an image, a key above them has to say that they may be one."""
        return [each for each in self.fixed if each.text == text and (not is_part or is_telling(each.key))]

    def _holds_data(self, document: Document) -> bool:
        """Tell whether a document holds values for a deployer's object: a ConfigMap, a Secret, or a patch of one."""
        deployed = self.target.deployed
        if deployed is None or not deployed.data or document.path not in deployed.not_deployed:
            return False
        return isinstance(document.body, list) or document.resource in self._data

    @cached_property
    def _data(self) -> frozenset[tuple[str, str]]:
        """Kind and name of what a deployer's object takes values from, as they are written: around them may stand something more."""
        deployed = self.target.deployed
        wanted = deployed.data if deployed else frozenset[tuple[str, str]]()
        written = {document.resource for document in self.authored.documents if document.resource[0] in DATA_KINDS}
        found = set[tuple[str, str]]()
        for kind, name in wanted:
            alike = {each for each in written if each[0] == kind and each[1] in name}
            # A patch may have given it another name.
            found |= alike or {each for each in written if each[0] == kind}
        return frozenset(found)

    def _deployer(self, document: Document, *, changeable: bool = True) -> Iterator[tuple[_Source, Sequence[Scalar]]]:
        """What a deployer's object lays over a source."""
        lines = self.lines(document.path)
        for pointer, body, inner in deciding_scalars(document.path, document.scalars, lines, changeable=changeable):
            prefix = (*document.location(_at_start(pointer)).key_path,) if pointer else ()
            yield (
                _Source(
                    document, in_operations if isinstance(body, list) and INSIDE not in pointer else anywhere, Layer.DEPLOYER, body, prefix
                ),
                inner,
            )

    def _values_in(self, document: Document, *, changeable: bool = True) -> Iterator[tuple[_Source, Sequence[Scalar]]]:
        """The values that a deployer's object takes from a ConfigMap or Secret, or from a patch of one."""
        from agentslint.authorship.taken_data import taken_texts

        for pointer, body, inner in taken_texts(document, self.lines(document.path), changeable=changeable):
            yield _Source(document, anywhere, Layer.SETTINGS, body, document.location(_at_start(pointer)).key_path), inner

    def _kustomization(self, document: Document) -> Iterator[tuple[_Source, Sequence[Scalar]]]:
        yield _Source(document, in_kustomization, Layer.KUSTOMIZATION), [_literal_value(scalar) for scalar in document.scalars]
        yield from self._patches(document)

    def _patches(self, document: Document, *, changeable: bool = True) -> Iterator[tuple[_Source, Sequence[Scalar]]]:
        for scalar in document.scalars:
            if scalar.pointer[:1] and scalar.pointer[0] in _PATCH_LISTS and (scalar.pointer[-1] == "patch" or len(scalar.pointer) == 2):
                for way, body, inner in nested_scalars(scalar, self.lines(document.path), changeable=changeable):
                    allowed = anywhere if way else in_operations if isinstance(body, list) else in_manifest
                    yield _Source(document, allowed, Layer.KUSTOMIZATION, body, (*by_name(document.body, scalar.pointer), *way)), inner

    def _chart(self, folder: Path) -> Iterator[tuple[_Source, Sequence[Scalar]]]:
        """The default values of a local chart and of the charts in it, and what Chart.yaml says."""
        for name, allowed in (("values.yaml", anywhere), ("Chart.yaml", in_chart_file)):
            for path in [folder / name, *sorted((folder / "charts").glob(f"**/{name}"))]:
                for document in self.files(self.target.root, path.relative_to(self.target.root).as_posix()):
                    yield _Source(document, allowed, Layer.CHART), document.scalars


def _style_of_nothing(scalar: Scalar) -> str:
    """The style of a scalar that holds nothing, `null` for one that is null; "" for one that holds something."""
    if scalar.style != "plain":
        return scalar.style if not scalar.text else ""
    is_collection = scalar.region.start_column < scalar.region.end_column
    if scalar.text in _NULLS or (not scalar.text and not is_collection):
        return "null"
    return "plain" if not scalar.text or scalar.text in _FALSE else ""


def _at_start(pointer: Pointer) -> Scalar:
    return Scalar(pointer, "", Region(1, 1, 1, 1), "plain", None)


def _in_kustomization(document: Document, scalar: Scalar) -> AuthoredScalar:
    key_path = document.location(scalar).key_path
    return AuthoredScalar(document.path, scalar.region, scalar.text, scalar.style, key_path, Layer.KUSTOMIZATION)


def _literal_value(scalar: Scalar) -> Scalar:
    """In a generator's literal `KEY=value` only the value counts (kustomize strips quotes around it)."""
    if scalar.pointer[-2:-1] != ("literals",) or "=" not in scalar.text or scalar.style not in ONE_LINE:
        return scalar
    region = scalar.region
    name, _, text = scalar.text.partition("=")
    if region.end_column - region.start_column != len(scalar.text):
        return scalar
    quoted = 1 if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else 0
    start, end = region.start_column + len(name) + 1 + quoted, region.end_column - quoted
    return Scalar(
        scalar.pointer, text[quoted : len(text) - quoted], Region(region.start_line, start, region.end_line, end), scalar.style, None
    )
