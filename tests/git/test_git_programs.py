"""Programs that `.git/config` and attributes name: none is run, and nothing is sent."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from attack import WAYS, Trap, agentslint
from story import Story, plain, web

from agentslint.change.earlier import ValueHistory
from agentslint.change.pointing import first_difference
from agentslint.git.command import Git, GitError

FILTERED = {".gitattributes": "*.yaml filter=x diff=x\n"}


def configure(story: Story, settings: dict[str, str]) -> None:
    for key, value in settings.items():
        story.git("config", key, value)


def dirty(story: Story) -> None:
    """The same files, of another time: git compares what is in them."""
    for path in story.root.rglob("*.yaml"):
        path.write_bytes(path.read_bytes())


@pytest.mark.parametrize(
    "keys",
    [
        ("core.fsmonitor",),
        ("filter.x.clean", "filter.x.smudge"),
        ("filter.x.process",),
        ("diff.external", "diff.x.command", "diff.x.textconv"),
        ("core.pager", "core.editor", "core.askPass", "gpg.program", "core.sshCommand", "core.gitProxy", "core.alternateRefsCommand"),
    ],
    ids=lambda keys: keys[0],
)
def test_a_program_of_the_repository_is_not_run(app: Story, trap: Trap, keys: tuple[str, ...]) -> None:
    app.commit("attributes", FILTERED)
    configure(app, {**dict.fromkeys(keys, str(trap.program)), "log.showSignature": "true", "core.untrackedCache": "true"})
    dirty(app)
    for words in (WAYS[1], WAYS[2], (*WAYS[3], "--offline")):
        agentslint(app, *words)
        assert not trap.has_run, (words, trap.mark.read_text())


@pytest.mark.parametrize("where", ["config", "included", "name", "info", "worktree", "user"])
def test_a_filter_of_the_repository_is_found_wherever_it_is_defined(app: Story, trap: Trap, tmp_path: Path, where: str) -> None:
    name = "a=b.c" if where == "name" else "X"
    attributes = f"*.yaml filter={name}\n"
    app.commit("attributes", {".gitattributes": "" if where == "info" else attributes})
    if where == "info":
        (app.root / ".git/info").mkdir(exist_ok=True)
        (app.root / ".git/info/attributes").write_text(attributes)
    commands = {f"filter.{name}.{each}": str(trap.program) for each in ("clean", "smudge", "process")}
    if where == "included":
        (tmp_path / "more").write_text(f'[filter "X"]\n\tclean = {trap.program}\n\tsmudge = {trap.program}\n\trequired\n')
        app.git("config", "include.path", str(tmp_path / "more"))
    elif where == "worktree":
        app.git("config", "extensions.worktreeConfig", "true")
        for key, value in commands.items():
            app.git("config", "--worktree", key, value)
    else:
        configure(app, {**commands, f"filter.{name}.required": "true"})
    more = {}
    if where == "user":
        (tmp_path / "global").write_text('[filter "X"]\n\tclean = cat\n\tsmudge = cat\n')
        more = {"GIT_CONFIG_GLOBAL": str(tmp_path / "global")}
    dirty(app)
    done = agentslint(app, "lint", "--base", "HEAD", "app", **more)
    assert (done.status, done.failures) == (1, [])
    agentslint(app, *WAYS[2], **more)
    assert not trap.has_run


def test_a_hook_is_not_run(app: Story, trap: Trap) -> None:
    hooks = app.root / "hooks"
    app.write({f"hooks/{name}": f"#!/bin/sh\n{trap.program} </dev/null\n" for name in ("post-index-change", "post-checkout")})
    for hook in hooks.iterdir():
        hook.chmod(0o755)
    configure(app, {"core.hooksPath": str(hooks), "hook.x.command": str(trap.program), "hook.x.event": "post-index-change"})
    agentslint(app, *WAYS[2])
    assert not trap.has_run


def test_a_history_that_is_searched_runs_nothing(app: Story, trap: Trap) -> None:
    app.commit("attributes", FILTERED)
    configure(app, dict.fromkeys(("diff.x.textconv", "diff.x.command", "diff.external", "filter.x.clean"), str(trap.program)))
    app.write({"app/web.yaml": web("ghcr.io/acme/web:three")})
    commit = app.commits[-1]
    assert ValueHistory(app.root, commit).ever_held("app/web.yaml", "web:one") is True
    assert ValueHistory(app.root, commit).ever_held_below("app", "web:one") is True
    assert ValueHistory(app.root, commit, network=False).ever_held_below("app", "web:none") is False
    assert first_difference(app.root, commit, "app/web.yaml").region.start_line == 10
    assert not trap.has_run


@pytest.fixture
def partial(app: Story) -> Story:
    """A clone that lacks what its first commit held."""
    app.git("config", "uploadpack.allowFilter", "true")
    clone = app.clone(app.root.parent / "partial", "--filter=blob:none")
    assert Git(str(clone.root), network=False).answer("cat-file", "-e", f"{app.commits[0]}:app/web.yaml") is None
    return clone


def test_a_partial_clone_fetches_online_alone(partial: Story) -> None:
    for words in (WAYS[2], WAYS[3]):
        before = partial.state()
        done = agentslint(partial, *words, "--offline")
        assert done.status == 2
        assert partial.state() == before
    assert agentslint(partial, *WAYS[2]).status == 0


@pytest.mark.parametrize("url", ["ext::{program}", "file://{origin}", "ssh://127.0.0.1:1/x", "git://127.0.0.1:1/x"])
@pytest.mark.parametrize("network", [True, False])
def test_a_partial_clone_runs_no_program_that_the_repository_names(partial: Story, app: Story, trap: Trap, url: str, network: bool) -> None:
    keys = ("core.sshCommand", "core.gitProxy", "credential.helper", *(["remote.origin.uploadpack"] if "file:" in url else []))
    settings = dict.fromkeys(keys, str(trap.program))
    configure(partial, {**settings, "remote.origin.url": url.format(program=trap.program, origin=app.root), "protocol.ext.allow": "always"})
    git = Git.of(str(partial.root), network)
    for words in (("cat-file", "-p", f"{app.commits[0]}:app/web.yaml"), ("log", "-Sweb:one", "--format=%H", app.commits[-1])):
        git.answer(*words)
    assert not trap.has_run, trap.mark.read_text()


@pytest.mark.parametrize("key", ["core.alternateRefsCommand", "core.sshCommand", "remote.origin.vcs", "core.gitProxy"])
def test_a_fetch_that_works_runs_no_program_of_the_repository(partial: Story, app: Story, trap: Trap, tmp_path: Path, key: str) -> None:
    other = Story.begin(tmp_path / "other")
    other.commit("one", plain("other", "ghcr.io/acme/web:other"))
    (partial.root / ".git/objects/info/alternates").write_text(f"{other.root}/.git/objects\n")
    configure(partial, {"remote.origin.url": app.root.as_uri(), key: f"{trap.program} </dev/null; :"})
    said = Git.of(str(partial.root)).answer("cat-file", "-p", f"{app.commits[0]}:app/web.yaml")
    assert not trap.has_run, trap.mark.read_text()
    assert (said is None) == (key in ("remote.origin.vcs", "core.gitProxy"))


def test_a_fetch_finds_no_token_of_the_job(partial: Story, app: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, program = tmp_path / "seen", tmp_path / "git-upload-pack"
    program.write_text(f'#!/bin/sh\nenv > {seen}\nexec {shutil.which("git")} upload-pack "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("JOB_TOKEN", "hunter2")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "global").write_text(f'[remote "origin"]\n\tuploadpack = {program}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "global"))
    assert Git.of(str(partial.root)).answer("cat-file", "-p", f"{app.commits[0]}:app/web.yaml") is not None
    assert "PATH=" in seen.read_text()
    assert "hunter2" not in seen.read_text()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that notes who calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.mark.parametrize("scheme", ["http", "git", "ssh"])
def test_offline_nothing_is_sent(partial: Story, listener: socket.socket, scheme: str) -> None:
    partial.git("config", "remote.origin.url", f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/x")
    for words in (WAYS[2], WAYS[3]):
        assert agentslint(partial, *words, "--offline").status == 2
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.parametrize(
    "name", ["--output=mark", "--exec=touch mark", "-h", "--upload-pack=touch mark", "HEAD --output=mark", ":/two\0", "@{-1}"]
)
def test_a_revision_is_no_option(app: Story, name: str) -> None:
    git = Git.of(str(app.root))
    assert git.commit(name) is None
    if "\0" not in name:
        assert agentslint(app, "diff", f"--base={name}").status == 2
    assert not (app.root / "mark").exists()


@pytest.mark.parametrize("name", ["..", ".git", ".GIT"])
def test_a_tree_that_git_would_not_check_out_is_not_compared_with(app: Story, name: str) -> None:
    """Such a path would lead out of the folder that the base is written to."""
    blob = app.git("rev-parse", "HEAD:app/web.yaml")
    rows = f"040000 tree {app.git('rev-parse', 'HEAD:app')}\t{name}\n100644 blob {blob}\tx\n".replace("\n", "\0").encode()
    git = Git.of(str(app.root))
    tree = git.ask("mktree", "-z", stdin=rows).decode().strip()
    commit = app.git("commit-tree", tree, "-m", "made by hand")
    done = agentslint(app, "diff", "--base", commit)
    assert done.status == 2
    assert "git refuses to check out" in done.err


def test_the_programs_of_the_user_stay(app: Story, trap: Trap, tmp_path: Path) -> None:
    """A filter that the user or the machine defines runs, since a checkout ran it, too; offline it does not."""
    (tmp_path / "global").write_text(f'[filter "x"]\n\tclean = {trap.program}\n\tsmudge = {trap.program}\n')
    app.commit("attributes", {**FILTERED, **plain("else", "ghcr.io/acme/web:one", name="else")})
    dirty(app)
    user = {"GIT_CONFIG_GLOBAL": str(tmp_path / "global")}
    agentslint(app, *WAYS[2], "--offline", **user)
    assert not trap.has_run
    agentslint(app, *WAYS[2], **user)
    assert trap.has_run


def test_what_the_repository_says_of_a_helper_leaves_that_of_the_user(app: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "global").write_text(
        '[credential]\n\thelper = mine\n[core]\n\tsshCommand = ssh -i mine\n[credential "https://x"]\n\thelper = two\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "global"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    configure(app, dict.fromkeys(("credential.helper", "credential.https://x.helper", "core.sshCommand"), "evil"))
    assert Git.of(str(app.root)).settings.overrides == (
        ("core.sshcommand", "ssh -i mine"), ("credential.helper", ""), ("credential.helper", "mine"),
        ("credential.https://x.helper", ""), ("credential.https://x.helper", "two"),
    )  # fmt: skip


@pytest.mark.parametrize("key", ["lfs.customTransfer.x.path", "lfs.EXTENSION.x.clean", "lfs.https://a.StandaloneTransferAgent"])
def test_settings_of_git_lfs_that_name_programs_turn_filters_off(app: Story, trap: Trap, tmp_path: Path, key: str) -> None:
    """git lfs is the user's, and starts what the repository's configuration names."""
    (tmp_path / "global").write_text(f'[filter "x"]\n\tclean = {trap.program}\n\tsmudge = {trap.program}\n')
    app.commit("attributes", FILTERED)
    configure(app, {key: str(trap.program)})
    dirty(app)
    agentslint(app, *WAYS[2], GIT_CONFIG_GLOBAL=str(tmp_path / "global"))
    assert not trap.has_run


def test_a_bad_count_of_settings_is_said(app: Story) -> None:
    done = agentslint(app, "lint", "app", GIT_CONFIG_COUNT="many")
    assert done.status == 2
    assert "GIT_CONFIG_COUNT" in done.err


def test_a_bare_source_needs_an_owner(app: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = app.clone(tmp_path / "bare.git", "--bare")
    real = str(bare.root)
    for folder in (real, str(app.root / ".git")):
        assert Git.of(folder, bare=True).commit("HEAD") == app.commits[-1]
    monkeypatch.setattr("agentslint.git.owner._own", lambda: (4711,))
    with pytest.raises(GitError, match=f"git config --global --add safe.directory {real}"):
        Git.of(real, bare=True)
    for number, (value, leave) in enumerate({"*": True, f"{tmp_path}/*": True, real: True, "": False, str(tmp_path): False}.items()):
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", value)
        if leave:
            assert Git.of(real, bare=True).commit("HEAD") == app.commits[-1], number
        else:
            with pytest.raises(GitError, match="belongs to another user"):
                Git.of(real, bare=True)
