"""The workloads of a chart are known as its own however their templates are written: its release group does not vanish."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

OLD, NEW = "sha-aaaa1111bbbb2222cccc3333dddd4444eeee5555", "sha-0f1e2d3c4b5a69788796a5b4c3d2e1f001234567"
SPEC = """\
  selector: {matchLabels: {app: %(n)s}}
  template:
    metadata: {labels: {app: %(n)s}}
    spec:
      containers:
        - name: main
          image: registry.example.com/suite/%(n)s:{{ .Values.%(n)s.tag }}
"""
BLOCK = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: %(n)s\nspec:\n" + SPEC
JSON = (
    '{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "%(n)s"}, "spec": {'
    '"selector": {"matchLabels": {"app": "%(n)s"}}, "template": {"metadata": {"labels": {"app": "%(n)s"}}, "spec": {"containers": [{'
    '"name": "main", "image": "registry.example.com/suite/%(n)s:{{ .Values.%(n)s.tag }}"}]}}}}\n'
)
STYLES = {
    "block": BLOCK,
    "flow metadata": BLOCK.replace("metadata:\n  name: %(n)s\n", "metadata: {name: %(n)s, labels: {app: %(n)s}}\n", 1),
    "flow metadata over lines": BLOCK.replace("metadata:\n  name: %(n)s\n", "metadata: {\n  name: %(n)s\n}\n", 1),
    "comment after metadata": BLOCK.replace("metadata:\n", "metadata: # labels come from the base\n", 1),
    "comment after kind": BLOCK.replace("kind: Deployment\n", "kind: Deployment # one of three\n"),
    "quoted keys": BLOCK.replace("kind:", '"kind":').replace("metadata:\n  name:", "'metadata':\n  \"name\":", 1),
    "space before the colon": BLOCK.replace("kind:", "kind :").replace("metadata:\n", "metadata :\n", 1),
    "tags": BLOCK.replace("kind: ", "kind: !!str ").replace("metadata:\n", "metadata: !!map\n", 1),
    "anchor on metadata": BLOCK.replace("metadata:\n", "metadata: &meta\n", 1).replace(
        "metadata: {labels: {app: %(n)s}}", "metadata: *meta"
    ),
    "alias in metadata": "x-name: &name %(n)s\n" + BLOCK.replace("name: %(n)s\n", "name: *name\n", 1),
    "alias to what stands below": BLOCK.replace("metadata:\n  name: %(n)s\nspec:\n", "spec:\n").replace(
        "app: %(n)s}}", "app: &n %(n)s}}", 1
    )
    + "metadata:\n  name: *n\n",
    "merge key": "x-meta: &meta {name: %(n)s}\n" + BLOCK.replace("  name: %(n)s\n", "  <<: *meta\n", 1),
    "folded name": BLOCK.replace("  name: %(n)s\n", "  name: >-\n    %(n)s\n", 1),
    "indented document": "# all of it\n" + "".join(f"  {line}\n" for line in BLOCK.splitlines()),
    "flow document": JSON.replace('"', ""),
    "document on the line of its mark": f"--- {JSON}",
    "json": JSON,
    "list": "apiVersion: v1\nkind: List\nitems:\n- " + BLOCK.replace("\n", "\n  ").rstrip() + "\n",
    "json list": '{"apiVersion": "v1", "kind": "List", "items": [' + JSON.strip() + "]}\n",
    "typed list": "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- " + BLOCK.replace("\n", "\n  ").rstrip() + "\n",
    "carriage returns": BLOCK.replace("\n", "\r\n"),
    "keys in another order": "metadata:\n  labels: {name: other}\n  name: %(n)s\nkind: Deployment\nspec:\n"
    + SPEC
    + "apiVersion: apps/v1\n",
    "text that looks like a head": BLOCK.replace("  name:", "  annotations:\n    note: |\n      kind: Pod\n      metadata:\n  name:", 1),
    "comment of another chart": "# Source: other/templates/x.yaml\n" + BLOCK,
}


def suite(template: str) -> dict[str, str | bytes]:
    """A chart of three workloads, of which one is at another commit."""
    return {
        "kustomization.yaml": "helmCharts:\n- name: suite\n  releaseName: live\n  valuesFile: values.yaml\n",
        "values.yaml": f"api: {{tag: {OLD}}}\nweb: {{tag: {NEW}}}\njob: {{tag: {OLD}}}\n",
        "charts/suite/Chart.yaml": "apiVersion: v2\nname: suite\nversion: 0.1.0\n",
        "charts/suite/templates/all.yaml": "\n---\n".join(template % {"n": name} for name in ("api", "web", "job")).replace(
            "---\n---", "---"
        ),
        "charts/suite/values.yaml": "{}\n",
    }


@pytest.mark.sample(8)
@pytest.mark.parametrize("style", STYLES)
def test_a_release_group_is_learnt_from_templates_of_any_style(style: str, run: Run, tree: Tree) -> None:
    root = tree.write(suite(STYLES[style]))

    done = run("lint", ".", "--select", "image-lockstep", "-f", "json", cwd=root)

    assert done.places() == [("image-lockstep", "values.yaml", 2)]
    assert "release group live" in done.messages("image-lockstep")[0]
    assert done.status == 1


def test_a_file_of_definitions_that_names_templates_of_another_chart_stays_itself(run: Run, tree: Tree) -> None:
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.example.com}\n"
    crd = f"# Source: other/templates/crd.yaml\n{crd}"
    files = suite(STYLES["flow metadata"])
    files["charts/suite/crds/all.yaml"] = f"---\n{crd}---\n{crd.replace('name: a', 'name: b')}"
    files["kustomization.yaml"] = f"{files['kustomization.yaml']!s}  includeCRDs: true\n"

    done = run("lint", ".", "--select", "image-lockstep", "-f", "json", cwd=tree.write(files))

    assert done.places() == [("image-lockstep", "values.yaml", 2)]


FLOW = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: main, image: "%s"}]\n'


@pytest.mark.parametrize("template", [FLOW, '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": %s}\n'])
def test_a_breach_of_a_contract_is_found_in_a_template_in_flow_style(template: str, run: Run, tree: Tree) -> None:
    image = "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
    spec = '{"containers": [{"name": "main",\n  "image": "%s"}]}'
    files = {
        ".agentslint.toml": '[[contracts]]\nchart = "suite"\nworkload = "Pod/web"\nchain = ["web.image", "image"]\n',
        "kustomization.yaml": "helmCharts:\n- {name: suite, releaseName: live}\n",
        "charts/suite/Chart.yaml": "apiVersion: v2\nname: suite\nversion: 0.1.0\n",
        "charts/suite/values.yaml": 'image: {repository: registry.example.com/web, tag: "1"}\nweb: {image: {repository: "", tag: ""}}\n',
        "charts/suite/templates/web.yaml": template % (image if template == FLOW else spec % image),
    }

    done = run("lint", ".", "--select", "image-precedence", "-f", "json", cwd=tree.write(files))

    assert done.places() == [("image-precedence", "charts/suite/templates/web.yaml", 5 if template == FLOW else 2)]
    assert done.results[0]["certainty"] == "matched"


GENERATOR = (
    "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: suite}\n"
    "name: suite\nreleaseName: live\nvaluesFile: values.yaml\n"
)
NAMED: dict[str, dict[str, str]] = {
    "a generator in a file": {"kustomization.yaml": "generators: [suite.yaml]\nnamePrefix: p-\n", "suite.yaml": GENERATOR},
    "a generator in a folder": {
        "kustomization.yaml": "generators: [made]\nnameSuffix: -s\n",
        "made/kustomization.yaml": "resources: [suite.yaml]\n",
        "made/suite.yaml": GENERATOR,
    },
    "a generator in place": {
        "kustomization.yaml": "generators:\n- |\n  " + GENERATOR.replace("\n", "\n  ").rstrip() + "\nnamePrefix: p-\n"
    },
    "a patch": {
        "more": "patches:\n- target: {kind: Deployment, name: web}\n  options: {allowNameChange: true}\n"
        "  patch: |-\n    - {op: replace, path: /metadata/name, value: renamed}\n"
    },
    "a replacement": {
        "more": "configMapGenerator: [{name: env, literals: [n=prod]}]\n"
        "replacements:\n- source: {kind: ConfigMap, name: env, fieldPath: data.n}\n  targets:\n"
        "  - {select: {kind: Deployment}, fieldPaths: [metadata.name], options: {delimiter: '-', index: -1}}\n"
    },
}


@pytest.mark.parametrize("way", NAMED)
def test_the_workloads_of_a_chart_stay_its_own_under_other_names(way: str, run: Run, tree: Tree) -> None:
    files = suite(BLOCK)
    given = dict(NAMED[way])
    files["kustomization.yaml"] = f"{files['kustomization.yaml']!s}{given.pop('more', '')}"

    done = run("lint", ".", "--select", "image-lockstep", "-f", "json", cwd=tree.write({**files, **given}))

    assert done.places() == [("image-lockstep", "values.yaml", 2)]
    assert "release group live" in done.messages("image-lockstep")[0]
