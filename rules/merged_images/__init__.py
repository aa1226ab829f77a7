from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from agentslint.rule import (
    Annotated,
    Finding,
    ImageUse,
    Level,
    Meta,
    NotChecked,
    Place,
    Reasoned,
    Reference,
    RenderedTarget,
    Rule,
    RuleOptions,
    image_entry,
    is_setting_of,
    read_reference,
)

from .variants import are_two_images

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class MergedImages(Rule):
    """An `images:` entry that puts one image in the place of two.

    ## Why
    kustomize finds images by their repository alone. Where one repository holds two images that only their tags tell apart
    (`monitor:agent-1.0` and `monitor:client-1.0`), an entry that was meant for one of them gives the other the same tag or digest: the
    client runs the agent.

    The rule compares the tags that the images had before: other words in them, or another version in one pod (of images without a tag,
    another digest). Two versions of an image in two workloads, which an overlay brings to one, are left alone, and so are tags without
    a digit, which stand for no version.

    ## Fix
    Write the tag into the entry's name (`name: registry.example.com/monitor:agent-1.0`), one entry for each; or patch the containers.

    ## References
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
    - https://github.com/kubernetes-sigs/kustomize/issues/6001
    """

    level = Level.WARNING
    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        allow: Annotated[
            tuple[Reasoned, ...], Meta(description="Repositories (globs) whose images may become one, each with its reason.")
        ] = ()

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding | NotChecked]:
        for part, entry in _entries(target, lambda entry: self.allows(self.options.allow, entry)):
            texts = target.found_by_entry(part)
            if texts is None:
                message = f"cannot tell whether the images entry for {entry} merges two images: no render without it was made"
                yield self.not_checked(part.location(), message, target=target.target)
            found = [(use, before) for use, text in texts or () if (before := read_reference(text)[0])]
            if pair := _merged(found):
                (one, was), (other, once) = pair
                both = f"{_version(was)} ({one.owner}) and {_version(once)} ({other.owner})"
                message = f"the images entry for {entry} puts one image in the place of {both}"
                related = [(_written(target, use, before), f"{use.owner} had {before}") for use, before in pair]
                yield self.finding(part.location(), message, target=target.target, use=one, related=related)


def _version(image: Reference) -> str:
    return image.tag or str(image.digest)[: len("sha256:") + 12]


def _written(target: RenderedTarget, use: ImageUse, before: Reference) -> Place:
    """Where the image stands that the entry replaced, where one place has its text; else where the image is decided."""
    same = [scalar for scalar in target.authored if scalar.text == str(before)]
    return same[0].location() if len(same) == 1 else use.version_field


def _entries(target: RenderedTarget, allowed: Callable[[str], bool]) -> Iterator[tuple[AuthoredScalar, str]]:
    """The tag or digest of each entry of the target that several images have, and that is not allowed, with the name of the entry."""
    seen: set[tuple[str, str]] = set()
    for scalar, entry, part in (*_of_folder(target), *_of_deployer(target)):
        if not allowed(entry) and part in ("tag", "digest"):
            same = [use for use in target.image_uses if use.reference and scalar.text in (use.reference.tag, use.reference.digest)]
            if (scalar.path, entry) not in seen and _are_several(same):
                seen.add((scalar.path, entry))
                yield scalar, entry


def _of_folder(target: RenderedTarget) -> Iterator[tuple[AuthoredScalar, str, str]]:
    """The parts of entries of the target's own kustomizations."""
    folder = posixpath.dirname(target.target.file)
    for setting in target.settings.values():
        if setting.entry and (not folder or setting.scalar.path.startswith(f"{folder}/")):
            yield setting.scalar, setting.entry, setting.part


def _of_deployer(target: RenderedTarget) -> Iterator[tuple[AuthoredScalar, str, str]]:
    """The parts of images that the deployer sets."""
    deployed = target.target.deployed
    for scalar in target.overrides if deployed else ():
        if deployed and is_setting_of(scalar, deployed.application) and (entry := image_entry(scalar)):
            yield scalar, entry, {"newTag": "tag", "digest": "digest"}.get(str(scalar.key_path[-1]), "")


def _are_several(uses: Sequence[ImageUse]) -> bool:
    texts = [use.text for use in uses]
    return any(texts.count(text) > 1 for text in texts)


def _merged(found: Sequence[tuple[ImageUse, Reference]]) -> tuple[tuple[ImageUse, Reference], tuple[ImageUse, Reference]] | None:
    """The first two that were two images and are one."""
    for number, (one, was) in enumerate(found):
        for other, once in found[number + 1 :]:
            in_one_pod = one.manifest is other.manifest and one.pod == other.pod
            if one.text == other.text and are_two_images(was, once, in_one_pod=in_one_pod):
                return (one, was), (other, once)
    return None
