"""The cases of schema-violation, as kubeconform judges them and as we do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agentslint import run_folder
from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.fleet.release_groups import Fleet
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.testing.histories import lay_out
from tests.conftest import PROJECT

CASES = PROJECT / "rules/schema_violation"
RESULTS = Path(__file__).with_name("results.json")


def fleets() -> Iterator[tuple[str, Fleet]]:
    """Yield each case with its targets, as they render."""
    for folder in sorted(path for kind in ("pass", "fail") for path in (CASES / kind).iterdir()):
        with run_folder.held("case") as held:
            copy = held / folder.name
            lay_out(folder, copy)
            with open_session(RunOptions(paths=(str(copy),), root=str(copy), jobs=1)) as (session, _):
                found = [each.outcome for each in session.rendered(session.discovery.targets)]
                rendered = [each for each in found if isinstance(each, RenderedTarget)]
                assert len(rendered) == len(found)
                yield f"{folder.parent.name}/{folder.name}", Fleet(rendered, session.context)
