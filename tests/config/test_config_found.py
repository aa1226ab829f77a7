"""Which configuration counts: the nearest from the path upward, or the one that is named."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from agentslint.config import load

OURS = "[tool.agentslint]\nfail-on = 'note'\n"


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[project]\nname = 'agentslint'\n[project.scripts]\nagentslint = 'x:main'\n")
    loaded = load(tmp_path / "a")
    assert (loaded.path, loaded.folder, loaded.config.fail_on) == (None, None, "warning")


@pytest.mark.parametrize("name", [".agentslint.toml", "pyproject.toml"])
def test_the_nearest_file_from_the_path_upward_counts(tmp_path: Path, name: str) -> None:
    text = OURS if name == "pyproject.toml" else "fail-on = 'note'\n"
    write(tmp_path, ".agentslint.toml", "fail-on = 'never'\n")
    near = write(tmp_path / "a", name, text)
    (tmp_path / "a" / "b").mkdir()
    assert (load(tmp_path / "a" / "b").path, load(tmp_path / "a" / "b").config.fail_on) == (near, "note")
    assert load(tmp_path).config.fail_on == "never"


def test_the_folder_from_which_a_path_is_named_does_not_count(tmp_path: Path) -> None:
    write(tmp_path / "a", ".agentslint.toml", "fail-on = 'never'\n")
    near = write(tmp_path / "b", ".agentslint.toml", "fail-on = 'note'\n")
    assert load(tmp_path / "a" / ".." / "b").path == near
    assert load(tmp_path / "a" / ".." / "c").path is None


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        "[tool.agentslint.rules.mutable-tag]\nlevel = 'note'\n",
        "[[tool.agentslint.ignore]]\nrule = 'x'\nreason = 'y'\n",
        '[ tool . "agentslint" ]\n',
        "[tool]\nagentslint.fail-on = 'note'\n",
        "tool.agentslint.fail-on = 'note'\n",
    ],
)
def test_a_pyproject_counts_however_our_table_is_written(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "pyproject.toml", text)
    assert load(tmp_path).path == path


@pytest.mark.parametrize(
    "text", ["[project]\nname = 'agentslint'\n", "[tool.other]\nagentslint = 1\n", "[tool.other\n# agentslint\n", "tool = 3 # agentslint\n"]
)
def test_a_pyproject_of_others_does_not_count_be_it_broken_or_not(tmp_path: Path, text: str) -> None:
    write(tmp_path, ".agentslint.toml", "fail-on = 'never'\n")
    write(tmp_path / "a", "pyproject.toml", text)
    assert load(tmp_path / "a").config.fail_on == "never"


def test_in_one_folder_our_own_file_counts(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", OURS)
    write(tmp_path, ".agentslint.toml", "fail-on = 'never'\n")
    assert load(tmp_path).config.fail_on == "never"


def test_a_file_that_is_named_counts_alone_whatever_its_name(tmp_path: Path) -> None:
    write(tmp_path, ".agentslint.toml", "fail-on = 'never'\n")
    assert load(tmp_path, str(write(tmp_path / "x", "strict.toml", "fail-on = 'note'\n"))).config.fail_on == "note"
    assert load(tmp_path, str(write(tmp_path / "x", "pyproject.toml", OURS))).config.fail_on == "note"


@pytest.mark.parametrize("day", ["'2026-02-28'", "2026-02-28"])
def test_a_day_is_a_string_or_a_date(tmp_path: Path, day: str) -> None:
    write(tmp_path, ".agentslint.toml", f"[[ignore]]\nrule = 'x'\nreason = 'y'\nuntil = {day}\n")
    assert load(tmp_path).config.ignore[0].until == datetime.date(2026, 2, 28)
