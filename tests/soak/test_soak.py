"""The soak sees what a run leaves: a process, a folder, half a report."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.soak import family, interruption
from tests.soak.interruption import Interruption, faults
from tests.soak.workplace import Workplace

QUICK = Interruption("lint", signal.SIGTERM, 1.0, cold=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """A workplace without a repository to speak of; the children of this process are not only those of the run."""
    monkeypatch.setattr(family, "left_after", lambda seconds: [])
    monkeypatch.setattr(family, "end_all", lambda: None)
    for name in ("repo", "tmp", "home", "reports"):
        (tmp_path / name).mkdir()
    return Workplace(tmp_path, {"PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize(
    ("script", "harm"),
    [
        ("trap 'exit 143' TERM; sleep 9 & wait", None),
        ("trap 'exit 1' TERM; sleep 0.1; sleep 9 & wait", "it ends with 1, not with"),
        ("mkdir ../tmp/agentslint-x; exit 0", "a temporary folder is left: agentslint-x"),
        ("echo '{' > ../reports/report; exit 0", "the report is torn"),
        ("touch ../reports/.agentslint-x; exit 0", ".agentslint-x is left beside the reports"),
        ("echo 'agentslint: internal error' >&2; exit 0", "a traceback"),
        (f"""echo '  File "{interruption._OURS}/cli/lint.py", line 1, in x' >&2; exit 0""", "a traceback"),
        ("""echo 'Traceback: File "/lib/python3/agentslint_finder.py", line 1, in x' >&2; exit 0""", None),
        ("touch new; exit 0", "the repository was changed"),
    ],
)
def test_a_harm_is_seen(place: Workplace, script: str, harm: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruption, "COMMAND", ("sh", "-c", script))

    assert [fault[: len(harm or "")] for fault in faults(place, QUICK, 0)] == ([harm] if harm else [])


ORPHANS = """
import subprocess
from tests.soak import family
family.adopt_orphans()
subprocess.run(["sh", "-c", "sleep 30 & sleep 0.1 &"])
print(family.left_after(0.5))
family.end_all()
print(family.left_after(0))
"""


def test_orphans_are_seen_and_ended() -> None:
    done = subprocess.run([sys.executable, "-c", ORPHANS], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["['sleep 30']", "[]"]
