"""Edits of image settings in files that no target reads: values, patches, manifests and kustomizations that nobody names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, by_key
from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.documents import Document
from agentslint.authorship.image_settings import setting_of, values_path
from agentslint.change.edited_repository import SUFFIXES, EditedRepository, EditWithoutEffect
from agentslint.change.edited_settings import sets_image
from agentslint.change.target_change import TargetChange
from agentslint.git.command import Git, GitError
from agentslint.model import Target, TargetKind
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.yamlread import ONE_LINE, YamlError, compose

_OF_CHARTS = ("values.yaml", "Chart.yaml", "Chart.lock", "values.schema.json")
_INSIDE = ("templates", "crds", "charts", "ci")
"""Folders of a chart that helm reads, and one with values for tests of the chart."""


def unread_edits(change: EditedRepository, path: str, targets: Sequence[Target]) -> Iterator[EditWithoutEffect]:
    """Yield the edited image settings of a file that no target reads, and that is probably meant for one."""
    if not _is_of_another_tool(path):
        home = _home(path, targets)
        yield from _edited(change, path, home) if home else _elsewhere(change, path, targets)


def home_of(path: str, targets: Iterable[Target]) -> Target | None:
    """Return the innermost target in whose folder a file stands that may be meant for it."""
    return None if _is_of_another_tool(path) else _home(path, targets)


def _is_of_another_tool(path: str) -> bool:
    """Whether a file is hidden, or describes containers for Docker Compose."""
    return any(part.startswith(".") for part in path.split("/")) or "compose" in posixpath.basename(path)


def beside_chart(change: EditedRepository, path: str, readers: Sequence[TargetChange]) -> Iterator[EditWithoutEffect]:
    """Yield the edited image settings of a file in the folder of a chart that is no part of the chart, if they show nowhere."""
    charts = [entry.directory for reader in readers for entry in reader.target.closure.charts if entry.directory]
    inner = next((path[len(each) + 1 :] for each in charts if path.startswith(f"{each}/")), "")
    named = any(path in reader.target.closure.files for reader in readers)
    is_own = inner in _OF_CHARTS or inner.partition("/")[0] in _INSIDE
    if inner and not named and not is_own and all(each.is_same for each in readers):
        yield from _edited(change, path, readers[0].target)


def _edited(change: EditedRepository, path: str, home: Target) -> Iterator[EditWithoutEffect]:
    now = list(_scalars(change.today.context.files(change.root, path), path, home))
    if not now or change.is_deployed(path):
        return
    try:
        documents = _documents_at_base(change, path) if change.files[path] != "added" else []
    except (GitError, YamlError) as error:
        yield EditWithoutEffect(path, tuple(now), home, False, unknown=f"the file cannot be read at the base: {error}")
        return
    before = {key: scalar.text for key, scalar in by_key(_scalars(documents, path, home)).items()}
    edits = [scalar for key, scalar in by_key(now).items() if before.get(key) != scalar.text]
    if edits:
        yield EditWithoutEffect(path, tuple(edits), home, False)


def _elsewhere(change: EditedRepository, path: str, targets: Sequence[Target]) -> Iterator[EditWithoutEffect]:
    """A file outside of all targets belongs to the nearest target with a chart that has its keys, or with the object that it patches."""
    documents = change.today.context.files(change.root, path)
    for target in sorted(targets, key=lambda each: -len(posixpath.commonpath((f"/{each.name}", f"/{path}")))):
        if any(_knows_keys(target, document, path) or _has_object(change, target, document) for document in documents):
            yield from _edited(change, path, target)
            return


def _knows_keys(target: Target, document: Document, path: str) -> bool:
    """Whether a document sets parts of images, and a chart of the target has each of these keys."""
    body = document.body
    if not isinstance(body, Mapping) or "kind" in body or "apiVersion" in body:
        return False
    keys = [values_path(scalar) for scalar in _written(document, path) if setting_of(scalar, frozenset())]
    names = [tuple(step for step in key if isinstance(step, str)) for key in keys]
    return bool(keys) and any(all(map(ChartValues(target, entry).knows, names)) for entry in target.closure.charts)


def _has_object(change: EditedRepository, target: Target, document: Document) -> bool:
    """Whether a file of the target has an object of the same kind and name as a document."""
    kind, name = document.resource
    read, root = change.today.context.files, target.root
    named = [path for path in sorted(target.closure.files) if path.endswith(SUFFIXES) and read.mentions(root, path, name)] if name else []
    return any(each.resource == (kind, name) for path in named for each in read(root, path))


def _home(path: str, targets: Iterable[Target]) -> Target | None:
    """The target whose folder holds a file, the innermost."""
    folder, _, name = path.rpartition("/")
    built = [target for target in targets if target.kind is TargetKind.KUSTOMIZATION]
    around = [target for target in built if _is_around(posixpath.dirname(target.file), folder)]
    if not around and name in KUSTOMIZATION_FILES:
        return built[0] if built else None
    return max(around, key=lambda target: len(target.file), default=None)


def _is_around(target: str, folder: str) -> bool:
    """Whether a file in `folder` may be meant for a target; at the top of a repository stands much else."""
    return folder == target or (bool(target) and folder.startswith(f"{target}/"))


def _scalars(documents: Iterable[Document], path: str, home: Target) -> Iterator[AuthoredScalar]:
    for document in documents:
        if _may_be_meant(document, path, home):
            yield from _written(document, path)


def _written(document: Document, path: str) -> Iterator[AuthoredScalar]:
    """The image settings of a document."""
    layer = Layer.KUSTOMIZATION if _is_kustomization(document, path) else Layer.SETTINGS
    for scalar in document.scalars:
        if scalar.style in ONE_LINE and scalar.text:
            key_path = document.location(scalar).key_path
            one = AuthoredScalar(path, scalar.region, scalar.text, scalar.style, key_path, layer)
            if sets_image(one):
                yield one


def _may_be_meant(document: Document, path: str, home: Target) -> bool:
    """Whether a document is a manifest, a patch, a kustomization, or the values of a chart."""
    body, name = document.body, posixpath.basename(path)
    if isinstance(body, list):
        return all(isinstance(item, Mapping) and "op" in item and "path" in item for item in body)
    if not isinstance(body, Mapping):
        return False
    if ("kind" in body and "apiVersion" in body) or _is_kustomization(document, path) or "values" in name or home.closure.charts:
        return True
    return "kind" not in body and any(_is_image_block(scalar) for scalar in _written(document, path))


def _is_kustomization(document: Document, path: str) -> bool:
    """Whether a document is a kustomization: by the name of its file, or by an `images:` entry as only those have them."""
    entries = document.body.get("images") if isinstance(document.body, Mapping) else None
    entries = entries if isinstance(entries, list) else []
    has_entry = any(isinstance(each, Mapping) and "name" in each and {"newTag", "newName", "digest"} & each.keys() for each in entries)
    return has_entry or posixpath.basename(path) in KUSTOMIZATION_FILES


def _is_image_block(scalar: AuthoredScalar) -> bool:
    """Whether a setting is written as values of charts are: the part of a block that is named after an image."""
    setting = setting_of(scalar, frozenset())
    return setting is not None and setting.part != "image" and any("image" in str(step).lower() for step in setting.block[-1:])


def _documents_at_base(change: EditedRepository, path: str) -> Sequence[Document]:
    text = Git.of(str(change.root), change.network).ask("cat-file", "blob", f"{change.commit}:{path}").decode("utf-8", "replace")
    return [Document(path, node) for node in compose(text, path, duplicate_keys=True)]
