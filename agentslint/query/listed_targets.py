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
    deployed = _Deployed(session.deployments.listed)
    found = TargetList(
        sorted((_application(row) for row in rows), key=lambda row: (row.id, row.file, row.line)),
        [target.name for target in targets],
        [target.name for target in targets if target.deployed is None and not deployed.has(target)],
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


class _Deployed:
    """What the applications deploy, be they judged or not."""

    def __init__(self, rows: Sequence[ListedSource]) -> None:
        ours = [row for row in rows if row.is_ours and not row.chart]
        targets = [row.target for row in ours if row.target]
        self._paths = {row.path for row in ours}
        self._not_judged = {row.path for row in ours if not row.target}
        self._files = frozenset[str]().union(*(target.closure.files - _own(target) for target in targets))
        self._with_folders = [target for target in targets if target.closure.folders]

    def has(self, target: Target) -> bool:
        """Tell whether some application deploys a bare target: the folder, or the folder of a file."""
        name = target.name
        if target.kind is not TargetKind.MANIFESTS:
            return name in self._paths
        if name in self._files or not self._not_judged.isdisjoint((name, dirname(name) or ".")):
            return True
        # A directory may leave some files out.
        return any(name not in _own(each) and each.closure.reads(name) for each in self._with_folders)


def _own(deployed: Target) -> frozenset[str]:
    return frozenset(deployed.deployed.deployer_files if deployed.deployed else ())
