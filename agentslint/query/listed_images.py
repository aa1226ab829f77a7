"""Every image as it is deployed, with the authored line that decides it, proven by one taint render a target."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.engine.session import Session, faults_of, rendered_targets
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.images import ImageUse
from agentslint.model import Failure, Field
from agentslint.parallel import each
from agentslint.report.image_list import ImageList, ListedImage
from agentslint.trace import place_of


def listed_images(session: Session) -> tuple[ImageList, list[Failure]]:
    """Return the image uses of the targets of a run, and what did not render; raises UsageError where there is no target."""
    targets, failures = rendered_targets(session)
    named = {failure.target for failure in failures}
    failures += (failure for failure in session.deployments.failures if failure.target not in named)
    list(each(_prove, [target for target in targets if target.is_traced and target.image_uses], session.jobs, session.renderer.stop))
    found = [row for target in targets for row in _rows(target)]
    return ImageList(found), [*failures, *faults_of([target for target in targets if target.is_traced])]


def _prove(target: RenderedTarget) -> None:
    target.tracer.prove([_decisive(use) for use in target.image_uses])


def _rows(rendered: RenderedTarget) -> Iterator[ListedImage]:
    tracers = {rendered.target.name: rendered.tracer} if rendered.is_traced else {}
    deployed = rendered.target.deployed
    for use in rendered.image_uses:
        origin = place_of(_decisive(use), tracers)
        yield ListedImage(
            application=deployed.application.id if deployed else "",
            target=rendered.target.name,
            resource=use.manifest.resource,
            namespace=_namespace(rendered, use),
            container=use.container,
            field=use.field.path,
            image=use.text,
            file=origin.location.path,
            line=origin.location.region.start_line,
            certainty=origin.certainty.value,
        )


def _decisive(use: ImageUse) -> Field:
    """The part that says which image runs: the digest, else the tag, else the repository."""
    image = use.reference
    if image is None:
        return use.field
    return use.digest_field if image.digest else use.tag_field if image.tag else use.repository_field


def _namespace(rendered: RenderedTarget, use: ImageUse) -> str:
    """The namespace of a resource; a workload that names none lands in that of the destination."""
    deployed = rendered.target.deployed
    if use.manifest.namespace or deployed is None or not use.pulled:
        return use.manifest.namespace
    return deployed.application.destination.namespace
