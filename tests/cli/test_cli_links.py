"""Links out of the repository, in every place where a tree can have one: nothing behind them is written, shown or rendered."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli_command import Command, Repo, make_repository, pod

TOKEN = "ghp-0f1e2d3c4b5a"
FORMATS = ("text", "json", "sarif", "github")
CHART = {
    "app/charts/t/Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n",
    "app/charts/t/values.yaml": "image: nginx:1\n",
    "app/charts/t/templates/pod.yaml": pod("{{ .Values.image }}"),
    "app/kustomization.yaml": "helmCharts:\n- name: t\n  releaseName: t\n",
}
SHOWS = pod('{{ .Files.Get "e.txt" | trim | quote }}')
FREE = {".agentslint.toml": '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n'}


@dataclass(frozen=True)
class Tree:
    """A repository, and a folder beside it that holds what is the user's own."""

    repo: Repo
    outside: Path

    def secret(self, name: str, content: str) -> Path:
        path = self.outside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def link(self, path: str, leads: str | Path) -> None:
        link = self.repo.root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(leads)


Layout = Callable[[Tree], object]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "outside").mkdir()
    return Tree(make_repository(tmp_path / "repo"), tmp_path / "outside")


def subchart_values(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n"})
    tree.repo.write({"app/charts/t/charts/s/templates/pod.yaml": pod("{{ .Values.token }}", "s")})
    tree.link("app/charts/t/charts/s/values.yaml", tree.secret("config", f"token: {TOKEN}\n"))


def chart_values(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/values.yaml": "", "app/charts/t/templates/pod.yaml": pod("{{ .Values.token }}")})
    (tree.repo.root / "app/charts/t/values.yaml").unlink()
    tree.link("app/charts/t/values.yaml", tree.secret("config", f"token: {TOKEN}\n"))


def chart_yaml(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/templates/pod.yaml": pod("nginx:{{ .Chart.AppVersion }}")})
    (tree.repo.root / "app/charts/t/Chart.yaml").unlink()
    tree.link("app/charts/t/Chart.yaml", tree.secret("c.yaml", f"apiVersion: v2\nname: t\nversion: 1.0.0\nappVersion: {TOKEN}\n"))


def chart_file(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/templates/pod.yaml": SHOWS})
    tree.link("app/charts/t/e.txt", tree.secret("token", TOKEN))


def chart_file_by_a_chain(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/templates/pod.yaml": SHOWS})
    tree.link("app/charts/t/e.txt", "../../one")
    tree.link("app/one", "../two")
    tree.link("two", os.path.relpath(tree.secret("token", TOKEN), tree.repo.root))


def chart_folder_link(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/templates/pod.yaml": pod('{{ .Files.Get "d/token" | trim | quote }}')})
    tree.secret("token", TOKEN)
    tree.link("app/charts/t/d", tree.outside)


def chart_file_behind_a_link_inside(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/templates/pod.yaml": pod('{{ .Files.Get "d/e.txt" | trim | quote }}'), "shared/keep": ""})
    tree.link("shared/e.txt", tree.secret("token", TOKEN))
    tree.link("app/charts/t/d", "../../../shared")


def environment_of_the_process(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/templates/pod.yaml": SHOWS})
    tree.link("app/charts/t/e.txt", "/proc/self/environ")


def git_configuration(tree: Tree) -> None:
    tree.repo.write(CHART | {"app/charts/t/templates/pod.yaml": SHOWS})
    config = tree.repo.root / ".git/config"
    config.write_text(f'{config.read_text()}[http "x"]\n\textraheader = {TOKEN}\n')
    tree.link("app/charts/t/e.txt", "../../../.git/config")


def a_whole_chart(tree: Tree) -> None:
    tree.repo.write({"app/kustomization.yaml": CHART["app/kustomization.yaml"], "app/charts/keep": ""})
    for name in ("Chart.yaml", "values.yaml"):
        tree.secret(f"t/{name}", CHART[f"app/charts/t/{name}"])
    tree.secret("t/templates/pod.yaml", pod(f"nginx:{TOKEN}"))
    tree.link("app/charts/t", tree.outside / "t")


def a_resource(tree: Tree) -> None:
    tree.repo.write(FREE | {"app/kustomization.yaml": "resources:\n- pod.yaml\n"})
    tree.link("app/pod.yaml", tree.secret("pod.yaml", pod(f"nginx:{TOKEN}")))


def a_resource_in_a_folder(tree: Tree) -> None:
    tree.repo.write(FREE | {"app/kustomization.yaml": "resources:\n- d/pod.yaml\n"})
    tree.secret("pod.yaml", pod(f"nginx:{TOKEN}"))
    tree.link("app/d", tree.outside)


def a_base(tree: Tree) -> None:
    tree.repo.write(FREE | {"app/kustomization.yaml": "resources:\n- d\nimages: [{name: nginx, newTag: '1'}]\n"})
    tree.secret("pod.yaml", pod(f"nginx:{TOKEN}"))
    tree.secret("kustomization.yaml", "resources: [pod.yaml]\n")
    tree.link("app/d", tree.outside)


def a_values_file(tree: Tree) -> None:
    tree.repo.write(FREE | CHART | {"app/kustomization.yaml": CHART["app/kustomization.yaml"] + "  valuesFile: v.yaml\n"})
    tree.link("app/v.yaml", tree.secret("v.yaml", f"image: {TOKEN}\n"))


def a_values_file_by_dots(tree: Tree) -> None:
    name = os.path.relpath(tree.secret("v.yaml", f"image: {TOKEN}\n"), tree.repo.root / "app")
    tree.repo.write(FREE | CHART | {"app/kustomization.yaml": f"{CHART['app/kustomization.yaml']}  additionalValuesFiles: [{name}]\n"})


def an_absolute_resource(tree: Tree) -> None:
    tree.repo.write(FREE | {"app/kustomization.yaml": f"resources:\n- {tree.secret('pod.yaml', pod(f'nginx:{TOKEN}'))}\n"})


def a_patch(tree: Tree) -> None:
    tree.repo.kustomization("app", more="patches:\n- path: p.yaml\n").write(FREE)
    tree.link("app/p.yaml", tree.secret("p.yaml", pod(f"nginx:{TOKEN}", "pod-0")))


def a_generator_file(tree: Tree) -> None:
    tree.repo.kustomization("app", more="configMapGenerator:\n- name: m\n  files: [k=e.txt]\n").write(FREE)
    tree.link("app/e.txt", tree.secret("token", TOKEN))


def a_plugin_file(tree: Tree) -> None:
    tree.repo.kustomization("app", more="transformers:\n- p.yaml\n").write(FREE)
    transformer = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: in.yaml\n"
    tree.repo.write({"app/p.yaml": transformer})
    tree.link("app/in.yaml", tree.secret("in.yaml", pod(f"nginx:{TOKEN}", "pod-0")))


def the_kustomization(tree: Tree) -> None:
    tree.repo.write(FREE | {"app/pod.yaml": pod()})
    tree.link("app/kustomization.yaml", tree.secret("k.yaml", f"resources: [pod.yaml]\nimages: [{{name: x, newTag: {TOKEN}}}]\n"))


LAYOUTS: list[Layout] = [
    subchart_values, chart_values, chart_yaml, chart_file, chart_file_by_a_chain, chart_folder_link, chart_file_behind_a_link_inside,
    environment_of_the_process, git_configuration, a_whole_chart, a_resource, a_resource_in_a_folder, a_base, a_values_file,
    a_values_file_by_dots, an_absolute_resource, a_patch, a_generator_file, a_plugin_file, the_kustomization,
]  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.sample(8)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_behind_a_link_out_is_written_or_shown(command: Command, tree: Tree, layout: Layout) -> None:
    layout(tree)
    tree.repo.kustomization("fine", ["nginx:1"])
    before, own = contents(tree.outside), tree.repo.tree()
    formats = [word for name in FORMATS for word in ("--format", name, "--output", "/dev/fd/1" if name == "text" else f"r.{name}")]
    done = command(tree.repo.root, *formats, "--verbose", cwd=tree.outside.parent, env={"TOKEN": TOKEN})
    reports = [done.out, done.err, *(path.read_text() for path in tree.outside.parent.glob("r.*"))]
    assert len(reports) == 5
    assert [TOKEN in report for report in reports] == [False] * 5
    assert done.status == 2, done.out
    assert ("leads out of the repository, to /" in done.out) != ("git's own files, to .git/config" in done.out), done.out
    assert "fine/pod-0.yaml:8:14" in done.out
    assert contents(tree.outside) == before
    assert tree.repo.tree() == own


@pytest.mark.sample(20)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("words", [("trace", "app"), ("diff", "app", "--base", "HEAD"), ("contract", "app")])
def test_other_commands_show_and_write_nothing_either(command: Command, tree: Tree, layout: Layout, words: tuple[str, ...]) -> None:
    layout(tree)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "add", "--all"], cwd=tree.repo.root, check=True)
    subprocess.run([*git, "commit", "-qm", "a"], cwd=tree.repo.root, check=True)
    tree.repo.write({"app/later.yaml": "a: b\n"})
    before = contents(tree.outside)
    done = command(*words, cwd=tree.repo.root, env={"TOKEN": TOKEN})
    assert TOKEN not in done.out + done.err
    assert contents(tree.outside) == before


PLACES = {
    chart_file: "app/charts/t/e.txt",
    a_resource: "app/kustomization.yaml:2:",
    a_values_file: "app/kustomization.yaml:4:",
    a_generator_file: "app/kustomization.yaml:5:",
    a_plugin_file: "app/kustomization.yaml",
    a_base: "app/kustomization.yaml:2:",
}


@pytest.mark.parametrize("layout", PLACES)
def test_the_finding_stands_at_the_entry_or_at_the_link(command: Command, tree: Tree, layout: Layout) -> None:
    layout(tree)
    done = command("app", "--quiet", cwd=tree.repo.root)
    assert [line for line in done.lines if line.startswith(PLACES[layout]) and "leads out of the repository" in line], done.out


def test_a_link_that_stays_inside_works_as_ever(command: Command, tree: Tree) -> None:
    shared = {"shared/e.txt": "nginx:7", "shared/values.yaml": "image: a\n"}
    tree.repo.write(CHART | FREE | shared | {"app/charts/t/templates/pod.yaml": SHOWS})
    tree.link("app/charts/t/e.txt", "../../../shared/e.txt")
    (tree.repo.root / "app/charts/t/values.yaml").unlink()
    tree.link("app/charts/t/values.yaml", tree.repo.root / "shared/values.yaml")
    tree.link("app/charts/t/one", "two")
    tree.link("app/charts/t/two", "../../../shared")
    done = command("app", "--quiet", "--select", "require-digest", cwd=tree.repo.root)
    assert (done.status, "nginx:7" in done.out) == (1, True), done.out


def test_a_link_that_leads_nowhere_outside_is_told_too(command: Command, tree: Tree) -> None:
    tree.repo.write(CHART)
    tree.link("app/charts/t/gone", tree.outside / "gone")
    done = command("app", "--quiet", cwd=tree.repo.root)
    assert (done.status, f"app/charts/t/gone leads out of the repository, to {tree.outside}/gone" in done.out) == (2, True)
    assert not (tree.outside / "gone").exists()


def test_git_in_the_folder_of_a_chart_is_left_out_without_a_word(command: Command, tree: Tree) -> None:
    config = tree.repo.root / ".git/config"
    config.write_text(f'{config.read_text()}[http "x"]\n\textraheader = {TOKEN}\n')
    shows = pod('nginx:{{ .Files.Get ".git/config" | len }}')
    tree.repo.write({path.removeprefix("app/charts/t/"): text for path, text in CHART.items() if path.startswith("app/charts")})
    tree.repo.write(FREE | {"templates/pod.yaml": shows})
    tree.repo.write({"app/kustomization.yaml": "helmGlobals: {chartHome: ../..}\nhelmCharts:\n- name: repo\n  releaseName: t\n"})
    done = command("app", "--quiet", "--select", "require-digest", cwd=tree.repo.root)
    assert (done.status, "nginx:0" in done.out) == (1, True), done.out


def test_git_configuration_is_no_generators_file(command: Command, tree: Tree) -> None:
    tree.repo.write(
        {"kustomization.yaml": "resources: [pod.yaml]\nconfigMapGenerator:\n- name: m\n  files: [.git/config]\n", "pod.yaml": pod()}
    )
    done = command(".", "--quiet", cwd=tree.repo.root)
    assert (done.status, "kustomization.yaml:4:" in done.out, "git's own files" in done.out) == (2, True, True), done.out


def test_without_git_a_file_beside_the_folder_stays_as_it_is(command: Command, tmp_path: Path) -> None:
    tree = Tree(Repo(tmp_path / "app"), tmp_path / "outside")
    tree.repo.write({path.removeprefix("app/"): text for path, text in CHART.items()})
    (tmp_path / "values.yaml").write_text(f"image: nginx:{TOKEN}\n")
    (tmp_path / "app/charts/t/values.yaml").unlink()
    tree.link("charts/t/values.yaml", "../../../values.yaml")
    done = command(cwd=tree.repo.root)
    assert (done.status, TOKEN in done.out + done.err) == (2, False), done.out
    assert (tmp_path / "values.yaml").read_text() == f"image: nginx:{TOKEN}\n"


def test_without_git_values_above_are_read_but_never_written(command: Command, tmp_path: Path) -> None:
    tree = Tree(Repo(tmp_path / "app"), tmp_path / "outside")
    tree.repo.write({path.removeprefix("app/"): text for path, text in (CHART | FREE).items()})
    tree.repo.write({"kustomization.yaml": CHART["app/kustomization.yaml"] + "  valuesFile: ../values.yaml\n"})
    (tmp_path / "values.yaml").write_text("image: nginx:9\n")
    command(cwd=tree.repo.root)
    assert (tmp_path / "values.yaml").read_text() == "image: nginx:9\n"


def test_the_file_of_a_parent_stays_as_it_is_from_a_submodule(command: Command, tmp_path: Path) -> None:
    parent = make_repository(tmp_path / "parent")
    tree = Tree(make_repository(parent.root / "sub"), tmp_path / "outside")
    tree.repo.write(CHART)
    parent.write({"values.yaml": f"image: nginx:{TOKEN}\n"})
    (tree.repo.root / "app/charts/t/values.yaml").unlink()
    tree.link("app/charts/t/values.yaml", "../../../../values.yaml")
    done = command(".", cwd=tree.repo.root)
    assert (done.status, TOKEN in done.out + done.err) == (2, False), done.out
    assert (parent.root / "values.yaml").read_text() == f"image: nginx:{TOKEN}\n"


def test_a_hard_link_is_never_written_through(command: Command, tree: Tree) -> None:
    tree.repo.write(CHART)
    secret = tree.secret("values.yaml", "image: nginx:5\n")
    (tree.repo.root / "app/charts/t/values.yaml").unlink()
    os.link(secret, tree.repo.root / "app/charts/t/values.yaml")
    assert command(".", cwd=tree.repo.root).status == 1
    assert secret.read_text() == "image: nginx:5\n"


def test_a_base_revision_with_such_a_link_shows_nothing(command: Command, tree: Tree) -> None:
    chart_file(tree)
    a_rules = "[rules.digest-changed-alone]\n"
    tree.repo.write({".agentslint.toml": a_rules})
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "add", "--all"], cwd=tree.repo.root, check=True)
    subprocess.run([*git, "commit", "-qm", "a"], cwd=tree.repo.root, check=True)
    (tree.repo.root / "app/charts/t/e.txt").unlink()
    tree.repo.write({"app/charts/t/e.txt": "nginx:7"})
    done = command("diff", "--base", "HEAD", cwd=tree.repo.root)
    assert TOKEN not in done.out + done.err
    done = command(".", "--base", "HEAD", "--format", "json", cwd=tree.repo.root)
    assert TOKEN not in done.out + done.err


def test_a_folder_that_is_given_and_leads_out_is_named(command: Command, tree: Tree) -> None:
    tree.secret("pod.yaml", pod(f"nginx:{TOKEN}"))
    tree.link("app", tree.outside)
    done = command("app", cwd=tree.repo.root)
    done.complains(f"app: {tree.repo.root}/app is a link out of the repository, to {tree.outside}; name that folder itself")


GENERATOR = "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\nname: t\nreleaseName: r\n"
GENERATED = {
    "by a chart": {
        "app/g/kustomization.yaml": "helmCharts: [{name: u, releaseName: u}]\n",
        "app/g/charts/u/Chart.yaml": "apiVersion: v2\nname: u\nversion: 1.0.0\n",
        "app/g/charts/u/values.yaml": "",
        "app/g/charts/u/templates/g.yaml": GENERATOR,
    },
    "patched": {
        "app/g/kustomization.yaml": "resources: [g.yaml]\npatches: [{path: p.yaml, target: {name: x}}]\n",
        "app/g/g.yaml": GENERATOR.replace("name: t", "name: other"),
        "app/g/p.yaml": "- {op: replace, path: /name, value: t}\n",
    },
}


@pytest.mark.parametrize("how", GENERATED)
def test_a_chart_of_a_generated_generator_shows_nothing(command: Command, tree: Tree, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(command.environ, "AGENTSLINT_CONFINEMENT", "off")  # type: ignore[arg-type]
    tree.repo.write(CHART | GENERATED[how] | {"app/kustomization.yaml": "generators: [g]\n", "app/charts/t/templates/pod.yaml": SHOWS})
    tree.repo.write({"app/charts/t/e.txt": "nginx:7"})
    assert "runs nginx:7" in command("app", cwd=tree.repo.root).out
    (tree.repo.root / "app/charts/t/e.txt").unlink()
    tree.link("app/charts/t/e.txt", tree.secret("token", f"nginx:{TOKEN}"))
    done = command("app", cwd=tree.repo.root)
    assert TOKEN not in done.out + done.err
    assert done.status == 2


@pytest.mark.parametrize("path", ["app/kb", "app/kb.yaml", "app/deep/kb", "kb"])
@pytest.mark.parametrize("with_git", [True, False])
def test_a_folder_that_leads_out_is_not_passed_over(command: Command, tree: Tree, path: str, with_git: bool) -> None:
    tree.secret("kb/pod.yaml", pod(f"nginx:{TOKEN}"))
    tree.repo.write({"app/pod.yaml": pod("nginx:1")})
    tree.link(path, tree.outside / "kb")
    if not with_git:
        (tree.repo.root / ".git").rename(tree.outside / "git")
    done = command(".", cwd=tree.repo.root)
    assert done.status == 2
    assert f"{path} cannot be read: it leads out of the repository, to {tree.outside / 'kb'}; remove the link, or exclude it" in done.out
    assert TOKEN not in done.out + done.err
    assert command(".", "--exclude", path, cwd=tree.repo.root).status == 1


@pytest.mark.parametrize(
    "words",
    [("app/pod.yaml",), ("app/k/kustomization.yaml",), ("trace", "app/pod.yaml"), ("impact", "app/k/pod.yaml:7"), (".", "app/pod.yaml")],
)
def test_a_file_in_a_folder_that_leads_out_is_refused(command: Command, tree: Tree, words: tuple[str, ...]) -> None:
    tree.secret("k/pod.yaml", tree.secret("pod.yaml", pod(f"nginx:{TOKEN}")).read_text())
    tree.secret("k/kustomization.yaml", "resources: [pod.yaml]\n")
    tree.link("app", tree.outside)
    done = command(*words, cwd=tree.repo.root)
    done.complains(f"{tree.repo.root}/app is a link out of the repository, to {tree.outside}; name that folder itself")
    assert TOKEN not in done.out + done.err


def test_a_chart_alone_that_leads_out_is_refused(command: Command, tree: Tree) -> None:
    chart_file(tree)
    done = command("contract", "app/charts/t", cwd=tree.repo.root)
    done.complains("app/charts/t/e.txt leads out of the repository, to ")
