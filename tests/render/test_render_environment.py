"""A render sees the same environment wherever agentslint is started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from render_tree import HELM_APP, MakeRenderer, Program, the_target, write

from agentslint.model import Rendering
from agentslint.render import RenderOptions

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
    "SSL_CERT_FILE": "/etc/ssl/own.pem",
}


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


def test_no_cluster_no_helm_settings_no_git_hook(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    seen = seen_by("kustomize", make_renderer, program, tmp_path)

    assert not [name for name in seen if name.startswith(("HELM_", "KUBE", "GIT_")) and name != "GIT_SSH_COMMAND"]


def test_proxies_certificates_and_ssh_stay(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    seen = seen_by("kustomize", make_renderer, program, tmp_path)

    for name in ("HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "GIT_SSH_COMMAND", "HOME", "PATH"):
        assert seen[name] == USERS[name]


def test_helm_has_homes_of_its_own_and_the_users_registry_logins(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    seen = seen_by("helm", make_renderer, program, tmp_path, HELM_REGISTRY_CONFIG="logins.json")

    assert seen["HELM_REGISTRY_CONFIG"] == f"{Path.cwd()}/logins.json"
    homes = [seen[f"HELM_{name}_HOME"] for name in ("CONFIG", "CACHE", "DATA")]
    assert all(home.startswith(seen["TMPDIR"]) for home in homes)
    assert {name for name in seen if name.startswith("HELM_")} == {
        "HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HELM_DATA_HOME", "HELM_REGISTRY_CONFIG",
    }  # fmt: skip


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


def test_git_cannot_ask_for_a_password_on_the_terminal(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    """Where it could, a run would wait for somebody who does not know that he is asked."""
    told = program("kustomize", f'exec {sys.executable} -c "import os; print(os.getsid(0) == os.getpid())"')
    root = write(tmp_path / "repo", {"app/kustomization.yaml": "resources:\n  - https://github.com/acme/private//app?ref=v1\n"})

    outcome = make_renderer(kustomize=told).render(the_target(root), RenderOptions())

    assert isinstance(outcome, Rendering)
    assert outcome.stream == b"True\n"
