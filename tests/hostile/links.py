"""Links that lead out of the repository: to be written through, and to be read."""

from __future__ import annotations

from tests.hostile.attack import FOUND, LINTED, NOT_GREEN, Manner, attack
from tests.hostile.scene import QUIET, SECRET, Scene, pod

LOOSE = '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n'
SUBCHART = {
    "app/charts/web/charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
    "app/charts/web/charts/s/templates/pod.yaml": pod("{{ .Values.image }}", "sub"),
}


@attack(*LINTED, Manner.HERE, Manner.ROOT, Manner.BASE)
def values_of_a_subchart(scene: Scene) -> None:
    """The values of a subchart lead to the user's kubeconfig, which a changed render writes to."""
    scene.chart(SUBCHART)
    scene.link("app/charts/web/charts/s/values.yaml", scene.home / ".kube/config")


@attack(*LINTED)
def values_of_a_chart(scene: Scene) -> None:
    """The default values of a chart lead to a file outside."""
    scene.chart()
    scene.link("app/charts/web/values.yaml", scene.victim("values.yaml", "image: nginx:latest\n"))
    scene.write({"app/values.yaml": "other: 1\n"})


@attack(*LINTED)
def chart_file(scene: Scene) -> None:
    """Chart.yaml leads to a file outside."""
    chart = scene.victim("c.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: latest\n")
    scene.chart(template=pod("nginx:{{ .Chart.AppVersion }}"))
    scene.link("app/charts/web/Chart.yaml", chart)


@attack(*LINTED)
def template(scene: Scene) -> None:
    """A template leads to a manifest outside."""
    scene.chart()
    scene.link("app/charts/web/templates/web.yaml", scene.victim("web.yaml", pod()))


@attack(*LINTED)
def whole_chart(scene: Scene) -> None:
    """The chart's folder is a link to a folder outside."""
    scene.chart()
    (scene.root / "app/charts").rename(scene.outside / "charts")
    scene.link("app/charts", scene.outside / "charts")


@attack(*LINTED)
def values_file(scene: Scene) -> None:
    """The values file of a kustomization leads outside, with load restrictions off."""
    scene.chart({".agentslint.toml": LOOSE})
    scene.link("app/values.yaml", scene.victim("values.yaml", "image: nginx:latest\n"))


@attack(*LINTED)
def resource(scene: Scene) -> None:
    """A resource leads outside, with load restrictions off."""
    scene.write({".agentslint.toml": LOOSE})
    scene.link("app/web.yaml", scene.victim("web.yaml", pod()))


@attack(*LINTED)
def resource_over_two_links(scene: Scene) -> None:
    """A resource leads to a link that leads outside, with load restrictions off."""
    scene.write({".agentslint.toml": LOOSE})
    scene.link("second.yaml", scene.victim("web.yaml", pod()))
    scene.link("app/web.yaml", "../second.yaml")


@attack(*LINTED)
def folder_of_resources(scene: Scene) -> None:
    """A base is a link to a folder outside, with load restrictions off."""
    scene.victim("base/kustomization.yaml", "resources: [web.yaml]\n")
    scene.victim("base/web.yaml", pod())
    scene.write({".agentslint.toml": LOOSE, "app/kustomization.yaml": "resources: [base]\n"})
    scene.link("app/base", scene.outside / "base")


@attack(*LINTED)
def patch(scene: Scene) -> None:
    """A patch leads outside, with load restrictions off."""
    scene.write({".agentslint.toml": LOOSE, "app/kustomization.yaml": "resources: [web.yaml]\npatches: [{path: patch.yaml}]\n"})
    scene.link("app/patch.yaml", scene.victim("patch.yaml", pod()))


@attack(*LINTED)
def parent_of_the_target(scene: Scene) -> None:
    """A link in the middle of a resource's path leads outside."""
    scene.victim("web.yaml", pod())
    scene.write({".agentslint.toml": LOOSE, "app/kustomization.yaml": "resources: [way/out/web.yaml]\n"})
    scene.link("app/way/out", scene.outside)


@attack(Manner.HERE)
def beside_a_folder_without_git(scene: Scene) -> None:
    """Without git the folder in which the user stands is the root: a file beside it must stay as it is."""
    scene.forget_git()
    scene.chart(SUBCHART)
    scene.write({"beside.yaml": "image: nginx:latest\n"})
    scene.link("app/charts/web/charts/s/values.yaml", "../../../../../beside.yaml")


@attack(Manner.FOLDER, Manner.HERE)
def from_a_submodule(scene: Scene) -> None:
    """A link of a submodule leads to a file of the repository around it."""
    scene.write({"parent.yaml": "image: nginx:latest\n"})
    scene.chart(SUBCHART)
    scene.link("app/charts/web/charts/s/values.yaml", "../../../../../parent.yaml")
    scene.git("init", "--quiet", cwd=scene.root / "app")
    (scene.root / "app/.git").rename(scene.root / ".git/inner")
    scene.write({"app/.git": "gitdir: ../.git/inner\n"})
    scene.git("config", "core.worktree", "../../app", cwd=scene.root / "app")


@attack(*LINTED, Manner.OFFLINE)
def environment_of_the_job(scene: Scene) -> None:
    """A chart reads /proc/self/environ through a link and shows a token in an image."""
    scene.chart(template=pod('"nginx:{{ .Files.Get "e.txt" | b64enc | trunc 120 }}"'))
    scene.write(
        {"app/charts/web/templates/web.yaml": pod('{{ regexFind "hunter2-[a-z0-9_-]+" (.Files.Get "e.txt") | default "nginx" }}:latest')}
    )
    scene.link("app/charts/web/e.txt", "/proc/self/environ")


@attack(Manner.FOLDER)
def environment_of_the_run(scene: Scene) -> None:
    """A chart reads the environment of the process above it."""
    scene.chart(template=pod('{{ regexFind "hunter2-[a-z0-9_-]+" (.Files.Get "e.txt") | default "nginx" }}:latest'))
    scene.link("app/charts/web/e.txt", "/proc/self/task/../../self/environ")


@attack(Manner.FOLDER)
def environment_of_a_thread(scene: Scene) -> None:
    """A plain resource is the environment of the renderer."""
    scene.write({".agentslint.toml": LOOSE, "app/kustomization.yaml": "configMapGenerator:\n- name: e\n  files: [e.txt]\n"})
    scene.link("app/e.txt", "/proc/thread-self/environ")


def _shows(scene: Scene, name: str) -> None:
    """Let a chart show the text of its file in an image."""
    scene.chart(template=pod(f'{{{{ .Files.Get "{name}" | trim | default "nginx" }}}}:latest'))


@attack(*LINTED)
def any_file(scene: Scene) -> None:
    """A chart shows a file outside in an image."""
    _shows(scene, "e.txt")
    scene.link("app/charts/web/e.txt", scene.outside / "token")


@attack(Manner.FOLDER)
def any_file_of_a_folder(scene: Scene) -> None:
    """A chart shows a file of a linked folder outside."""
    _shows(scene, "etc/token")
    scene.link("app/charts/web/etc", scene.outside)


@attack(Manner.FOLDER)
def over_the_current_folder(scene: Scene) -> None:
    """A chart reads by way of /proc/self/cwd."""
    _shows(scene, "e.txt")
    scene.link("app/charts/web/e.txt", f"/proc/self/cwd/{scene.outside}/token")


@attack(Manner.FOLDER)
def credentials_of_the_checkout(scene: Scene) -> None:
    """A chart shows the repository's own .git/config, where a checkout keeps its token."""
    _shows(scene, "e.txt")
    scene.git("config", "http.extraheader", f"AUTHORIZATION: basic {SECRET}")
    scene.chart(template=pod('{{ regexFind "hunter2-[a-z0-9_-]+" (.Files.Get "e.txt") | default "nginx" }}:latest'))
    scene.link("app/charts/web/e.txt", "../../../.git/config")


@attack(Manner.FOLDER, Manner.ROOT)
def schema(scene: Scene) -> None:
    """The schema of a chart's values leads outside; what is wrong with it is quoted."""
    scene.chart()
    scene.link("app/charts/web/values.schema.json", scene.outside / "token")


@attack(Manner.FOLDER, Manner.OFFLINE)
def schema_of_a_file(scene: Scene) -> None:
    """The schema of a chart's values refers to a file outside by a URL; what is wrong with it would be quoted."""
    scene.chart()
    scene.write({"app/charts/web/values.schema.json": f'{{"$ref": "file://{scene.outside}/token"}}'})


@attack(Manner.FOLDER)
def schema_of_the_environment(scene: Scene) -> None:
    """The schema of a chart's values refers to the renderer's own environment."""
    scene.chart()
    scene.write({"app/charts/web/values.schema.json": '{"properties": {"image": {"$ref": "file:///proc/self/environ"}}}'})


@attack(Manner.FOLDER, Manner.ROOT)
def definition(scene: Scene) -> None:
    """A file of a chart's crds leads outside."""
    scene.chart()
    scene.link("app/charts/web/crds/token.yaml", scene.outside / "token")


@attack(Manner.FOLDER)
def generated_from_a_file(scene: Scene) -> None:
    """A ConfigMap is generated from a link that leads outside, with load restrictions off."""
    scene.write({".agentslint.toml": LOOSE, "app/kustomization.yaml": "configMapGenerator:\n- name: e\n  files: [image=e.txt]\n"})
    scene.link("app/e.txt", scene.victim("image", f"nginx:latest-{SECRET}"))


@attack(Manner.ROOT, says=("out of the repository",))
def plain_manifest(scene: Scene) -> None:
    """A manifest outside of any kustomization leads outside: its image is a token."""
    scene.link("plain/web.yaml", scene.victim("web.yaml", pod(f"nginx:{SECRET}")))


@attack(Manner.LINE, says=("out of the repository",))
def plain_manifest_by_name(scene: Scene) -> None:
    """The same manifest, named on the command line."""
    scene.link("plain/web.yaml", scene.victim("web.yaml", pod(f"nginx:{SECRET}")))
    scene.line = ["lint", "plain/web.yaml"]


@attack(Manner.FOLDER, Manner.DIFF, Manner.OFFLINE)
def folder_argument(scene: Scene) -> None:
    """The linted folder is a link out of the repository."""
    scene.victim("apps/kustomization.yaml", "resources: [web.yaml]\n")
    scene.victim("apps/web.yaml", pod(f"nginx:{SECRET}"))
    scene.link("away", scene.outside / "apps")
    scene.target = "away"


@attack(Manner.FOLDER, Manner.ROOT)
def kustomization(scene: Scene) -> None:
    """The kustomization itself leads outside; what is wrong with it is quoted."""
    scene.link("app/kustomization.yaml", scene.victim("kustomization.yaml", f"resources: [web.yaml]\nnamePrefix: [{SECRET}\n"))


@attack(Manner.FOLDER)
def configuration(scene: Scene) -> None:
    """The configuration leads to a secret file; what is wrong with it is quoted."""
    scene.link(".agentslint.toml", scene.outside / "token")


@attack(Manner.FOLDER)
def baseline(scene: Scene) -> None:
    """The baseline leads to a secret file."""
    scene.write({".agentslint.toml": 'baseline = "b.json"\n'})
    scene.link("b.json", scene.outside / "token")


@attack(Manner.LINE)
def report(scene: Scene) -> None:
    """A link stands where the report is written to."""
    scene.link("report.sarif", scene.victim("precious", "precious"))
    scene.line = ["lint", "app", "-f", "sarif", "-o", "report.sarif"]
    scene.may_change = ["report.sarif"]


@attack(Manner.LINE)
def new_baseline(scene: Scene) -> None:
    """A link stands where the baseline is written to."""
    scene.link(".agentslint-baseline.json", scene.victim("precious", '{"version": 1, "findings": []}'))
    scene.line = ["baseline", "app"]
    scene.may_change = [".agentslint-baseline.json"]


@attack(Manner.LINE)
def commented_file(scene: Scene) -> None:
    """A comment is written into a values file that leads outside."""
    scene.chart({".agentslint.toml": LOOSE})
    scene.link("app/values.yaml", scene.victim("values.yaml", "image: nginx:latest\n"))
    scene.line = ["ignore", "--reason", "a test", "--all", "app"]


@attack(Manner.FOLDER, Manner.ROOT, ends=NOT_GREEN)
def link_to_itself(scene: Scene) -> None:
    """A resource is a link to itself."""
    scene.link("app/web.yaml", "web.yaml")


@attack(Manner.FOLDER, Manner.ROOT)
def folder_in_itself(scene: Scene) -> None:
    """A folder holds a link to itself, which a walk follows for ever."""
    scene.chart()
    scene.link("app/charts/web/again", ".")
    scene.link("app/again", "..")


@attack(*LINTED[:2], ends=FOUND)
def link_that_stays_inside(scene: Scene) -> None:
    """Not an attack: a link within the repository works as ever, and its findings are told."""
    scene.chart()
    scene.write({"shared/values.yaml": "image: nginx:latest\n", "quiet.yaml": QUIET})
    scene.link("app/charts/web/values.yaml", "../../../shared/values.yaml")
