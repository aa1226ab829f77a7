"""What kustomize refuses of a chart is found in the template or the values, and is called exact only where it is proven."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

CM = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"
JOB = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: migrate-\n"
TEMPLATED = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  labels:\n    app: {{ .Values.a }}\n    app: x\n"
ENTRY = "- name: web\n  releaseName: web\n"


def chart(
    templates: dict[str, str] | str, *, more: str = "", values: str = "a: 1\n", app: str = "resources: [ns.yaml]\n"
) -> dict[str, str]:
    """An application of one chart."""
    named = {"a.yaml": templates} if isinstance(templates, str) else templates
    return {
        "app/kustomization.yaml": f"{app}helmCharts:\n{ENTRY}{more}",
        "app/ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
        "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        "app/charts/web/values.yaml": values,
        **{f"app/charts/web/templates/{name}": text for name, text in named.items()},
    }


A = "app/charts/web/templates/a.yaml"
INLINE = "  valuesInline: {a: 2}\n"
GENERATOR = (
    "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: g}\nname: web\nreleaseName: web\nvaluesInline: {a: 2}\n"
)
CASES: dict[str, tuple[dict[str, str], tuple[str, int, str]]] = {
    "key twice": (chart(f"{CM}  labels:\n    app: web\n    app: web\n"), (A, 7, "exact")),
    "key twice in the second document": (chart(f"{CM}---\n{JOB.replace('generateName', 'name')}  name: x\n"), (A, 10, "exact")),
    "key twice in flow style": (chart("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, name: a}\n"), (A, 3, "exact")),
    "key twice where values are": (chart(TEMPLATED), (A, 7, "matched")),
    "key twice in a subchart": (
        {
            **chart(CM),
            "app/charts/web/charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
            "app/charts/web/charts/sub/templates/b.yaml": CM.replace("web", "sub") + "  name: sub\n",
        },
        ("app/charts/web/charts/sub/templates/b.yaml", 5, "exact"),
    ),
    "key twice from a loop": (
        chart(f"{CM}data:\n{{{{- range list 1 2 }}}}\n  key: x\n{{{{- end }}}}\n"),
        (A, 7, "matched"),
    ),
    "key twice from a partial": (
        chart(
            {
                "_labels.tpl": '{{- define "labels" -}}\napp: web\napp: site\n{{- end }}\n',
                "a.yaml": f'{CM}  labels: {{{{- include "labels" . | nindent 4 }}}}\n',
            }
        ),
        ("app/charts/web/templates/_labels.tpl", 3, "matched"),
    ),
    "key twice from one of two partials that are alike": (
        chart(
            {
                "_labels.tpl": '{{- define "labels" -}}\napp: web\napp: web\n{{- end }}\n',
                "a.yaml": f'{CM}  labels: {{{{- include "labels" . | nindent 4 }}}}\n',
            }
        ),
        (A, 1, "resource"),
    ),
    "no name": (chart({"a.yaml": CM, "job.yaml": JOB}), ("app/charts/web/templates/job.yaml", 4, "exact")),
    "no name, and annotations first": (
        chart(JOB.replace("metadata:\n", "metadata:\n  annotations: {argocd.argoproj.io/hook: PreSync}\n")),
        (A, 5, "exact"),
    ),
    "no name in flow style": (chart("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n"), (A, 3, "exact")),
    "no name in a list": (chart("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n"), (A, 5, "exact")),
    "no name where values are": (chart(JOB.replace("migrate-", "{{ .Release.Name }}-")), (A, 4, "matched")),
    "no kind": (chart("apiVersion: v1\nmetadata:\n  name: a\n"), (A, 3, "exact")),
    "no object": (chart({"a.yaml": CM, "b.yaml": "a: b\n"}), ("app/charts/web/templates/b.yaml", 1, "exact")),
    "one object twice in two templates": (chart({"a.yaml": CM, "b.yaml": CM}), ("app/charts/web/templates/b.yaml", 4, "exact")),
    "one object twice in one template": (chart(f"{CM}---\n{CM}"), (A, 9, "exact")),
    "one object as hook and not": (
        chart(f"{CM}  annotations: {{helm.sh/hook: pre-install}}\n---\n{CM}"),
        (A, 4, "exact"),
    ),
    "an object that a resource is": (
        {**chart(CM, app="resources: [ns.yaml, cm.yaml]\n"), "app/cm.yaml": CM},
        (A, 4, "exact"),
    ),
    "an object that a generator makes": (
        chart(CM, app="configMapGenerator: [{name: web, options: {disableNameSuffixHash: true}}]\n"),
        (A, 4, "exact"),
    ),
    "empty values of the chart": (chart(CM, values="", more=INLINE), ("app/charts/web/values.yaml", 1, "exact")),
    "values of the chart that are a comment": (
        chart(CM, values="# none\n", more=INLINE),
        ("app/charts/web/values.yaml", 1, "exact"),
    ),
    "empty values file": ({**chart(CM, more=f"  valuesFile: v.yaml\n{INLINE}"), "app/v.yaml": ""}, ("app/v.yaml", 1, "exact")),
    "values file that is a list": (
        {**chart(CM, more=f"  valuesFile: v.yaml\n{INLINE}"), "app/v.yaml": "# values\n- a\n"},
        ("app/v.yaml", 2, "exact"),
    ),
    "empty values of the chart of a generator's file": (
        {**chart(CM, values=""), "app/kustomization.yaml": "generators: [g.yaml]\n", "app/g.yaml": GENERATOR},
        ("app/charts/web/values.yaml", 1, "exact"),
    ),
    "a tab": (chart("apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n"), (A, 4, "exact")),
    "broken where values are": (chart("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.a }}: x\n"), (A, 4, "matched")),
    "broken by what is included": (
        chart("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {{- toYaml .Values | nindent 2 }}\n  name: a\n\tb: c\n"),
        (A, 1, "resource"),
    ),
    "a list": (chart("- a\n"), (A, 1, "resource")),
}


@pytest.mark.sample(10)
@pytest.mark.parametrize("name", CASES)
def test_a_failure_of_a_chart_is_placed_where_it_is_mended(name: str, run: Run, tree: Tree) -> None:
    files, expected = CASES[name]

    done = run("lint", ".", "--select", "render-error", "-f", "json", cwd=tree.write(files))

    (result,) = done.results
    place = result["location"]
    assert (place["path"], place["start_line"], result["certainty"]) == expected
    assert (done.status, [related["path"] for related in result["related"]][-1]) in (
        (2, "app/kustomization.yaml"),
        (2, "app/g.yaml"),
    )


@pytest.mark.parametrize(
    ("values", "value"),
    [("image: {}\n", 1), ("a: 1\nimage:\n  tag: 5\n", 3), ("a: 1\n", 0)],
)
def test_the_value_that_a_template_stumbles_over_is_named_beside_it(values: str, value: int, run: Run, tree: Tree) -> None:
    files = chart(f"{CM}data:\n  a: {{{{ .Values.image.tag.of.it }}}}\n", values=values)
    (result,) = run("lint", ".", "--select", "render-error", "-f", "json", cwd=tree.write(files)).results
    assert (result["location"]["path"], result["location"]["start_line"], result["certainty"]) == (A, 6, "exact")
    beside = [(place["path"], place["start_line"]) for place in result["related"]]
    assert beside == [*([("app/charts/web/values.yaml", value)] if value else []), ("app/kustomization.yaml", 3)]


def test_what_no_line_is_to_blame_for_is_not_called_exact(run: Run, tree: Tree) -> None:
    done = run("lint", ".", "--select", "render-error", "-f", "json", cwd=tree.write({"app/kustomization.yaml": "\n# nothing\n"}))
    assert [(row["location"]["start_line"], row["certainty"]) for row in done.results] == [(1, "resource")]


def test_the_values_that_cannot_be_merged_are_not_printed(run: Run, tree: Tree) -> None:
    files = chart(CM, more="  valuesFile: v.yaml\n  valuesInline: {password: hunter2}\n")
    done = run("lint", ".", "--verbose", cwd=tree.write({**files, "app/v.yaml": "- a\n"}))
    assert "hunter2" not in done.out + done.err
