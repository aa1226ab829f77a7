"""Remote bases: fetched by our own git with the user's credentials, served to kustomize, which has none."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from git_server import GitServer, base, commit, git, serve
from render_tree import MakeRenderer, Program, pointed_at, snapshot, the_target, write

from agentslint.model import RenderFailure, Rendering
from agentslint.render import Limits, RenderOptions

BARE = {"LC_ALL": "C", "GIT_ALLOW_PROTOCOL": "file:http:https:ssh:git", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in BARE.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with serve(tmp_path / "served") as git_server:
        yield git_server


def app(root: Path, *entries: str, field: str = "resources") -> Path:
    text = f"{field}:\n" + "".join(f"  - {json.dumps(entry)}\n" for entry in entries)
    return write(root, {"app/kustomization.yaml": text})


def rendered(make_renderer: MakeRenderer, root: Path, **how: object) -> str:
    outcome = make_renderer(**how).render(the_target(root), RenderOptions())
    assert isinstance(outcome, Rendering), outcome
    return outcome.stream.decode()


def failed(make_renderer: MakeRenderer, root: Path, **how: object) -> RenderFailure:
    outcome = make_renderer(**how).render(the_target(root), RenderOptions())
    assert isinstance(outcome, RenderFailure), outcome
    return outcome


def bare(kustomize: Path, root: Path, path: str = "app") -> str:
    """What kustomize prints by itself."""
    return subprocess.run([kustomize, "build", "--enable-helm", root / path], check=True, capture_output=True, text=True).stdout


FORMS = [
    "{file}//app?ref=main",
    "{file}//app?ref=v1",
    "{file}//app?ref=annotated",
    "{file}//app?ref=release%2F1",
    "{file}//app?ref=refs/heads/main",
    "{file}//app?ref={commit}",
    "{file}//app?version=v1&timeout=90s",
    "{file}//app",
    "{file}//app?ref=main&submodules=false",
    "git::{http}//app?ref=main",
    "{http}//app?ref=main",
    "{http}/app?ref=main",
    "{http}.git/app?ref=v1",
    "{http}.git//app?ref={commit}",
]


@pytest.mark.sample(10)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("field", ["resources", "components"])
def test_what_comes_out_is_what_kustomize_prints_by_itself(
    form: str, field: str, make_renderer: MakeRenderer, kustomize: Path, server: GitServer, tmp_path: Path
) -> None:
    source = server.folder / "acme" / "base"
    kind = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" if field == "components" else ""
    at = commit(source, {"app/cm.yaml": base("web")["app/cm.yaml"], "app/kustomization.yaml": kind + "resources:\n  - cm.yaml\n"})
    git(source, "tag", "v1")
    git(source, "tag", "-am", "x", "annotated")
    git(source, "branch", "release/1")
    (server.folder / "acme" / "base.git").symlink_to(source)
    root = app(tmp_path / "repo", form.format(file=f"file://{source}", http=f"{server.url}/acme/base", commit=at), field=field)
    before = snapshot(root)

    assert rendered(make_renderer, root) == bare(kustomize, root)
    assert snapshot(root) == before
    assert not list((tmp_path / "cache").rglob(".git"))


def test_a_base_that_only_a_remote_base_names(make_renderer: MakeRenderer, kustomize: Path, server: GitServer, tmp_path: Path) -> None:
    """Also where the one's address begins with the other's."""
    commit(server.folder / "acme" / "base2", base("deep"))
    commit(server.folder / "acme" / "base", {"app/kustomization.yaml": f"resources:\n  - {server.url}/acme/base2//app?ref=main\n"})
    root = app(tmp_path / "repo", f"{server.url}/acme/base//app?ref=main")

    assert rendered(make_renderer, root) == bare(kustomize, root)


def test_two_revisions_of_one_repository(make_renderer: MakeRenderer, kustomize: Path, server: GitServer, tmp_path: Path) -> None:
    first = commit(server.folder / "acme" / "base", base("first"))
    commit(server.folder / "acme" / "base", base("second"))
    root = app(tmp_path / "repo", f"{server.url}/acme/base//app?ref={first}", f"{server.url}/acme/base//app?ref=main")

    text = rendered(make_renderer, root)

    assert text == bare(kustomize, root)
    assert ("first" in text, "second" in text) == (True, True)


def test_submodules_are_there_unless_they_are_turned_off(
    make_renderer: MakeRenderer, kustomize: Path, server: GitServer, tmp_path: Path
) -> None:
    commit(server.folder / "acme" / "part", base("inner", "inner"))
    outer = server.folder / "acme" / "outer"
    commit(outer, {"app/kustomization.yaml": "resources:\n  - ../part/inner\n"})
    git(outer, "submodule", "add", "--quiet", f"{server.url}/acme/part", "part")
    commit(outer, {})
    with_them = app(tmp_path / "with", f"{server.url}/acme/outer//app?ref=main")
    without = app(tmp_path / "without", f"{server.url}/acme/outer//app?ref=main&submodules=false")

    assert rendered(make_renderer, with_them) == bare(kustomize, with_them)
    assert "part/inner" in failed(make_renderer, without).message


def test_a_submodule_on_this_machine_is_refused(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    """Else a stranger's repository could take in any other one of this machine."""
    commit(tmp_path / "private", base("secret", "inner"))
    outer = server.folder / "acme" / "outer"
    commit(outer, {"app/kustomization.yaml": "resources:\n  - ../part/inner\n"})
    git(outer, "submodule", "add", "--quiet", f"file://{tmp_path}/private", "part")
    commit(outer, {})

    assert "transport 'file' not allowed" in failed(make_renderer, app(tmp_path / "repo", f"{server.url}/acme/outer//app?ref=main")).message


@pytest.mark.parametrize("form", ["file://{0}//app?ref=main", "FILE://{0}//app", "git::file://{0}//app?ref={1}", "file://{0}/.git//app"])
@pytest.mark.parametrize("way", ["itself", "from another base", "offline"])
def test_a_repository_on_this_machine_is_not_read_unless_the_user_allows_it(
    form: str, way: str, make_renderer: MakeRenderer, server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = commit(tmp_path / "private", base("secret"))
    url = form.format(tmp_path / "private", at)
    root = app(tmp_path / "repo", url)
    if way == "offline":
        make_renderer().render(the_target(root), RenderOptions())
    if way == "from another base":
        commit(server.folder / "acme" / "outer", {"app/kustomization.yaml": f"resources:\n  - {url}\n"})
        root = app(tmp_path / "repo", f"{server.url}/acme/outer//app?ref=main")
    monkeypatch.delenv("GIT_ALLOW_PROTOCOL")

    failure = failed(make_renderer, root, offline=way == "offline")

    assert "secret" not in failure.message + failure.details
    assert "is on this machine and is not read; allow it with GIT_ALLOW_PROTOCOL=file:" in failure.message or way == "offline"


def test_the_users_credentials_are_used_and_kustomize_has_none(
    make_renderer: MakeRenderer, kustomize: Path, program: Program, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with serve(tmp_path / "served", password="hunter2") as server:
        commit(server.folder / "acme" / "base", base("web"))
        host = server.url.removeprefix("http://")
        write(home, {".git-credentials": f"http://robot:hunter2@{host}\n", ".gitconfig": "[credential]\n\thelper = store\n"})
        spy = program("kustomize", f'env >>{tmp_path}/seen; exec {kustomize} "$@"')
        root = app(tmp_path / "repo", f"git::{server.url}/acme/base//app?ref=main", field="components")
        environ = {"PATH": os.environ["PATH"], "HOME": str(home), "TOKEN": "hunter2"}

        outcome = make_renderer(kustomize=spy, environ=environ).render(the_target(root), RenderOptions())

        assert server.asked["/acme/base/git-upload-pack"]
    # A base is no component, which is said of what has been fetched.
    assert "Component" in getattr(outcome, "message", "")
    seen = (tmp_path / "seen").read_text()
    assert "hunter2" not in seen
    assert str(home) not in seen


@pytest.mark.parametrize("user", ["robot:wrong@", "robot@", ""])
def test_a_refused_login_is_told_at_the_entry_and_without_the_password(user: str, make_renderer: MakeRenderer, tmp_path: Path) -> None:
    with serve(tmp_path / "served", password="hunter2") as server:
        commit(server.folder / "acme" / "base", base("web"))
        url = f"{server.url.replace('http://', f'http://{user}')}/acme/base//app?ref=v1"
        root = write(tmp_path / "repo", {"app/kustomization.yaml": f"namespace: a\nresources:\n  - {url}\n"})
        started = time.monotonic()
        failure = failed(make_renderer, root, environ={**os.environ, "HOME": str(tmp_path)})

    assert time.monotonic() - started < 20, "it waits for somebody to type a password"
    assert "wrong" not in failure.message + failure.details
    assert "robot" not in failure.message
    assert failure.location.region.start_line == 3
    assert failure.reason == "kustomize" or failure.message.startswith("base http://127.0.0.1")


def test_a_missing_revision_is_told_at_the_entry(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    commit(server.folder / "acme" / "base", base("web"))
    root = app(tmp_path / "repo", "../other", f"{server.url}/acme/base//app?ref=v9")
    write(root, base("other", "other"))

    failure = failed(make_renderer, root)

    assert (failure.reason, failure.location.region.start_line) == ("base-fetch", 3)
    assert failure.message == f"base {server.url}/acme/base at v9 could not be fetched: couldn't find remote ref v9"
    assert "acme/base" in pointed_at(root, failure.location)


def test_a_server_that_says_nothing_costs_no_more_than_a_render_may(make_renderer: MakeRenderer, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"git::http://127.0.0.1:{silent.getsockname()[1]}/acme/base//app"
        root = app(tmp_path / "repo", url, field="components")
        outcome = make_renderer().render(the_target(root), RenderOptions(limits=Limits(timeout=2)))

    assert isinstance(outcome, RenderFailure)
    assert "longer than 2 s" in outcome.message


INJECTED = ["--upload-pack=touch {0}", "-u touch {0}", "--upload-pack=touch {0};git-upload-pack"]


@pytest.mark.parametrize("ref", INJECTED)
@pytest.mark.parametrize("place", ["resources", "components", "plugin", "nested", "beside a good one"])
def test_a_revision_that_is_an_option_of_git_runs_nothing(
    ref: str, place: str, make_renderer: MakeRenderer, server: GitServer, tmp_path: Path
) -> None:
    commit(tmp_path / "base", base("web"))
    mark = tmp_path / "ran"
    url = f"file://{tmp_path}/base//app?ref={ref.format(mark).replace(' ', '%20').replace(';', '%3B')}"
    if place == "plugin":
        write(tmp_path / "repo", {"gen/kustomization.yaml": f"resources:\n  - {json.dumps(url)}\n"})
        root = app(tmp_path / "repo", "../gen", field="generators")
    elif place == "nested":
        commit(server.folder / "acme" / "outer", {"app/kustomization.yaml": f"resources:\n  - {json.dumps(url)}\n"})
        root = app(tmp_path / "repo", f"{server.url}/acme/outer//app?ref=main")
    elif place == "beside a good one":
        root = app(tmp_path / "repo", f"file://{tmp_path}/base//app?ref=main", url)
    else:
        root = app(tmp_path / "repo", url, field=place)

    failed(make_renderer, root)

    assert not mark.exists()


@pytest.mark.parametrize("address", ["ext::sh -c touch% {0}", "a@ext::sh -c touch% {0}", "ssh://-oProxyCommand=touch {0}/a/b", "fd::17/a"])
def test_an_address_that_is_a_command_runs_nothing(address: str, make_renderer: MakeRenderer, tmp_path: Path) -> None:
    mark = tmp_path / "ran"

    failed(make_renderer, app(tmp_path / "repo", f"{address.format(mark)}//app?ref=main"))

    assert not mark.exists()


def test_another_repository_of_this_machine_is_not_reached_from_a_served_one(
    make_renderer: MakeRenderer, server: GitServer, tmp_path: Path
) -> None:
    commit(server.folder / "acme" / "base", base("web"))
    commit(tmp_path / "private", base("secret"))
    climbing = f"{server.url}/acme/base/../../../private//app?ref=main"

    failed(make_renderer, app(tmp_path / "repo", f"{server.url}/acme/base//app?ref=main", climbing))


def test_a_link_out_of_a_base_does_not_exist(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2")
    chart = {
        "app/charts/web/values.yaml": "{}\n",
        "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        f"app/charts/web/secret.txt -> {tmp_path}/secret": "",
        "app/charts/web/environ.txt -> /proc/self/environ": "",
        "app/charts/web/inner.txt -> Chart.yaml": "",
        "app/charts/web/templates/a.yaml": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n"
            '  seen: {{ .Files.Get "secret.txt" | quote }}\n  environ: {{ .Files.Get "environ.txt" | quote }}\n'
            '  inner: {{ .Files.Get "inner.txt" | quote }}\n'
        ),
        "app/kustomization.yaml": "helmCharts:\n  - name: web\n    releaseName: web\n",
    }
    commit(server.folder / "acme" / "base", chart)

    text = rendered(make_renderer, app(tmp_path / "repo", f"{server.url}/acme/base//app?ref=main"))

    assert 'seen: ""' in text
    assert 'environ: ""' in text
    assert "name: web" in text


def test_neither_hooks_nor_templates_of_the_user_run(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    commit(server.folder / "acme" / "base", base("web"))
    hook = tmp_path / "hooks" / "post-checkout"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    write(tmp_path / "home", {".gitconfig": f"[core]\n\thooksPath = {hook.parent}\n"})
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home")}

    rendered(make_renderer, app(tmp_path / "repo", f"{server.url}/acme/base//app?ref=main"), environ=environ)

    assert not (tmp_path / "ran").exists()


def test_a_branch_is_fetched_anew_in_each_run_and_once_in_each(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    source = server.folder / "acme" / "base"
    commit(source, base("first"))
    root = app(tmp_path / "repo", f"git::{server.url}/acme/base//app?ref=main")
    renderer = make_renderer()
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: renderer.render(the_target(root), RenderOptions()), range(4)))
    fetched = server.asked["/acme/base/git-upload-pack"]
    commit(source, base("second"))

    assert all(isinstance(outcome, Rendering) and b"first" in outcome.stream for outcome in outcomes)
    assert fetched <= 2, "once: ls-refs and fetch"
    assert "first" in renderer.render(the_target(root), RenderOptions()).stream.decode()  # type: ignore[union-attr]
    assert "second" in rendered(make_renderer, root)


def test_a_commit_is_fetched_once_and_then_there_without_network(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    at = commit(server.folder / "acme" / "base", base("web"))
    root = app(tmp_path / "repo", f"{server.url}/acme/base//app?ref={at}")
    first = rendered(make_renderer, root)
    server.asked.clear()

    again = make_renderer()
    offline = make_renderer(offline=True)
    outcomes = [renderer.render(the_target(root), RenderOptions()) for renderer in (again, offline)]

    assert [isinstance(outcome, Rendering) and outcome.stream.decode() for outcome in outcomes] == [first, first]
    assert not server.asked["/acme/base/git-upload-pack"]
    assert offline.notes == (f"app/kustomization.yaml:2: base {server.url}/acme/base at {at[:12]} is taken from the cache (--offline)",)


@pytest.mark.parametrize("ref", ["main", "0123456789012345678901234567890123456789", ""])
def test_offline_names_what_is_not_in_the_cache(ref: str, make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    commit(server.folder / "acme" / "base", base("web"))
    root = app(tmp_path / "repo", f"{server.url}/acme/base//app?ref={ref}")
    rendered(make_renderer, app(tmp_path / "other", f"{server.url}/acme/base//app?ref=main"))
    server.asked.clear()

    failure = failed(make_renderer, root, offline=True)

    assert failure.reason == "offline"
    assert failure.message == f"{server.url}/acme/base//app?ref={ref} would be fetched and the network is off (--offline)"
    assert not server.asked


def test_a_plain_file_is_still_got_by_kustomize(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    """Its address looks like that of a repository with a folder."""
    from chart_server import serve as serve_files

    (tmp_path / "files" / "acme" / "base" / "app").mkdir(parents=True)
    (tmp_path / "files" / "acme" / "base" / "app" / "cm.yaml").write_text(base("web")["app/cm.yaml"])
    with serve_files(tmp_path / "files") as files:
        assert "name: web" in rendered(make_renderer, app(tmp_path / "repo", f"{files.url}/acme/base/app/cm.yaml"))
        assert [path for path in files.asked if "git" in path] == []


def test_two_runs_fetch_one_commit_at_the_same_time(make_renderer: MakeRenderer, server: GitServer, tmp_path: Path) -> None:
    at = commit(server.folder / "acme" / "base", base("web"))
    root = app(tmp_path / "repo", f"git::{server.url}/acme/base//app?ref={at}")
    renderers = [make_renderer() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda renderer: renderer.render(the_target(root), RenderOptions()), renderers))

    assert all(isinstance(outcome, Rendering) for outcome in outcomes)
    assert not list((tmp_path / "cache" / "git").glob("*.part"))


def test_the_git_protocol_of_a_daemon_is_no_base_of_kustomize(make_renderer: MakeRenderer, tmp_path: Path) -> None:
    failed(make_renderer, app(tmp_path / "repo", "git://127.0.0.1:9/acme/base//app"))


def test_git_missing(make_renderer: MakeRenderer, tmp_path: Path, program: Program) -> None:
    commit(tmp_path / "base", base("web"))
    path = tmp_path / "path"
    path.mkdir()
    for name in ("sh", "mkdir", "cp", "cat"):
        (path / name).symlink_to(f"/bin/{name}")

    failure = failed(
        make_renderer, app(tmp_path / "repo", f"file://{tmp_path}/base//app"), environ={"PATH": str(path), "GIT_ALLOW_PROTOCOL": "file"}
    )

    assert failure.message == f"base file://{tmp_path}/base at HEAD cannot be fetched: git is not installed"


def test_git_cannot_ask_on_the_terminal(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    """Where it could, a run would wait for somebody who does not know that he is asked."""
    fake = program("git", f'read -r line </proc/self/stat; echo "$line" >{tmp_path}/stat; exit 1')
    environ = {"PATH": f"{fake.parent}:{os.environ['PATH']}"}

    failed(make_renderer, app(tmp_path / "repo", "ssh://git@127.0.0.1/acme/base//app"), environ=environ)

    session, terminal = (int(word) for word in (tmp_path / "stat").read_text().rpartition(")")[2].split()[3:5])
    assert (session != os.getsid(0), terminal) == (True, 0)


@pytest.mark.parametrize(
    "address", ["git@git.example.com:acme/base", "ssh://git@git.example.com/acme/base", "git@github.com:acme/base.git"]
)
def test_a_base_behind_ssh_is_reached_as_the_user_reaches_it(
    address: str, make_renderer: MakeRenderer, program: Program, tmp_path: Path
) -> None:
    commit(tmp_path / "served" / "acme" / "base", base("web"))
    (tmp_path / "served" / "acme" / "base.git").symlink_to("base")
    ssh = program(
        "ssh", f'echo "$@" >>{tmp_path}/asked; for last; do :; done; cd {tmp_path}/served; eval "$(echo "$last" | sed "s_ \'/_ \'_")"'
    )
    environ = {"PATH": os.environ["PATH"], "GIT_SSH_COMMAND": str(ssh), "GIT_SSH_VARIANT": "simple"}

    assert "name: web" in rendered(make_renderer, app(tmp_path / "repo", f"{address}//app?ref=main"), environ=environ)
    assert "git-upload-pack" in (tmp_path / "asked").read_text()
