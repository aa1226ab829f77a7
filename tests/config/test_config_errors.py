"""What is wrong with a configuration is said with its file, its line, and the nearest thing that would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.config import Loaded, check_named_rules, load
from agentslint.errors import UsageError

RULES = ("image-claims", "mutable-tag", "require-digest")

MISTAKES = {
    "a misspelt key": ("# x\nfail-onn = 'error'\n", 2, "fail-onn: there is no such key here; did you mean 'fail-on'?"),
    "an underscore": ("render_errors = 'warn'\n", 1, "did you mean 'render-errors'?"),
    "a key like no other": ("xyzzy = 1\n", 1, "there are: extends, select, ignore-rules"),
    "a value of a choice": ("\nfail-on = 'eror'\n", 2, "fail-on: 'eror' is none of error, never, note, warning"),
    "a string for a list": ("select = 'require-digest'\n", 1, "select: expected a list, got a string"),
    "a number for a string": ("fail-on = 3\n", 1, "fail-on: expected a string, got a whole number"),
    "a number in a list": ("exclude = [\n  'a',\n  3,\n]\n", 3, "exclude.1: expected a string, got a whole number"),
    "a table for a list of tables": (
        "[ignore]\nrule = 'x'\n",
        1,
        "ignore: expected a list, got a table, which is written with two brackets",
    ),
    "a key of a nested table": (
        "[render]\ntimeout = 3\nbuild-option = []\n",
        3,
        "render.build-option: there is no such key here; did you mean 'build-options'",
    ),
    "a key of a list of tables": (
        "[[groups]]\nname = 'a'\nimages = ['*']\n[[groups]]\nnam = 'b'\n",
        5,
        "groups.1.nam: there is no such key here; did you mean 'name'?",
    ),
    "a missing key": ("[[ignore]]\nrule = 'x'\nreason = 'y'\n\n[[ignore]]\nrule = 'x'\n", 5, "ignore.1: reason is missing"),
    "an empty reason": ("[[ignore]]\nrule = 'x'\nreason = ''\n", 3, "ignore.0.reason: it must not be empty"),
    "a blank reason": ("[[ignore]]\nrule = 'x'\nreason = '  '\n", 3, "ignore.0.reason: it must not be empty"),
    "an empty rule": ("[[ignore]]\nrule = ''\nreason = 'y'\n", 2, "ignore.0.rule: it must not be empty"),
    "a day that there is not": ("[[ignore]]\nrule = 'x'\nreason = 'y'\nuntil = '2026-02-31'\n", 4, "ignore.0.until: there is no such day"),
    "no day at all": ("[[ignore]]\nrule = 'x'\nreason = 'y'\nuntil = 'soon'\n", 4, "write YYYY-MM-DD"),
    "a time": (
        "[[ignore]]\nrule = 'x'\nreason = 'y'\nuntil = 2026-02-01T10:00:00\n",
        4,
        "expected a date (YYYY-MM-DD), got a date with a time",
    ),
    "an inline table": (
        "ignore = [\n  {rule = 'x', reason = 'y'},\n  {rule = 'x', reson = 'y'},\n]\n",
        3,
        "ignore.1.reson: there is no such key here; did you mean 'reason'?",
    ),
    "rules that are no table": ("rules = 3\n", 1, "rules: expected a table, got a whole number"),
    "a rule that is no table": ("[rules]\nmutable-tag = {}\nrequire-digest = 3\n", 3, "rules.require-digest: expected a table"),
    "a timeout of zero": ("[render]\ntimeout = 0\n", 2, "render.timeout: expected a number > 0"),
    "a timeout that is none": ("[render]\ntimeout = 'x'\n", 2, "render.timeout: expected a number, got a string"),
    "too little memory": ("[render]\nmemory = 10\n", 2, "render.memory: expected a whole number >= 200"),
    "targets of all": ("[render]\ntargets = ['a']\n", 2, "render.targets: there is no such key here"),
    "no targets": ("[[render.for]]\ntimeout = 3\n", 1, "render.for.0: targets is missing"),
    "a renderer for some": ("[[render.for]]\ntargets = ['a']\nhelm = 'x'\n", 3, "render.for.0.helm: there is no such key here"),
    "a group of nothing": ("[[groups]]\nname = 'a'\n", 1, "it needs images, workloads or targets"),
    "a path that is none": ("[[image-fields]]\nkind = 'A'\npath = '[[['\n", 1, "'[[[' is not a path"),
    "a form": (
        "[[image-fields]]\nkind = 'A'\npath = 'spec.x'\nform = 'refrence'\n",
        4,
        "'refrence' is none of container, containers, parts",
    ),
    "no toml": ("a = 1\nb = \n", 2, "Invalid value"),
    "a key twice": ("select = []\nselect = []\n", 2, "Cannot overwrite a value"),
}


@pytest.mark.parametrize("case", MISTAKES)
@pytest.mark.parametrize("place", [".agentslint.toml", "pyproject.toml"])
def test_a_mistake_is_told_by_file_and_line(tmp_path: Path, case: str, place: str) -> None:
    text, line, message = MISTAKES[case]
    path = tmp_path / place
    if place == "pyproject.toml":
        # Statements of others before ours; ours become those of [tool.agentslint].
        before = "[project]\nname = 'x'\ndescription = '''\n[tool.agentslint]\n'''\n\n"
        text = "\n".join(moved(each) for each in text.splitlines())
        text, line = f"{before}[tool.agentslint]\n{text}\n", line + 7
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith((f"{path}:{line}: ", f"{path}:{line}:")), caught.value
    assert message in str(caught.value)


def moved(line: str) -> str:
    return (
        line.replace("[[", "[[tool.agentslint.", 1)
        if line.startswith("[[")
        else line.replace("[", "[tool.agentslint.", 1)
        if line.startswith("[")
        else line
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"a = 1\nb = '\xff'\n", ":2: byte 0xff is not UTF-8"), ("fail-on = 'note'".encode("utf-16"), ":1: byte 0xff is not UTF-8")],
)
def test_a_file_in_another_encoding_is_told_by_its_line(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / ".agentslint.toml").write_bytes(data)
    with pytest.raises(UsageError, match=message):
        load(tmp_path)


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / ".agentslint.toml"
    path.write_bytes(b"\xef\xbb\xbf# x\r\nfail-on = 'note'\r\n\r\n[[ignore]]\r\nrule = 'x'\r\nreason = '''\r\ny'''\r\n")
    loaded = load(tmp_path)
    assert (loaded.config.fail_on, loaded.where("ignore", 0)) == ("note", f"{path}:4")
    path.write_bytes(b"\xef\xbb\xbf# x\r\nfail-no = 'note'\r\n")
    with pytest.raises(UsageError, match=r":2: fail-no: .* did you mean 'fail-on'\?"):
        load(tmp_path)


def test_a_configuration_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".agentslint.toml").mkdir()
    with pytest.raises(UsageError, match=r"\.agentslint\.toml: the configuration cannot be read: it is a folder, not a file"):
        load(tmp_path)
    (tmp_path / ".agentslint.toml").rmdir()
    (tmp_path / ".agentslint.toml").symlink_to("nowhere")
    with pytest.raises(UsageError, match=r"\.agentslint\.toml: the configuration cannot be read: No such file or directory"):
        load(tmp_path)
    with pytest.raises(UsageError, match=r"nope\.toml: the configuration cannot be read: No such file or directory"):
        load(tmp_path, str(tmp_path / "nope.toml"))


def ignoring(tmp_path: Path, rule: str) -> Loaded:
    (tmp_path / ".agentslint.toml").write_text(
        f"[[ignore]]\nrule = 'mutable-tag'\nreason = 'y'\n[[ignore]]\nreason = 'y'\nrule = '{rule}'\n"
    )
    return load(tmp_path)


@pytest.mark.parametrize("rule", ["require-digest", "*", "image-*", "*-tag"])
def test_an_entry_may_name_a_rule_or_a_glob_of_rules(tmp_path: Path, rule: str) -> None:
    check_named_rules(ignoring(tmp_path, rule), RULES)


@pytest.mark.parametrize(
    ("rule", "hint"),
    [("requir-digest", "did you mean 'require-digest'?"), ("nope", "`agentslint rules` lists them"), ("nope-*", "lists them")],
)
def test_an_entry_for_no_rule_is_told_by_its_line(tmp_path: Path, rule: str, hint: str) -> None:
    loaded = ignoring(tmp_path, rule)
    with pytest.raises(UsageError) as caught:
        check_named_rules(loaded, RULES)
    assert str(caught.value).startswith(f"{tmp_path}/.agentslint.toml:6: ignore.1.rule: there is no rule '{rule}'; ")
    assert hint in str(caught.value)
