"""A render sees the same environment wherever agentslint is started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from render_tree import HELM_APP, MakeRenderer, Program, the_target, write

from agentslint.access import CERTIFICATES
from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Rendering
from agentslint.render import RenderOptions
from agentslint.tools.program_environment import renderer_environment

USERS = {
    "PATH": os.environ["PATH"],
    "HOME": "/home/somebody",
    "KUBECONFIG": "/home/somebody/.kube/config",
    "HELM_NAMESPACE": "production",
    "HELM_DEBUG": "true",
    "HELM_PLUGINS": "/home/somebody/plugins",
    "GIT_DIR": "/home/somebody/repo/.git",
    "GIT_INDEX_FILE": ".git/index.lock",
    "GIT_SSH_COMMAND": "ssh -i key",
    "HTTPS_PROXY": "http://proxy.example.com:3128",
    "NO_PROXY": "localhost",
    "https_proxy": "http://proxy.example.com:3128",
    "SSL_CERT_FILE": "/etc/ssl/own.pem",
    "SSL_CERT_DIR": "/etc/ssl/own",
    "LC_MESSAGES": "C",
    "TZ": "UTC",
    "GITHUB_TOKEN": "ghs_secret",
    "CI_JOB_TOKEN": "secret",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret",
    "DOCKER_CONFIG": "/home/somebody/.docker",
    "XDG_CONFIG_HOME": "/home/somebody/.config",
    "NPM_CONFIG_TOKEN": "secret",
    "PATH_TO_SECRET": "secret",
    "LANG_TOKEN": "secret",
}
OURS = {f"AGENTSLINT_{name}" for name in ("HELM", "HELM_VERSION", "WORK", "CHARTS", "BASES", "CALLS", "BLOCKS")}
KEPT = {"PATH", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "LC_MESSAGES", "TZ"}
OF_GO = {"GOGC", "GOMAXPROCS", "GOMEMLIMIT"}
OF_THE_SHELL = {"PWD", "SHLVL", "_", "OLDPWD"}


def seen_by(which: str, make_renderer: MakeRenderer, program: Program, tmp_path: Path, **more: str) -> dict[str, str]:
    """The environment that a program of a render is given."""
    spy = {which: program(which, "env -0")}
    renderer = make_renderer(**spy, environ={**USERS, **more})
    outcome = renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())
    if which == "kustomize":
        assert isinstance(outcome, Rendering)
        text = outcome.stream.decode()
    else:
        text = next(renderer.folder.rglob("1.out")).read_text()
    return dict(line.split("=", 1) for line in text.split("\0") if line)


@pytest.mark.parametrize("which", ["kustomize", "helm"])
def test_a_renderer_sees_nothing_of_the_job_but_what_it_needs(
    which: str, make_renderer: MakeRenderer, program: Program, tmp_path: Path
) -> None:
    seen = seen_by(which, make_renderer, program, tmp_path)
    homes = {name for name in seen if name.startswith("HELM_") and name.endswith("_HOME")} if which == "helm" else set()

    assert set(seen) - OF_THE_SHELL - homes == KEPT | OURS | OF_GO | {"TMPDIR"}
    assert {name: seen[name] for name in KEPT - {"PATH"}} == {name: USERS[name] for name in KEPT - {"PATH"}}
    assert seen["PATH"].endswith(USERS["PATH"])
    assert "secret" not in "".join(seen.values())


def test_further_names_can_be_allowed(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    seen = seen_by("helm", lambda **how: make_renderer(environment=("HOME", "NOT_SET"), **how), program, tmp_path)

    assert seen["HOME"] == USERS["HOME"]
    assert "NOT_SET" not in seen
    assert "GITHUB_TOKEN" not in seen


def test_the_configuration_names_them(monkeypatch: pytest.MonkeyPatch, kustomize: Path, program: Program, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("RENDER_SETTING", "seen")
    monkeypatch.setenv("RENDER_TOKEN", "secret")
    told = program("kustomize", f'[ "$1" = version ] && {{ env >>{tmp_path}/asked; exec {kustomize} version; }}; env >>{tmp_path}/rendered')
    root = write(tmp_path / "repo", {"app/kustomization.yaml": "{}", ".agentslint.toml": '[render]\nenvironment = ["RENDER_SETTING"]\n'})

    with open_session(RunOptions((str(root),), root=str(root), kustomize=str(told))) as (run, _):
        lint(run)

    for name in ("asked", "rendered"):
        text = (tmp_path / name).read_text()
        assert "RENDER_SETTING=seen" in text
        assert "RENDER_TOKEN" not in text
        assert "\nHOME=" not in text


def test_a_chart_is_pulled_with_the_users_credentials(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    """Logins may stand in HOME, or need what a helper asks of the environment; nothing of the chart runs there."""
    helm = program("helm", f'case $1 in pull) env -0 >{tmp_path}/pulled; mkdir -p "$4/web"; echo "name: web" >"$4/web/Chart.yaml";; esac')
    root = write(
        tmp_path / "repo", {"app/kustomization.yaml": "helmCharts: [{name: web, repo: https://charts.example.com, version: 1.0.0}]\n"}
    )

    make_renderer(helm=helm, environ=USERS).render(the_target(root), RenderOptions())

    seen = dict(line.split("=", 1) for line in (tmp_path / "pulled").read_text().split("\0") if line)
    assert (seen["HOME"], seen["DOCKER_CONFIG"]) == (USERS["HOME"], USERS["DOCKER_CONFIG"])
    assert not {"KUBECONFIG", "HELM_NAMESPACE", "HELM_PLUGINS", "GIT_DIR", "GIT_INDEX_FILE"} & set(seen)


def test_helm_has_homes_of_its_own_and_no_registry_logins(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    seen = seen_by("helm", make_renderer, program, tmp_path, HELM_REGISTRY_CONFIG="logins.json")

    homes = [seen[f"HELM_{name}_HOME"] for name in ("CONFIG", "CACHE", "DATA")]
    assert all(home.startswith(seen["TMPDIR"]) for home in homes)
    assert {name for name in seen if name.startswith("HELM_")} == {
        "HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HELM_DATA_HOME",
    }  # fmt: skip


def test_renderers_get_every_variable_of_certificates_that_they_may_read() -> None:
    users = dict.fromkeys(CERTIFICATES, "/etc/ours.pem")
    assert renderer_environment(users).keys() >= users.keys()


def test_the_users_settings_of_the_go_runtime_win(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    ours = seen_by("kustomize", make_renderer, program, tmp_path / "ours")
    chosen = {"GOGC": "50", "GOMAXPROCS": "3", "GOMEMLIMIT": "3GiB"}
    users = seen_by("kustomize", make_renderer, program, tmp_path / "users", **chosen)

    assert (ours["GOGC"], ours["GOMAXPROCS"], ours["GOMEMLIMIT"]) == ("400", "1", str((2048 - 640) << 20))
    assert users.items() >= chosen.items()


def test_temporary_files_are_in_the_runs_own_folder(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", 'printf "%s" "$TMPDIR $PWD"'))

    outcome = renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())

    assert isinstance(outcome, Rendering)
    assert outcome.stream.decode() == f"{renderer.folder}/tmp {renderer.folder}/tmp"
