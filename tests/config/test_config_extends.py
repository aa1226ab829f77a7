"""`extends`: what a configuration builds on, what beats what, and where each value and each mistake stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from agentslint.config import Loaded, load
from agentslint.config.extends import own_presets
from agentslint.errors import UsageError


def written(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def loaded(root: Path, files: Mapping[str, str]) -> Loaded:
    return load(written(root, files))


def test_later_beats_earlier_and_the_own_file_beats_all(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {
            ".agentslint.toml": "extends = ['a.toml', './b.toml']\nfail-on = 'never'\n",
            "a.toml": "fail-on = 'note'\nrender-errors = 'warn'\nexclude = ['x', 'y']\n[render]\ntimeout = 3\nmemory = 400\n",
            "b.toml": "exclude = ['z']\n[render]\ntimeout = 5\n",
        },
    )
    assert (found.config.fail_on, found.config.render_errors, found.config.exclude) == ("never", "warn", ("z",))
    assert (found.config.render.timeout, found.config.render.memory) == (5, 400)
    assert (found.config.extends, len(found.layers)) == (("a.toml", "./b.toml"), 3)


def test_entries_are_appended_and_one_of_the_same_name_replaces(tmp_path: Path) -> None:
    base = "[[groups]]\nname = 'a'\nimages = ['a']\n[[groups]]\nname = 'b'\nimages = ['b']\n[[ignore]]\nrule = 'x'\nreason = 'one'\n"
    own = "extends = ['base.toml']\n[[groups]]\nname = 'a'\nworkloads = ['w']\n[[ignore]]\nrule = 'x'\nreason = 'two'\n"
    found = loaded(tmp_path, {".agentslint.toml": own, "base.toml": base})
    assert [(group.name, group.images, group.workloads) for group in found.config.groups] == [("a", (), ("w",)), ("b", ("b",), ())]
    assert [entry.reason for entry in found.config.ignore] == ["one", "two"]
    here = tmp_path / ".agentslint.toml"
    base_file = tmp_path / "base.toml"
    assert found.where("groups", 0, "workloads") == f"{here}:4"
    assert found.where("groups", 1, "images") == f"{base_file}:6"
    assert (found.where("ignore", 0, "reason"), found.where("ignore", 1, "reason")) == (f"{base_file}:9", f"{here}:7")


def test_of_two_entries_of_a_name_in_one_file_the_second_is_kept_too(tmp_path: Path) -> None:
    base = "[[assert]]\nname = 'one'\nthat = 'true'\nmessage = 'base'\n"
    own = "extends = ['base.toml']\n" + "".join(f"[[assert]]\nname = 'one'\nthat = 'true'\nmessage = '{text}'\n" for text in ("a", "b"))
    found = loaded(tmp_path, {".agentslint.toml": own, "base.toml": base})
    assert [entry.message for entry in found.config.assert_] == ["a", "b"]
    assert found.where("assert", 1, "message") == f"{tmp_path / '.agentslint.toml'}:9"


def test_an_empty_list_takes_what_was_inherited_away(tmp_path: Path) -> None:
    base = "[[ignore]]\nrule = 'x'\nreason = 'y'\n[rules.require-digest]\nallow = [{match = 'a', reason = 'b'}]\n"
    own = "extends = ['base.toml']\nignore = []\n[rules.require-digest]\nlevel = 'note'\n"
    found = loaded(tmp_path, {".agentslint.toml": own, "base.toml": base})
    assert found.config.ignore == ()
    assert found.config.rules["require-digest"] == {"allow": [{"match": "a", "reason": "b"}], "level": "note"}
    assert found.where("rules", "require-digest", "allow") == f"{tmp_path / 'base.toml'}:5"


def test_a_file_that_two_others_extend_counts_once(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {
            ".agentslint.toml": "extends = ['a.toml', 'b.toml']\n",
            "a.toml": "extends = ['base.toml']\nfail-on = 'never'\n",
            "b.toml": "extends = ['./base.toml']\n",
            "base.toml": "fail-on = 'note'\n[[ignore]]\nrule = 'x'\nreason = 'y'\n",
        },
    )
    assert (len(found.config.ignore), found.config.fail_on) == (1, "never")


def test_paths_are_those_of_the_file_that_says_them(tmp_path: Path) -> None:
    said = "baseline = 'base.json'\nplugins = ['rules.py', '../more.py', '/abs.py']\n[render]\nhelm = './helm'\nkustomize = 'kustomize'\n"
    group = "[[groups]]\nname = 'a'\nimages = ['*']\nsource = '../../code'\n"
    found = loaded(tmp_path, {".agentslint.toml": "extends = ['lint/team/policy.toml']\n", "lint/team/policy.toml": said + group})
    assert (found.config.baseline, found.config.plugins) == ("lint/team/base.json", ("lint/team/rules.py", "lint/more.py", "/abs.py"))
    assert (found.config.render.helm, found.config.render.kustomize) == ("lint/team/helm", "kustomize")
    assert found.config.groups[0].source == "code"


def test_pyproject_extends_and_is_extended(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {
            "pyproject.toml": "[tool.agentslint]\nextends = ['lint/pyproject.toml']\n",
            "lint/pyproject.toml": "[tool.other]\nx = 1\n[tool.agentslint]\nfail-on = 'never'\n",
        },
    )
    assert found.config.fail_on == "never"
    assert found.where("fail-on") == f"{tmp_path / 'lint/pyproject.toml'}:4"


WRONG = {
    "a missing file": (
        {".agentslint.toml": "# x\nextends = [\n  './nope.toml',\n]\n"},
        ".agentslint.toml:3: extends.0: there is no file ./nope.toml",
    ),
    "an unknown preset": (
        {".agentslint.toml": "extends = ['agentslint:agents-chrt']\n"},
        ".agentslint.toml:1: extends.0: there is no preset 'agentslint:agents-chrt'; did you mean 'agentslint:agents-chart'?",
    ),
    "a path out of the repository": (
        {".agentslint.toml": "extends = ['../policy.toml']\n"},
        ".agentslint.toml:1: extends.0: ../policy.toml is not in the repository",
    ),
    "an absolute path": ({".agentslint.toml": "extends = ['/etc/passwd']\n"}, ".agentslint.toml:1: extends.0: /etc/passwd is not in the"),
    "git's own": (
        {".agentslint.toml": "extends = ['.git/config']\n"},
        ".agentslint.toml:1: extends.0: .git/config belongs to git; name a file of",
    ),
    "a string": ({".agentslint.toml": "extends = 'a.toml'\n"}, ".agentslint.toml:1: extends: expected a list, got a string"),
    "a number": ({".agentslint.toml": "extends = ['a.toml', 3]\n"}, ".agentslint.toml:1: extends.1: expected a string, got a whole number"),
    "an empty name": ({".agentslint.toml": "extends = ['']\n"}, ".agentslint.toml:1: extends.0: it must not be empty"),
    "itself": ({".agentslint.toml": "\nextends = ['./.agentslint.toml']\n"}, ".agentslint.toml:2: extends.0: it extends itself: "),
    "a circle": (
        {".agentslint.toml": "extends = ['a.toml']\n", "a.toml": "extends = ['b/b.toml']\n", "b/b.toml": "\nextends = ['../a.toml']\n"},
        "b/b.toml:2: extends.0: it extends itself: ",
    ),
    "a mistake in the other file": (
        {".agentslint.toml": "extends = ['a.toml']\n", "a.toml": "\nfail-onn = 'x'\n"},
        "a.toml:2: fail-onn: there is no such key here; did you mean 'fail-on'?",
    ),
    "no toml in the other file": ({".agentslint.toml": "extends = ['a.toml']\n", "a.toml": "x = \n"}, "a.toml:1:"),
    "a folder": ({".agentslint.toml": "extends = ['a']\n", "a/x": ""}, "a: the configuration cannot be read: it is a folder"),
    "a NUL in the other file": (
        {".agentslint.toml": "extends = ['a.toml']\n", "a.toml": '\nexclude = ["\\u0000"]\n'},
        "a.toml:2: exclude.0: a text must not hold a NUL",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_own_file_and_line(tmp_path: Path, case: str) -> None:
    files, message = WRONG[case]
    with pytest.raises(UsageError) as caught:
        loaded(tmp_path, files)
    assert message in str(caught.value)


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("fail-on = 'never'\n")
    repo = written(tmp_path / "repo", {".agentslint.toml": "extends = ['a.toml']\n", ".git/HEAD": ""})
    (repo / "a.toml").symlink_to("../secret.toml")
    with pytest.raises(UsageError, match=r"toml:1: extends\.0: .*a\.toml: the configuration cannot be read"):
        load(repo)


def test_a_folder_that_links_to_itself_does_not_hang(tmp_path: Path) -> None:
    repo = written(tmp_path, {".agentslint.toml": "extends = ['d/a.toml']\n", "a.toml": "extends = ['d/a.toml']\n"})
    (repo / "d").symlink_to(".")
    with pytest.raises(UsageError, match=r"/a\.toml:1: extends\.0: there is no file d/a\.toml|files extend each other"):
        load(repo)


def test_the_presets_of_the_package_can_be_read(tmp_path: Path) -> None:
    assert own_presets()
    for name in own_presets():
        found = loaded(tmp_path, {".agentslint.toml": f"\nextends = ['{name}']\n"})
        assert (found.layers[0].shown, found.layers[0].path) == (name, None)


TABLES = st.fixed_dictionaries(
    {},
    optional={
        "fail-on": st.sampled_from(["error", "note"]),
        "exclude": st.lists(st.sampled_from("abc"), max_size=2),
        "render": st.fixed_dictionaries({}, optional={"timeout": st.integers(1, 9), "memory": st.integers(300, 900)}),
        "environments": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from("pqr"), "paths": st.just(["x"])}), max_size=3, unique_by=lambda e: e["name"]
        ),
        "rules": st.dictionaries(
            st.sampled_from(["x", "y"]), st.fixed_dictionaries({}, optional={"level": st.just("off"), "n": st.integers(0, 3)})
        ),
    },
)


def toml(table: Mapping[str, Any]) -> str:
    return "".join(f"{json.dumps(key)} = {inline(value)}\n" for key, value in table.items())


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {inline(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(map(inline, value)) + "]" if isinstance(value, list) else json.dumps(value)


def merged(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """The same by another way: each leaf by its path, entries by their names."""
    found: dict[str, Any] = {}
    for table in tables:
        for key, value in table.items():
            if key == "environments" and value and found.get(key):
                names = [entry["name"] for entry in value]
                old = [next((new for new in value if new["name"] == entry["name"]), entry) for entry in found[key]]
                found[key] = [*old, *(entry for entry in value if entry["name"] in set(names) - {each["name"] for each in found[key]})]
            elif isinstance(value, dict):
                found[key] = merged([found.get(key, {}), value])
            else:
                found[key] = value
    return found


@given(tables=st.lists(TABLES, min_size=1, max_size=4))
def test_any_layers_merge_as_the_rules_say_and_every_leaf_knows_its_line(
    tmp_path_factory: pytest.TempPathFactory, tables: list[dict[str, Any]]
) -> None:
    root = tmp_path_factory.mktemp("layers")
    *below, own = tables
    files = {f"{number}.toml": toml(table) for number, table in enumerate(below)}
    extends = f"extends = {json.dumps(list(files))}\n" if files else ""
    found = loaded(root, {**files, ".agentslint.toml": extends + toml(own)})
    assert {key: value for key, value in found.table.items() if key != "extends"} == merged(tables)
    for key in merged(tables):
        layer, there = found.origin(key)
        assert there[0] == key
        assert key in tomli.loads(layer.text.splitlines()[layer.line(*there) - 1])
    for number, entry in enumerate(found.table.get("environments", ())):
        layer, (_, index) = found.origin("environments", number)
        assert tomli.loads(layer.text)["environments"][index] == entry
