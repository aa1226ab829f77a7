"""Nothing hangs, nothing is lost: what cannot be read is a failure or a note."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from discover_tree import CONFIG_MAP, Tree

from agentslint.errors import UsageError


@pytest.fixture(params=["plain", "git"])
def either(tree: Tree, request: pytest.FixtureRequest) -> Tree:
    """A folder with one application, once outside of git and once inside."""
    if request.param == "git":
        tree.git("init", "-q")
    return tree.kustomization("app", "cm.yaml")


def test_links_to_nowhere_and_loops_are_failures(either: Tree) -> None:
    either.link("sets/dangling.yaml", "nowhere.yaml").link("sets/loop.yaml", "loop.yaml").link("sets/folder", "folder")
    found = either.discover(".")
    assert [target.name for target in found.targets] == ["app"]
    assert sorted(failure.message for failure in found.failures) == [
        "sets/dangling.yaml cannot be read: No such file or directory",
        "sets/loop.yaml cannot be read: Too many levels of symbolic links",
    ]


def test_links_to_folders_are_not_walked_into(either: Tree) -> None:
    either.link("app/parent", "..").link("again", "app").link("folder.yaml", "app")
    found = either.discover(".")
    assert [target.name for target in found.targets] == ["app"]
    assert not found.failures


def test_a_link_to_a_file_is_followed_inside_of_the_repository(either: Tree) -> None:
    either.write({"data/manifest.txt": CONFIG_MAP, "sets/a.yaml": CONFIG_MAP})
    either.link("sets/b.yaml", "a.yaml").link("sets/c.yaml", "../data/manifest.txt")
    assert either.names("sets") == ["sets/a.yaml", "sets/c.yaml"]


def test_a_link_out_of_the_repository_is_not_checked(either: Tree) -> None:
    (either.root.parent / "outside.yaml").write_text(CONFIG_MAP)
    either.link("sets/out.yaml", "../../outside.yaml")
    for path in (".", "sets/out.yaml"):
        found = either.discover(path, "app")
        assert [target.name for target in found.targets] == ["app"]
        assert found.notes == ()
        (failure,) = found.failures
        assert failure.message.startswith("sets/out.yaml cannot be read: ")
        assert str(either.root.parent / "outside.yaml") in failure.message


def test_a_dangling_kustomization_is_left_to_the_renderer(either: Tree) -> None:
    either.link("broken/kustomization.yaml", "nowhere.yaml")
    assert either.names(".") == ["app", "broken"]


def test_a_given_link_that_leads_nowhere_is_named(either: Tree) -> None:
    either.link("gone.yaml", "nowhere").link("loop", "loop")
    for path in ("gone.yaml", "loop"):
        with pytest.raises(UsageError, match=f"{path} is a symbolic link that leads nowhere"):
            either.discover(path)


def test_a_pipe_does_not_hang(either: Tree) -> None:
    os.mkfifo(either.root / "pipe.yaml")
    (either.root / "piped").mkdir()
    os.mkfifo(either.root / "piped" / "kustomization.yaml")
    either.kustomization("reads", generators=["../pipe.yaml"])
    assert set(either.names(".")) >= {"app", "reads"}
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        either.discover("pipe.yaml")


@pytest.fixture(params=["plain", "git"])
def unprivileged(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    """A tree of a user for whom permissions count, even where the tests run as root."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    user = os.geteuid()
    tree = Tree(root).kustomization("app", "cm.yaml")
    if request.param == "git":
        tree.git("init", "-q")
        # Who does not run as root cannot read root's own settings.
        for name, text in {"GLOBAL": os.devnull, "COUNT": "1", "KEY_0": "safe.directory", "VALUE_0": "*"}.items():
            monkeypatch.setenv(f"GIT_CONFIG_{name}", text)
    try:
        if user == 0:
            os.seteuid(65534)
        yield tree
    finally:
        os.seteuid(user)
        shutil.rmtree(root)


def test_unreadable_files_and_folders_are_failures(unprivileged: Tree) -> None:
    user = os.geteuid()
    os.seteuid(os.getuid())
    unprivileged.write({"sets/secret.yaml": CONFIG_MAP, "closed/a.yaml": CONFIG_MAP})
    (unprivileged.root / "sets" / "secret.yaml").chmod(0)
    (unprivileged.root / "closed").chmod(0)
    os.seteuid(user)
    found = unprivileged.discover(".")
    assert [target.name for target in found.targets] == ["app"]
    assert sorted(failure.message for failure in found.failures) == [
        "closed cannot be read: Permission denied",
        "sets/secret.yaml cannot be read: Permission denied",
    ]
    again = unprivileged.discover("sets/secret.yaml")
    assert "sets/secret.yaml cannot be read: Permission denied" in [failure.message for failure in again.failures]
    assert (again.targets, again.notes) == ((), ())
    only = unprivileged.discover("sets")
    assert (only.targets, len(only.failures)) == ((), 2)


def test_a_bad_exclude_pattern_is_named(either: Tree) -> None:
    with pytest.raises(UsageError, match="exclude: "):
        either.discover(".", exclude=("!",))
