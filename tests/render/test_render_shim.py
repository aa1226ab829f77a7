"""The shim between kustomize and helm keeps what it must not change: output, exit status, words."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from render_tree import HELM_APP, MakeRenderer, Program, the_target, write

from agentslint.model import RenderFailure, Rendering
from agentslint.render import KustomizeRenderer, RenderOptions
from agentslint.render.kustomize import SHIM
from agentslint.render.pull import Pull
from agentslint.render.sidecar import read_calls, read_pulls

SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox") if shutil.which(shell)]
ECHO = 'for word in "$@"; do printf "<%s>" "$word"; done; echo; echo "env $HELM_CONFIG_HOME"'


@dataclass
class Shim:
    """The shim run by one shell, with a helm of our own."""

    shell: str
    folder: Path
    helm: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def calls(self) -> Path:
        return self.folder / "calls"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environ = {
            "PATH": os.environ["PATH"],
            "AGENTSLINT_HELM": str(self.helm),
            "AGENTSLINT_CALLS": str(self.calls),
            "AGENTSLINT_CHARTS": str(self.folder / "charts"),
            "AGENTSLINT_WORK": str(self.folder),
            **self.environ,
        }
        shell = ["busybox", "sh"] if self.shell == "busybox" else [self.shell]
        return subprocess.run([*shell, str(SHIM), *words], env=environ, capture_output=True, text=True)


@pytest.fixture(params=SHELLS)
def shim(request: pytest.FixtureRequest, program: Program, tmp_path: Path) -> Shim:
    folder = tmp_path / "a folder with 'quotes' and spaces"
    (folder / "calls").mkdir(parents=True)
    (folder / "charts").touch()
    return Shim(request.param, folder, program("helm", ECHO))


def test_version_is_answered_without_helm(shim: Shim) -> None:
    shim.environ = {"AGENTSLINT_HELM": "/nowhere/helm", "AGENTSLINT_HELM_VERSION": "v3.22.0+g144ca65"}

    done = shim.run("version", "--short")

    assert (done.returncode, done.stdout, done.stderr) == (0, "v3.22.0+g144ca65\n", "")


def test_version_is_asked_of_helm_where_it_is_not_known(shim: Shim) -> None:
    assert shim.run("version", "--short").stdout.startswith("<version><--short>")


@pytest.mark.parametrize("status", [0, 1, 3, 137])
def test_output_and_status_are_helms(shim: Shim, program: Program, status: int) -> None:
    shim.helm = program("helm", f"echo part of it; echo cause >&2; exit {status}")

    done = shim.run("template", "web", "charts/web")

    assert (done.returncode, done.stdout, done.stderr) == (status, "part of it\n", "cause\n")


def test_words_reach_helm_and_the_record_as_they_are(shim: Shim) -> None:
    words = ["template", "web", '/a b/it\'s "it"/web', "--namespace", "$HOME `id` \\n *", "-f", "two\nlines", "-f", ""]

    done = shim.run(*words)

    assert done.stdout.startswith("".join(f"<{word}>" for word in words))
    assert (shim.calls / "1.args").read_text() == "".join(f"{word}\0" for word in words)
    assert (shim.calls / "1.out").read_text() == done.stdout


def test_calls_are_kept_in_their_order(shim: Shim) -> None:
    for number in range(12):
        shim.run("template", f"release-{number}", "charts/web")

    assert [call.release for call in read_calls(shim.calls)] == [f"release-{number}" for number in range(12)]


def test_a_known_chart_is_copied_to_where_kustomize_wants_it(shim: Shim) -> None:
    cached = write(shim.folder / "cache", {"web/Chart.yaml": "name: web\n"})
    pull = Pull(("--repo", "https://charts.example.com/a b", "web", "--version", "1.0.0"))
    (shim.folder / "charts").write_text(f"other words\t/nowhere\n{pull.key}\t{cached}\n")
    wanted = shim.folder / "staged tree" / "charts" / "web-1.0.0"

    done = shim.run("pull", "--untar", "--untardir", str(wanted), *pull.words)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (wanted / "web" / "Chart.yaml").read_text() == "name: web\n"
    assert read_pulls(shim.calls) == (pull,)


def test_an_unknown_chart_is_asked_for_and_not_pulled(shim: Shim) -> None:
    done = shim.run("pull", "--untar", "--untardir", str(shim.folder / "tree"), "--repo", "https://charts.example.com", "-odd\nname")

    assert done.returncode == 1
    assert read_pulls(shim.calls) == (Pull(("--repo", "https://charts.example.com", "-odd\nname")),)
    assert "<pull>" not in done.stdout


def test_nothing_is_pulled_out_of_the_runs_own_folder(shim: Shim, tmp_path: Path) -> None:
    (shim.folder / "charts").write_text(f"web\t{write(shim.folder / 'cache', {'web/Chart.yaml': ''})}\n")

    done = shim.run("pull", "--untar", "--untardir", str(tmp_path / "checkout" / "charts"), "web")

    assert done.returncode == 1
    assert "where nothing is written" in done.stderr
    assert not (tmp_path / "checkout").exists()


def test_a_missing_helm_is_said(shim: Shim) -> None:
    shim.environ = {"AGENTSLINT_HELM": ""}

    done = shim.run("version", "--short")

    assert (done.returncode, done.stderr) == (127, "it is not installed\n")


def test_the_shim_is_posix_shell() -> None:
    text = SHIM.read_text(encoding="utf-8")

    assert text.startswith("#!/bin/sh\n")
    assert not [word for word in ("[[", "local ", "function ", "<<<", "&>", "pipefail", "$'") if word in text]


def test_a_chart_that_fails_after_printing_half_of_it_stays_red(
    make_renderer: MakeRenderer, program: Program, helm: Path, tmp_path: Path
) -> None:
    half = program("helm", f'{helm} "$@"; exit 1')

    outcome = make_renderer(helm=half).render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())

    assert isinstance(outcome, RenderFailure)


def test_words_on_standard_error_do_not_make_a_chart_red(make_renderer: MakeRenderer, program: Program, helm: Path, tmp_path: Path) -> None:
    chatty = program("helm", f'echo "Error: this is only a warning" >&2; exec {helm} "$@"')

    outcome = make_renderer(helm=chatty).render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())

    assert isinstance(outcome, Rendering)


def test_helm_is_not_started_for_its_version(make_renderer: MakeRenderer, program: Program, helm: Path, tmp_path: Path) -> None:
    counting = program("helm", f'echo "$1" >>{tmp_path}/asked; exec {helm} "$@"')

    outcome = make_renderer(helm=counting).render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())

    assert isinstance(outcome, Rendering)
    assert (tmp_path / "asked").read_text() == "template\n"


def test_paths_with_spaces_and_quotes(make_renderer: MakeRenderer, tmp_path: Path) -> None:
    root = write(tmp_path / 'it\'s a "repo" $HOME', HELM_APP)

    outcome = make_renderer().render(the_target(root), RenderOptions())

    assert isinstance(outcome, Rendering)
    assert b"nginx:1.28" in outcome.stream


def test_a_chart_with_an_odd_name(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    name = "web app_2.0+x"
    files = {path.replace("charts/web", f"charts/{name}"): text for path, text in HELM_APP.items()}
    files["app/kustomization.yaml"] = files["app/kustomization.yaml"].replace("- name: web", f"- name: {name}")

    outcome = renderer.render(the_target(write(tmp_path, files)), RenderOptions())

    assert isinstance(outcome, Rendering)
    assert outcome.calls is not None
    assert [call.chart for call in read_calls(outcome.calls)] == [name]
