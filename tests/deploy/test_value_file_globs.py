"""Value files that a glob names, in the order in which Argo CD hands them to helm: the last one wins (doublestar v4.10, glob.go)."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.deploy.argo.path_globs import matching_files

FILES = ("env/prod.yaml", "env/eu/team.yaml", "env/eu/a/x.yaml", "env.yaml", "e/p.yaml", "e-x/p.yaml", "env/eu-2.yaml")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("env/**/*.yaml", ["env/eu-2.yaml", "env/prod.yaml", "env/eu/team.yaml", "env/eu/a/x.yaml"]),
        ("e*/*.yaml", ["e/p.yaml", "e-x/p.yaml", "env/eu-2.yaml", "env/prod.yaml"]),
        ("env/**", ["env", "env/eu", "env/eu/a", "env/eu/a/x.yaml", "env/eu/team.yaml", "env/eu-2.yaml", "env/prod.yaml"]),
        ("env/{prod,eu-2}.yaml", ["env/eu-2.yaml", "env/prod.yaml"]),
        ("{env,e}/*.yaml", ["e/p.yaml", "env/eu-2.yaml", "env/prod.yaml"]),
    ],
)
def test_matches_come_in_the_order_of_doublestar(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a: 1\n")

    assert matching_files(tmp_path, pattern) == expected
