"""Today's findings -> a baseline file, in place of the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.config.tree import ON_DISK
from agentslint.engine.pipeline import lint
from agentslint.engine.session import Session
from agentslint.errors import UsageError
from agentslint.model import Report
from agentslint.policy import named_baseline
from agentslint.rule import scope
from agentslint.suppress import FILE, Baseline, Coverage, read_baseline
from agentslint.suppress.baseline_file import BaselineRow, rows, written


class NewBaseline(Struct, frozen=True):
    """What stood in the file, what stands there now, and the run that found it."""

    old: Baseline
    new: Sequence[BaselineRow]
    report: Report
    is_found: bool
    """Whether the next run finds the file by itself."""


def write_baseline(session: Session, output: str | None) -> NewBaseline:
    """Lint, and write the findings; entries outside of this run stay. Raises UsageError where tracing was cut short."""
    loaded, root = session.loaded, session.root
    usual = (loaded.folder or root) / (loaded.config.baseline or FILE)
    path = Path(output) if output else named_baseline(loaded, root, at_commit=session.policy is not None) or usual
    tree = session.policy.tree if session.policy else ON_DISK
    old = read_baseline(path, tree) if tree.exists(path) else Baseline(path)
    report = lint(session)
    if report.cut_short:
        raise UsageError(f"{path} is not written: tracing was cut short (--trace-timeout), and the next run would find other places")
    lasting = [name for name, rule in report.rules.items() if "check_change" not in scope(rule)]
    seen = Coverage.of(lasting, [target.name for target in report.targets], report.failures, session.repository)
    new = rows([result for result in report.active if not report.about_failure(result)], old.kept(seen))
    files.save(path, written(new).encode())
    return NewBaseline(old, new, report, path.resolve() == usual.resolve())
