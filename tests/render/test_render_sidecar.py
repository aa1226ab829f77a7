"""What is known of each document beside the stream: the entry and the template that made it."""

from __future__ import annotations

from pathlib import Path

from render_tree import HELM_APP, the_target, write

from agentslint.model import Rendering, TemplateCall
from agentslint.render import KustomizeRenderer, RenderOptions
from agentslint.render.sidecar import read_calls

TEMPLATES = {
    "charts/web/crds/tools.yaml": (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: tools.example.com\n"
    ),
    "charts/web/templates/two.yaml": (
        "# a comment\napiVersion: v1\nkind: Secret\nmetadata:\n  labels:\n    name: not-this\n  name: {{ .Release.Name }}-token\n"
        '---\napiVersion: v1\nmetadata:\n  # another\n  annotations: {a: b}\n  name: "quoted" # comment\nkind: ServiceAccount\n'
    ),
    "charts/web/templates/windows.yaml": "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: crlf\r\n",
    "charts/web/charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 1.0.0\n",
    "charts/web/charts/cache/templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-cache\n",
}


def calls(renderer: KustomizeRenderer, root: Path) -> tuple[TemplateCall, ...]:
    outcome = renderer.render(the_target(root), RenderOptions())
    assert isinstance(outcome, Rendering), outcome.message
    return read_calls(outcome.calls) if outcome.calls else ()


def test_each_document_has_the_template_that_made_it(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    app = HELM_APP["app/kustomization.yaml"] + "    includeCRDs: true\n"

    (call,) = calls(renderer, write(tmp_path, {**HELM_APP, **TEMPLATES, "app/kustomization.yaml": app}))

    assert (call.release, call.chart, call.namespace) == ("web", "web", "web")
    assert call.sources == {
        ("CustomResourceDefinition", "tools.example.com"): "web/crds/tools.yaml",
        ("ConfigMap", "web-settings"): "web/templates/settings.yaml",
        ("ConfigMap", "crlf"): "web/templates/windows.yaml",
        ("Secret", "web-token"): "web/templates/two.yaml",
        ("ServiceAccount", "quoted"): "web/templates/two.yaml",
        ("ConfigMap", "web-cache"): "web/charts/cache/templates/map.yaml",
    }


def test_each_entry_has_a_call_of_its_own(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    more = "  - name: web\n    releaseName: api\n    valuesFile: values.yaml\n  - name: web\n    valuesFile: values.yaml\n"
    app = HELM_APP["app/kustomization.yaml"] + more

    made = calls(renderer, write(tmp_path, {**HELM_APP, "app/kustomization.yaml": app}))

    assert [(call.release, call.chart, call.namespace) for call in made] == [
        ("web", "web", "web"),
        ("api", "web", "web"),
        ("", "web", "web"),
    ]
    for release, call in zip(("web", "api", "release-name"), made, strict=True):
        assert ("ConfigMap", f"{release}-settings") in call.sources


def test_a_target_without_charts_has_none(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    files = {"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"}

    assert calls(renderer, write(tmp_path, files)) == ()


def test_a_document_that_no_reader_can_read_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "1.args").write_bytes(b"template\0live\0/charts/web\0")
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
    (tmp_path / "1.out").write_text(f"---\n# Source: web/templates/a.yaml\n{pod}---\n# Source: web/templates/b.yaml\nkind: {{Pod\n")

    (call,) = read_calls(tmp_path)

    assert call.sources == {("Pod", "a"): "web/templates/a.yaml"}
    assert len(call.unread) == 1
    assert call.unread[0].startswith("web/templates/b.yaml (line 9 of what helm prints): ")
