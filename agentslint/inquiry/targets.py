"""The targets that a question is about, rendered."""

from __future__ import annotations

from agentslint.errors import UsageError
from agentslint.facts import RenderedTarget
from agentslint.manifests import read_manifests
from agentslint.model import Failure, RenderFailure
from agentslint.render.unread import unread
from agentslint.run import Run, broken, render_all
from agentslint.trace import Tracer


def rendered_targets(run: Run) -> tuple[list[RenderedTarget], list[Failure]]:
    """Render the targets of a run; those that fail are named, not skipped. Raises UsageError where there is none."""
    if not run.discovery.targets and not run.discovery.failures:
        raise UsageError("; ".join(run.discovery.notes) or "there is no target here")
    targets, failures = [], list(run.discovery.failures)
    for outcome in render_all(run):
        failures += unread(outcome.target, outcome.message if isinstance(outcome, RenderFailure) else "")
        if isinstance(outcome, RenderFailure):
            failures.append(_failed(outcome))
            continue
        try:
            documents = read_manifests(outcome, lambda kind: True)
        except Exception as error:
            failures.append(_failed(broken(outcome.target, error)))
            continue
        failures += documents.failures
        targets.append(RenderedTarget(outcome.target, documents.manifests, run.context, outcome))
    return targets, failures


def _failed(outcome: RenderFailure) -> Failure:
    return Failure(outcome.message, outcome.target.name, location=outcome.location)


def tracer_of(run: Run, targets: list[RenderedTarget]) -> Tracer:
    """Return what traces fields of these targets."""
    return Tracer(run.render_changed, {target.target.name: target for target in targets})
