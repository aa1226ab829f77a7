"""Local plugins in every style of options that Python allows, and two of one name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import warm

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx:debug\n"
CHECK = """
    def check_image_use(self, use):
        if use.reference.tag == self.options.tag:
            yield self.finding(use.tag_field, "runs " + use.text, use=use)
"""
NESTED = f"""
class NoDebug(Rule):
    class Options(RuleOptions, frozen=True):
        tag: {{kind}} = "debug"
    options: Options
{CHECK}"""
BESIDE = f"""
{{options}}
class NoDebug(Rule):
    Options = TagOptions
{CHECK}"""
IMPORTS = "from agentslint.rule import Annotated, Meta, Rule, RuleOptions\n"
STYLES = {
    "annotated": IMPORTS + NESTED.format(kind='Annotated[str, Meta(description="Tag.")]'),
    "an alias of the module": IMPORTS + 'Tag = Annotated[str, Meta(description="Tag.")]\n' + NESTED.format(kind="Tag"),
    "typing": IMPORTS + "import typing as t\n" + NESTED.format(kind="t.Optional[str]"),
    "a literal": IMPORTS + "from typing import Literal\n" + NESTED.format(kind='Literal["debug", "test"]'),
    "beside the rule": IMPORTS + BESIDE.format(options='class TagOptions(RuleOptions, frozen=True):\n    tag: str = "debug"'),
    "a data class": IMPORTS
    + "from dataclasses import dataclass\n"
    + BESIDE.format(options='@dataclass(frozen=True)\nclass TagOptions:\n    tag: str = "debug"'),
    "a data class in quotes": IMPORTS
    + "import dataclasses\n"
    + BESIDE.format(options='@dataclasses.dataclass\nclass TagOptions:\n    tag: "str" = "debug"'),
    "imported for type checkers alone": IMPORTS
    + "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from collections.abc import Sequence\n"
    + NESTED.format(kind="str").replace('tag: str = "debug"', 'tag: str = "debug"\n        more: "Sequence[str]" = ()'),
    "a subclass": IMPORTS
    + "class Base(RuleOptions, frozen=True):\n    tag: str = 'debug'\n"
    + BESIDE.format(options="class TagOptions(Base, frozen=True):\n    more: int = 0"),
}


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = warm.run_text(arguments, folder)
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"], ids=["plain", "future"])
@pytest.mark.parametrize("style", STYLES)
def test_a_plugin_loads_whatever_its_style_of_options(tmp_path: Path, style: str, future: str) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "mine.py").write_text(future + STYLES[style])
    (tmp_path / ".agentslint.toml").write_text('plugins = ["mine.py"]\nselect = ["no-debug"]\n[rules.no-debug]\ntag = "debug"\n')
    done = lint(tmp_path, "-q")
    assert (done.returncode, done.stdout.partition(" ")[0]) == (1, "pod.yaml:8:20"), done.stderr
    assert "## Options" in lint(tmp_path, "explain", "no-debug").stdout


def test_options_whose_annotation_nobody_can_read_are_an_error_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("from __future__ import annotations\n" + IMPORTS + NESTED.format(kind="NoSuchName"))
    (tmp_path / ".agentslint.toml").write_text('plugins = ["mine.py"]\n')
    for command in (["."], ["explain", "no-debug"], ["config", "schema"]):
        done = lint(tmp_path, *command)
        assert (done.returncode, "mine.py" in done.stderr, "NoSuchName" in done.stderr) == (2, True, True), done.stderr


def test_two_plugins_of_one_file_name_do_not_collide(tmp_path: Path) -> None:
    for name in ("One", "Two"):
        (tmp_path / name).mkdir()
        plugin = IMPORTS + NESTED.format(kind="Tag").replace("NoDebug", f"NoDebug{name}").replace("class No", "Tag = str\nclass No", 1)
        (tmp_path / name / "mine.py").write_text("from __future__ import annotations\n" + plugin)
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / ".agentslint.toml").write_text('plugins = ["One/mine.py", "Two/mine.py"]\nselect = ["no-debug-one", "no-debug-two"]\n')
    done = lint(tmp_path, "-q")
    assert [line.partition("[")[2].partition("]")[0] for line in done.stdout.splitlines()] == ["no-debug-one", "no-debug-two"]


def test_a_folder_may_bring_the_rules_of_its_files_and_never_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/debug.py").write_text(IMPORTS + NESTED.format(kind="str"))
    (tmp_path / "mine/__init__.py").write_text("from .debug import *\n")
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / ".agentslint.toml").write_text('plugins = ["mine"]\nselect = ["no-debug"]\n')
    assert lint(tmp_path, "-q").returncode == 1

    (tmp_path / "mine/__init__.py").write_text("")
    done = lint(tmp_path, "-q")
    assert (done.returncode, "mine defines no rule and no hook" in done.stderr) == (2, True)
