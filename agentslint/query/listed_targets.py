"""The applications of a run's paths and its targets, without rendering more than it takes to find them."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname

from agentslint.deploy.listed import ListedSource
from agentslint.engine.session import Session
from agentslint.errors import UsageError
from agentslint.model import Failure, Target, TargetKind
from agentslint.report.target_list import ListedApplication, ListedDestination, TargetList


def listed_targets(session: Session) -> tuple[TargetList, list[Failure]]:
    """Return the applications and targets that the paths of a run stand for; raises UsageError where there is none."""
    targets, rows = session.discovery.targets, session.deployments.selected
    failures = [*session.discovery.failures, *session.deployments.failures]
    if not targets and not rows and not failures:
        raise UsageError("; ".join(session.discovery.notes) or "there is no application and no target here")
    deployed = session.deployments.listed
    found = TargetList(
        sorted((_application(row) for row in rows), key=lambda row: (row.id, row.file, row.line)),
        [target.name for target in targets],
        [target.name for target in targets if target.deployed is None and not _is_deployed(target, deployed)],
    )
    return found, failures


def _application(row: ListedSource) -> ListedApplication:
    own, to, where = row.application, row.application.destination, row.application.location
    return ListedApplication(
        set=own.set,
        name=own.name,
        namespace=own.namespace,
        deployer=own.deployer,
        kind=own.kind,
        repository=row.repository,
        revision=row.revision,
        path=row.path,
        chart=row.chart,
        plugin=row.plugin,
        destination=ListedDestination(to.name, to.server, to.namespace),
        project=own.project,
        enabled=own.enabled,
        judged=row.is_judged,
        reason=row.reason,
        file=where.path if where else "",
        line=where.region.start_line if where else 0,
    )


def _is_deployed(target: Target, rows: Sequence[ListedSource]) -> bool:
    """Whether some application deploys a bare target, be that judged or not: the folder, or the folder of a file."""
    ours = (row for row in rows if row.is_ours and not row.chart)
    if target.kind is not TargetKind.MANIFESTS:
        return any(row.path == target.name for row in ours)
    names = {target.name, dirname(target.name) or "."}
    return any(_takes(row.target, target.name) if row.target else row.path in names for row in ours)


def _takes(deployed: Target, path: str) -> bool:
    """Whether a judged source takes a file; a directory may leave some out."""
    own = deployed.deployed.deployer_files if deployed.deployed else ()
    return path not in own and deployed.closure.reads(path)
