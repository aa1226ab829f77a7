"""Reading a kustomization file for what it refers to.

Field names are those of kustomize 5.8's api/types/kustomization.go, the deprecated ones included; keys in lower case here.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from msgspec import Struct

from agentslint.discover.lenient_mapping import Fields, PathReference
from agentslint.discover.plugins import data_files
from agentslint.places import Region
from agentslint.yamlread import MappingNode, Node, YamlError, compose

_CHANGES = ("patches", "patchesstrategicmerge", "patchesjson6902", "replacements", "transformers")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Chart(Struct, frozen=True):
    """One chart to inflate: an entry of `helmCharts` or `helmChartInflationGenerator`, or a generator's file."""

    line: int
    name: str
    release: str
    repo: str
    version: str
    devel: bool
    home: str
    version_region: Region | None = None
    crds_region: Region | None = None
    """Where `includeCRDs` stands."""


class ImageEntry(Struct, frozen=True):
    """One entry of `images`: what becomes of the images of a name. A tag or digest that it does not set is empty."""

    name: str
    new_name: str
    tag: PathReference
    digest: PathReference


class Kustomization(Struct):
    """The references of one kustomization file, as written there."""

    component: bool = False
    resources: list[PathReference] = []
    components: list[PathReference] = []
    files: list[PathReference] = []
    plugins: list[PathReference] = []
    """Generators, transformers and validators: files, folders or YAML in place."""
    charts: list[Chart] = []
    images: list[ImageEntry] = []
    changes: bool = False
    """Whether it lays something over its resources that may decide any image: patches, replacements, transformers."""
    nul: int = 0
    """The line of the first path, name or URL with a NUL character, which no program takes; 0 where there is none."""


def read_kustomization(content: bytes, path: str) -> Kustomization:
    """Return what a kustomization refers to; raises YamlError. Only the first document counts, as for kustomize."""
    documents = compose(content, path, duplicate_keys=True)
    return _read(Fields(documents[0])) if documents else Kustomization()


def decoded(content: str | bytes) -> str:
    """Return a file's text, with a sign in place of what is none; a mark at its beginning may say UTF-16 (YAML 1.1, section 5.2)."""
    if isinstance(content, str):
        return content
    return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8", "replace")


def _readable(content: str | bytes) -> str | bytes:
    """UTF-16 as text; all else is left to the reader of YAML, which names the place of what is no UTF-8."""
    return decoded(content) if isinstance(content, bytes) and content.startswith(_UTF_16) else content


def read_chart(fields: Fields, home: str, line: int | None = None) -> Chart:
    """Read an entry of `helmCharts`, or the HelmChartInflationGenerator's own file; `line` is set where that stands in another text."""
    return Chart(
        line=fields.line if line is None else line,
        name=fields.text("name"),
        release=fields.text("releasename"),
        repo=fields.text("repo"),
        version=fields.text("version"),
        version_region=fields.reference("version").region if line is None else None,
        crds_region=fields.reference("includecrds").region if line is None else None,
        devel=fields.text("devel").lower() == "true",
        home=fields.text("charthome") or home,
    )


def is_inline(text: str) -> bool:
    """Tell whether a patch or plugin is written in place rather than named by its path."""
    return "\n" in text.strip() or text.lstrip().startswith(("{", "[")) or ("{" in text and _is_mapping(text))


def _is_mapping(text: str) -> bool:
    try:
        return any(isinstance(node, MappingNode) for node in parse_plugin(text, ""))
    except YamlError:
        return False


def parse_plugin(content: str | bytes, path: str) -> list[Node]:
    """Return the documents of a generator's, transformer's or validator's configuration; raises YamlError."""
    return compose(_readable(content), path, duplicate_keys=True)


def _read(fields: Fields) -> Kustomization:
    found = _found(fields)
    named = [(each.text, each.line) for each in (*found.resources, *found.components, *found.files, *found.plugins)]
    called = [(f"{chart.name}{chart.release}{chart.repo}{chart.version}{chart.home}", chart.line) for chart in found.charts]
    found.nul = next((line for text, line in (*named, *called) if "\0" in text), 0)
    return found


def _found(fields: Fields) -> Kustomization:
    return Kustomization(
        component=fields.text("kind") == "Component",
        resources=fields.references("resources") + fields.references("bases"),
        components=fields.references("components"),
        files=list(_files(fields)),
        plugins=[entry for name in ("generators", "transformers", "validators") for entry in fields.references(name)],
        charts=list(_charts(fields)),
        changes=any(fields.nested(name) or fields.references(name) for name in _CHANGES),
        images=[_image(entry) for name in ("images", "imagetags") for entry in fields.nested(name)],
    )


def _files(fields: Fields) -> Iterator[PathReference]:
    for name in ("crds", "configurations"):
        yield from fields.references(name)
    for name in ("patches", "patchesjson6902", "replacements", "openapi"):
        for entry in fields.nested(name):
            yield from entry.references("path")
    yield from (patch for patch in fields.references("patchesstrategicmerge") if not is_inline(patch.text))
    for name in ("configmapgenerator", "secretgenerator"):
        for entry in fields.nested(name):
            yield from data_files(entry)
            yield from entry.references("envs") + entry.references("env")
    for entry in fields.nested("helmcharts"):
        yield from entry.references("valuesfile") + entry.references("additionalvaluesfiles")
    for entry in fields.nested("helmchartinflationgenerator"):
        yield from entry.references("values")


def _image(entry: Fields) -> ImageEntry:
    return ImageEntry(entry.text("name"), entry.text("newname"), entry.reference("newtag"), entry.reference("digest"))


def _charts(fields: Fields) -> Iterator[Chart]:
    old = fields.nested("helmchartinflationgenerator")
    homes = fields.nested("helmglobals") or list(reversed(old))
    home = next((text for text in (entry.text("charthome") for entry in homes) if text), "")
    for entry in fields.nested("helmcharts"):
        yield read_chart(entry, home)
    for entry in old:
        yield Chart(
            line=entry.line,
            name=entry.text("chartname"),
            release=entry.text("releasename"),
            repo=entry.text("chartrepourl"),
            version=entry.text("chartversion"),
            version_region=entry.reference("chartversion").region,
            devel=False,
            home=home,
        )
