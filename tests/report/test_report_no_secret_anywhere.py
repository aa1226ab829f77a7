"""No format of any command prints a secret of the tree, in whatever way the tree holds it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import warm

TOKEN = "hunter2"
"""Each tree has its own: `hunter2` and the name of the tree, so that a leak says where it comes from."""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: main, image: 'nginx:latest'}]}\n"
CHART = "helmCharts: [{name: web, releaseName: web, valuesInline: {image: 'nginx:latest', db: {dsn: SECRET}}}]\n"
CHART_OF_BLOCKS = """\
helmCharts:
- name: web
  releaseName: web
  valuesInline:
    image: nginx:latest
    adminPassword: SECRET
"""
IMAGES = "resources: [web.yaml]\nimages: [{name: nginx, newTag: latest}]"
SECRET_OBJECT = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
LIST = "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, stringData: {image: 'nginx:SECRET'}, kind: Secret, metadata: {name: s}}]\n"

KUSTOMIZATIONS = {
    "literal": "resources: [web.yaml]\nsecretGenerator: [{name: s, literals: [a=SECRET]}]\n",
    "no_equals": "resources: [web.yaml]\nsecretGenerator: [{name: s, literals: [SECRET]}]\n",
    "no_equals_of_words": "secretGenerator: [{name: s, literals: ['a] b, SECRET', 'more, expected key=value SECRET']}]\n",
    "one_line": "{resources: [web.yaml], images: [{name: nginx, newTag: latest}], secretGenerator: [{name: s, literals: [a=SECRET]}]}\n",
    "beside": f"{IMAGES} # https://me:SECRET@example.com/\n",
    "patch_of_data": f"{IMAGES}\npatches: [{{target: {{name: s}}, patch: '[{{op: add, path: /data/a, value: SECRET}}]'}}]\n",
    "patch_of_a_missing_kind": f"{IMAGES}\npatches:\n- patch: '{{metadata: {{name: s}}, data: {{a: SECRET}}'\n",
    "list": "resources: [list.yaml, web.yaml]\n",
    "alias": "resources: [alias.yaml]\n",
    "variable": "resources: [variable.yaml]\n",
    "alias_in_flow": "resources: [flow.yaml]\n",
    "url": "resources: ['https://me:SECRET@127.0.0.1:9/a.yaml']\n",
    "url_of_user": "resources: ['https://SECRET@127.0.0.1:9/a.yaml']\n",
    "url_with_at": "resources: ['https://me:p@SECRET@127.0.0.1:9/a.yaml']\n",
    "url_upper": "resources: ['HTTPS://me:SECRET@127.0.0.1:9/a.yaml']\n",
    "url_without_scheme": "resources: ['me:SECRET@127.0.0.1:9/org/repo?ref=v1']\n",
    "url_query": "resources: ['https://127.0.0.1:9/a.yaml?token=SECRET']\n",
    "url_git": "resources: [web.yaml, 'git::https://127.0.0.1:9/org/repo.git?ref=main&access_token=SECRET']\n",
    "chart_url": "helmCharts: [{name: none, version: 1.0.0, repo: 'https://me:SECRET@127.0.0.1:9/c?token=SECRET'}]\n",
    "values": CHART,
    "values_block": CHART_OF_BLOCKS,
    "values_file": "helmCharts: [{name: web, releaseName: web, valuesFile: values.yaml}]\n",
    "values_json": "helmCharts: [{name: web, releaseName: web, valuesFile: values.json}]\n",
}
FILES = {
    "web.yaml": POD,
    "list.yaml": LIST,
    "variable.yaml": POD.replace("'nginx:latest'", "'nginx:latest', env: [{name: DSN, value: 'a://b:SECRET@c SECRET'}]"),
    "alias.yaml": f"{SECRET_OBJECT}stringData:\n  a: *SECRET\n",
    "flow.yaml": f"{SECRET_OBJECT}stringData: {{image: *SECRET}}\n",
    "values.yaml": "{image: 'nginx:latest', db: {args: ['-p', SECRET], dsn: SECRET}, password: SECRET}\n",
    "values.json": '{"image": "nginx:latest", "db": {"dsn": "SECRET"}, "args": ["--password=SECRET"]}\n',
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "{image: x, db: {dsn: ''}}\n",
    "charts/web/templates/web.yaml": POD.replace("'nginx:latest'", "'{{ .Values.image }}'"),
    "charts/web/templates/s.yaml": f"{SECRET_OBJECT}stringData: {{dsn: {{{{ .Values.db.dsn | quote }}}}}}\n",
}
REPORTS = [word for name in ("text", "sarif", "json", "github") for word in ("-f", name, "-o", f"../out/{name}")]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that the commands print and write over a repository that holds every tree."""
    folder = tmp_path_factory.mktemp("secrets")
    root, out = folder / "repo", folder / "out"
    out.mkdir()
    for name, text in KUSTOMIZATIONS.items():
        for path, content in {"kustomization.yaml": text, **FILES}.items():
            file = root / "apps" / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            secret = f"{TOKEN}-{name.replace('_', '-')}"
            file.write_text(content.replace("SECRET", secret))
    git = ("git", "-c", "user.email=a@example.com", "-c", "user.name=a")
    for words in (("init", "-q"), ("commit", "-qm", "Empty", "--allow-empty"), ("add", "-A"), ("commit", "-qm", "All")):
        subprocess.run([*git, *words], cwd=root, check=True)
    for line in commands(root):
        done = warm.run_text(line, root)
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        assert done.returncode in (0, 1, 2), done.stderr
        (out / f"{'-'.join(line[:4]).replace('/', '.')}.said").write_text(f"{done.stdout}{done.stderr}")
    written = [*out.iterdir(), root / ".agentslint-baseline.json"]
    return "".join(f"\n== {path.name}\n{path.read_text()}" for path in sorted(written))


def commands(root: Path) -> Iterator[list[str]]:
    yield ["lint", "apps", "--base", "HEAD~", "-v", *REPORTS]
    yield ["lint", "apps", "--offline"]
    for name in ("text", "json", "markdown"):
        yield ["diff", "--base", "HEAD~", "--format", name]
    yield ["baseline", "apps"]
    for name in ("no_equals", "values", "alias", "url", "one_line"):
        yield ["trace", f"apps/{name}", "--format", "json"]
    yield ["trace", "apps/values"]
    yield ["trace", "apps/values", "Secret/*"]
    yield ["impact", "apps/values/kustomization.yaml:1"]
    yield ["impact", "apps/values_file/values.yaml", "db.dsn"]
    yield ["impact", "apps/alias/alias.yaml:5", "--format", "json"]
    yield ["contract", "apps/values"]
    yield ["contract", "apps/no_equals", "--format", "json"]


def test_the_trees_are_judged(said: str) -> None:
    for name in KUSTOMIZATIONS:
        assert f"apps/{name}" in said


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", KUSTOMIZATIONS)
def test_a_secret_is_printed_nowhere(said: str, name: str) -> None:
    secret = f"{TOKEN}-{name.replace('_', '-')}"
    found = [said[max(0, match.start() - 200) : match.end() + 20] for match in re.finditer(rf"{secret}(?![\w-])", said)]
    assert not found, f"printed {len(found)} times: {found[0]}"
