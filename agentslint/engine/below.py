"""The kustomizations below a target that does not render: those that can be built on their own are rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from agentslint.authorship.deployer_scalars import images_set_by, may_change_images
from agentslint.discover.select import BelowTarget
from agentslint.engine.session import ReadTarget, Session, Wants
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.images import ImageUse
from agentslint.model import Above, RenderFailure, Target
from agentslint.model.skipped import counted, some

_OF_A_PATTERN = frozenset("*+?()[]{}|^$\\")
_HOPELESS = ("tool",)
"""Reasons for which nothing else would render either."""


class _Root(Struct, frozen=True):
    target: Target
    namespace: str
    image_names: tuple[str, ...]
    """The names of its `images:` entries."""

    def builds(self, target: Target) -> bool:
        return target.file in self.target.closure.kustomizations


class BelowFailures(Struct):
    """Renders the kustomizations below failed targets, level by level; `notes` say how they were reached."""

    session: Session
    targets: list[Target] = []
    notes: list[str] = []
    _roots: list[_Root] = []
    """The failed targets that change no image but by `images:` entries."""

    def rendered(self, failed: Sequence[RenderFailure], fleet: Sequence[RenderedTarget], wants: Wants) -> Iterator[ReadTarget]:
        """Yield the kustomizations below some targets, as they render by themselves, and those below one that does not either.

        What another target has rendered as it is is not hidden. Nothing over which a failed one lays images or patches is yielded:
        alone it would be something that nobody deploys.
        """
        covered = set(self._as_they_are([rendered.target for rendered in fleet]))
        found = {failure.target: self._laid_over(failure.target) for failure in failed}
        unchanged = [(target, below.image_names) for target, below in found.items() if not below.is_changed]
        self._roots = [_Root(target, self._namespace(target), names) for target, names in unchanged]
        for failure in failed:
            if failure.reason not in _HOPELESS:
                yield from self._below(failure, covered, wants)

    def _below(self, failure: RenderFailure, covered: set[str], wants: Wants) -> Iterator[ReadTarget]:
        root = failure.target
        reached: list[str] = []
        hidden: dict[str, None] = {}
        waiting: list[tuple[RenderFailure, tuple[str, ...]]] = [(failure, ())]
        while waiting:
            above, names = waiting.pop(0)
            found = self._laid_over(above.target)
            names += found.image_names
            new = [target for target in found.targets if target.file not in covered]
            if found.is_changed:
                hidden.update(dict.fromkeys(self._names(new, covered)))
                continue
            covered.update(target.file for target in new)
            for read in self.session.rendered([self._under(above.target, target) for target in new], wants):
                if isinstance(read.outcome, RenderFailure):
                    waiting.append((read.outcome, names))
                    if read.outcome.location == above.location:
                        # It is why the one above it does not render, which is said.
                        continue
                elif _may_find(names, read.outcome):
                    # Another root may build it as it is.
                    covered.discard(read.target.file)
                    hidden.update(dict.fromkeys(self._names([read.target], covered)))
                    continue
                else:
                    read = self._in_all(above.target, read, wants)
                    reached.append(read.target.name)
                    covered.update(read.target.closure.kustomizations)
                self.targets.append(read.target)
                yield read
        self._tell(root, reached, [name for name in hidden if name not in reached])

    def _as_they_are(self, targets: Iterable[Target]) -> Iterator[str]:
        """Yield the files of targets, and of the kustomizations below them over which nothing is laid."""
        waiting = list(targets)
        seen: set[str] = set()
        while waiting:
            target = waiting.pop()
            if target.file not in seen:
                seen.add(target.file)
                yield target.file
                found = self._laid_over(target)
                waiting += found.targets if not (found.is_changed or found.image_names) else ()

    def _laid_over(self, target: Target) -> BelowTarget:
        """The kustomizations below a target, and how the target and its deployer change them."""
        found = self.session.discovery.below(target)
        if target.deployed is None:
            return found
        names = (*found.image_names, *(name for name, _ in images_set_by(target.deployed)))
        return replace(found, image_names=names, is_changed=found.is_changed or may_change_images(target.deployed))

    def _names(self, targets: Sequence[Target], covered: set[str]) -> Iterator[str]:
        """The names of targets and of all that they are made of, as far as nothing else renders it."""
        waiting, seen = list(targets), set(covered)
        while waiting:
            target = waiting.pop(0)
            if target.file not in seen:
                seen.add(target.file)
                yield target.name
                waiting += self.session.discovery.below(target).targets

    def _in_all(self, above: Target, read: ReadTarget, wants: Wants) -> ReadTarget:
        """Return a target as a part of those roots, too, whose `images:` entries find nothing in it."""
        more = [root for root in self._roots if root.image_names and root.builds(read.target) and root.target != above]
        if isinstance(read.outcome, RenderFailure) or not more:
            return read
        found = [root for root in more if not _may_find(root.image_names, read.outcome)]
        return next(iter(self.session.rendered([self._under(above, read.target, found)], wants))) if found else read

    def _under(self, above: Target, target: Target, more: Sequence[_Root] = ()) -> Target:
        """Return the target as a part of all failed ones that would build it: it is deployed where they are."""
        roots = [*(root for root in self._roots if root.builds(target) and not root.image_names), *more]
        targets = (above, *(root.target for root in roots))
        names = (*(name for each in targets for name in (each.name, each.path)), *above.above.names)
        namespaces = (self._namespace(above), *above.above.namespaces, *(root.namespace for root in roots))
        applications = (*(each.deployed.application for each in targets if each.deployed), *above.above.applications)
        known = Above(
            tuple(dict.fromkeys(names)), tuple(dict.fromkeys(each for each in namespaces if each)), tuple(dict.fromkeys(applications))
        )
        return replace(target, above=known)

    def _namespace(self, target: Target) -> str:
        """The namespace into which a kustomization puts what it lists, or ""."""
        documents = self.session.context.files(target.root, target.file)
        bodies = (document.body for document in documents if isinstance(document.body, Mapping))
        deployed = target.deployed.application.destination.namespace if target.deployed else ""
        return next((str(body["namespace"]) for body in bodies if body.get("namespace")), deployed)

    def _tell(self, root: Target, reached: Sequence[str], hidden: Sequence[str]) -> None:
        if reached:
            told = counted(len(reached), "kustomization")
            self.notes.append(f"{root.name} does not render; {told} below it rendered alone: {some(reached)}")
        if hidden:
            told = counted(len(hidden), "kustomization")
            self.notes.append(f"not checked: {told} over which {root.name} lays images or patches, and it does not render: {some(hidden)}")


def _may_find(names: Sequence[str], rendered: RenderedTarget) -> bool:
    """Tell whether one of some `images:` entries may take an image of a target."""
    return any(_may_take(name, use) for name in names for use in rendered.image_uses)


def _may_take(name: str, use: ImageUse) -> bool:
    """Tell whether an `images:` entry may take an image: its name is a regular expression to kustomize, which is not tried here."""
    is_plain = not _OF_A_PATTERN.intersection(name)
    return not is_plain or use.text == name or use.text.startswith((f"{name}:", f"{name}@"))
