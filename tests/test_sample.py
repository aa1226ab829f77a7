"""Of a family of costly cases a sample runs: the same one each time, and every case where somebody asks for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

FAMILY = """
import pytest

@pytest.mark.sample(3)
@pytest.mark.parametrize("case", range(20))
def test_costly(case): pass

@pytest.mark.parametrize("case", range(5))
def test_cheap(case): pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_addoption, pytest_collection_modifyitems\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = sample(n)\n")
    (tmp_path / "test_family.py").write_text(FAMILY)
    return tmp_path


def ran(folder: Path, *words: str) -> list[str]:
    """The tests that pytest ran in the folder."""
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *words]
    environ = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=True)
    return sorted(re.findall(r"::(\S+) PASSED", done.stdout))


def test_a_sample_is_the_same_in_any_order(folder: Path) -> None:
    first = ran(folder)

    assert len([test for test in first if "costly" in test]) == 3
    assert len([test for test in first if "cheap" in test]) == 5
    assert ran(folder, "-p", "no:randomly") == first


def test_every_case_runs_where_it_is_asked_for(folder: Path) -> None:
    assert len(ran(folder, "--all-cases")) == 25


def test_a_case_that_is_named_runs(folder: Path) -> None:
    left_out = set(ran(folder, "--all-cases")) - set(ran(folder))

    assert ran(folder, f"test_family.py::{min(left_out)}") == [min(left_out)]
