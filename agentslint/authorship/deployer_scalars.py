"""The scalars in deployers' objects that decide over deployed manifests: images, patches, parameters, values, elements of generators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from agentslint.authorship.embedded import inner_scalars, nested_scalars
from agentslint.model import Pointer, Region
from agentslint.model.application import Application, DeployedSource, HelmRecipe, InTree, KustomizeRecipe
from agentslint.yamlread import Scalar

_GROUPS = ("argoproj.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io")
_KINDS = ("Application", "ApplicationSet", "Kustomization", "HelmRelease")
_OVERRIDE_FILE = re.compile(r"(?:.*/)?\.argocd-source[^/]*\.yaml")
_IMAGE = re.compile(r"(?:(?P<name>[^=\s]*)=)?(?P<new>[^@\s]*?)(?::(?P<tag>[^:/@\s]+))?(?:@(?P<digest>\S+))?")
_TEMPLATE = "{{"
_PLACEHOLDER = re.compile(r"\{\{(?:(?!\{\{|\}\})[^\n])*\}\}")
_CONTROL = re.compile(r"^[ \t]*\{\{-?[^{}\n]*\}\}[ \t]*$", re.M)
_NAMING = frozenset(("name", "path", "namespace", "cluster", "server", "url", "repoURL", "project", "chart", "enabled"))
"""Keys of a generator's elements that identify the application; the other keys configure it."""


def is_deployer_object(body: Any) -> bool:
    """Tell whether a document is an object of Argo CD or Flux that deploys something, or a List with one."""
    if isinstance(body, Mapping) and body.get("kind") == "List" and isinstance(body.get("items"), list):
        return any(map(is_deployer_object, body["items"]))
    group = str(body.get("apiVersion")).rpartition("/")[0] if isinstance(body, Mapping) else ""
    return group in _GROUPS and body.get("kind") in _KINDS


def is_override_file(path: str) -> bool:
    """Tell whether a file overrides what Argo CD deploys from its folder."""
    return _OVERRIDE_FILE.fullmatch(path) is not None


def deciding_scalars(
    path: str, found: Sequence[Scalar], lines: Sequence[str], *, changeable: bool = True
) -> Iterator[tuple[Pointer, Any, list[Scalar]]]:
    """Yield the scalars of an object, or of a file that overrides a source, that decide something.

    Each comes with the pointer and body of the text that it stands in, an empty pointer where it stands in the document itself. Those of
    texts that cannot be changed where they stand are left out if they have to be `changeable`.
    """
    own: list[Scalar] = []
    in_source = is_override_file(path)
    for scalar in found:
        setting = scalar.pointer if in_source else _setting(scalar.pointer)
        match setting:
            case ("patch" | "elementsYaml",) | ("kustomize", "patches", int(), "patch"):
                yield from (
                    ((*scalar.pointer, *way), body, inner) for way, body, inner in nested_scalars(scalar, lines, changeable=changeable)
                )
            case ("helm", "values"):
                for body, inner in _as_template(scalar, lines):
                    yield scalar.pointer, body, [part for each in inner for part in _literal(each)]
            case ("templatePatch",):
                for body, inner in _as_template(scalar, lines):
                    yield scalar.pointer, body, [part for each in inner for part in _own(_setting(each.pointer), each)]
            case _:
                own += _own(setting, scalar)
    yield (), None, own


def _own(setting: Pointer, scalar: Scalar) -> Iterator[Scalar]:
    """Yield the parts of a scalar that decide something themselves."""
    match setting:
        case ("given", *_):
            yield scalar
        case ("kustomize", "images", int()):
            yield from image_parts(scalar)
        case (
            ("kustomize", "commonAnnotations", str())
            | ("kustomize", "replicas", int(), "count")
            | ("helm", "parameters", int(), "value")
            | ("helm", "valuesObject", *_)
            | ("element", *_)
        ) if decides(setting):
            yield from _literal(scalar)


def _literal(scalar: Scalar) -> Iterator[Scalar]:
    """Yield a scalar, or of an image that is filled in the tag and the digest that are not."""
    if _TEMPLATE not in scalar.text:
        yield scalar
        return
    for part in image_parts(scalar):
        if part.pointer[-1] in ("newTag", "digest"):
            yield replace(part, pointer=scalar.pointer)


def _as_template(outer: Scalar, lines: Sequence[str]) -> Iterator[tuple[Any, list[Scalar]]]:
    """Yield the documents of a text with placeholders, which may be no YAML before they are filled in."""
    if _TEMPLATE not in outer.text:
        yield from inner_scalars(outer, lines)
        return
    text = _CONTROL.sub(lambda line: " " * len(line.group()), outer.text)
    masked = Scalar(outer.pointer, _PLACEHOLDER.sub(_masked, text), outer.region, outer.style, None)
    for body, inner in inner_scalars(masked, lines):
        yield body, [written for each in inner if (written := _as_written(each, lines))]


def _as_written(masked: Scalar, lines: Sequence[str]) -> Scalar | None:
    """The scalar with its placeholders; None for one on several lines, or with escapes."""
    region, length = masked.region, len(masked.text)
    around = region.end_column - region.start_column - length
    if region.start_line != region.end_line or around not in (0, 2):
        return None
    start = region.start_column - 1 + around // 2
    return replace(masked, text=lines[region.start_line - 1][start : start + length], key_region=None)


def _masked(placeholder: re.Match[str]) -> str:
    return "x" * len(placeholder.group())


def looked_for_by(deployed: DeployedSource, documents: Iterable[Sequence[Scalar]]) -> Iterator[str]:
    """Yield the names that a deployer's images look for: those of Argo CD as it fills them in, those of Flux as they are written."""
    yield from (name for name, _ in images_set_by(deployed))
    yield from (each.text for scalars in documents for each in scalars if each.pointer[-3:-2] == ("images",) and each.pointer[-1] == "name")


def images_set_by(deployed: DeployedSource) -> Iterator[tuple[str, str]]:
    """Yield the repositories that the images of an Argo CD Application look for, each with the one that the image has then."""
    recipe = deployed.plain_recipe
    for edit in recipe.edits if isinstance(recipe, KustomizeRecipe) else ():
        for image in edit[2:] if edit[:2] == ("set", "image") else ():
            found = _IMAGE.fullmatch(image)
            new = found["new"] if found else image
            yield (found["name"] or new) if found else image, new


def is_of_application(path: str, key_path: Pointer, application: Application) -> bool:
    """Tell whether a place in a deployer's file belongs to an application: the file may hold others, an override file holds none."""
    return is_override_file(path) or application.is_named_in(map(str, key_path))


def may_change_images(deployed: DeployedSource) -> bool:
    """Tell whether a deployer may change any image of a kustomization: with patches, components, or one that it writes anew (Flux)."""
    recipe = deployed.plain_recipe
    if not isinstance(recipe, KustomizeRecipe):
        return recipe is None
    return bool(recipe.patches or recipe.components or recipe.written or recipe.after)


def files_of_parameters(deployed: DeployedSource) -> Iterator[tuple[str, str]]:
    """Yield the parameters whose value is the text of a file (`--set-file`): the name, and the path of the file."""
    recipe = deployed.plain_recipe
    for argument in recipe.arguments if isinstance(recipe, HelmRecipe) else ():
        if isinstance(argument, InTree) and argument.prefix:
            yield argument.prefix.removesuffix("="), argument.path


def sets_repository(image: str, repository: str) -> bool:
    """Tell whether `[name=]image[:tag][@digest]` may set a repository, whatever stands in the place of its placeholders."""
    found = _IMAGE.fullmatch(_PLACEHOLDER.sub("\0", image))
    if found is None or not found["new"].strip("\0"):
        return False
    first, *others = found["new"].split("\0")
    if not others:
        return first == repository
    at = len(first) if repository.startswith(first) else -1
    for part in others[:-1]:
        at = repository.find(part, at) + len(part) if at >= 0 and part in repository[at:] else -1
    return at >= 0 and len(repository) - len(others[-1]) >= at and repository.endswith(others[-1])


def decides(pointer: Pointer) -> bool:
    """Tell whether a parameter of an element may decide what runs."""
    return pointer[-1:] == () or pointer[-1] not in _NAMING


def _setting(pointer: Pointer) -> Pointer:
    """The way to a scalar from its source, or as a setting of its own; empty for one without effect on the manifests."""
    while pointer[:1] == ("items",) and len(pointer) > 2:
        pointer = pointer[2:]
    if own := _setting_of_flux(pointer):
        return own
    for at, step in enumerate(pointer):
        if step in ("source", "drySource"):
            return pointer[at + 1 :]
        if step == "sources" and isinstance(pointer[at + 1 : at + 2], tuple) and len(pointer) > at + 2:
            return pointer[at + 2 :]
        if step == "elements":
            return ("element", *pointer[at + 1 :])
        if step == "elementsYaml":
            return ("elementsYaml",)
    match pointer:
        case ("spec", "templatePatch"):
            return ("templatePatch",)
        case ("spec", "generators", *_, "values", str()):
            return ("element", *pointer)
    return ()


def _setting_of_flux(pointer: Pointer) -> Pointer:
    match pointer:
        case ("spec", "values" | "chart", *_) | ("spec", "postBuild", "substitute", _):
            return ("given",) if pointer[1] != "chart" or pointer[-1] == "version" else ()
        case ("spec", "postRenderers", int(), "kustomize", *rest) | ("spec", *rest):
            return _setting_of_flux_kustomize(tuple(rest))
    return ()


def _setting_of_flux_kustomize(pointer: Pointer) -> Pointer:
    match pointer:
        case ("images", int(), "newName" | "newTag" | "digest") | ("patchesStrategicMerge", int(), *_):
            return ("given",)
        case ("patchesJson6902", int(), "patch", int(), "value", *_) | ("commonMetadata", "annotations", _):
            return ("given",)
        case ("patches", int(), "patch"):
            return ("patch",)
    return ()


def image_parts(scalar: Scalar) -> Iterator[Scalar]:
    """Yield the new name, tag and digest of `[name=]image[:tag][@digest]`, without the name that it replaces."""
    region, text = scalar.region, scalar.text
    # A placeholder hides only the part that it stands in; the other parts are literal.
    found = _IMAGE.fullmatch(_PLACEHOLDER.sub(_masked, text))
    quoted = 2 if scalar.style in ("single", "double") else 0
    width = region.end_column - region.start_column
    if found is None or region.start_line != region.end_line or width not in (len(text), len(text) + quoted):
        return
    shift = region.start_column + (width - len(text)) // 2
    for part in ("new", "tag", "digest"):
        if not found[part] or (part == "new" and (found["name"] is None or found["new"] == "*")):
            continue
        start, end = found.span(part)
        if _TEMPLATE in text[start:end]:
            continue
        place = Region(region.start_line, shift + start, region.end_line, shift + end)
        name = f"[{text[slice(*found.span('name' if found['name'] else 'new'))]}]"
        yield Scalar((*scalar.pointer[:-1], name, _KEYS[part]), found[part], place, scalar.style, None, scalar.within)


_KEYS = {"new": "newName", "tag": "newTag", "digest": "digest"}
