"""A parameter that switches something in a chart is where the finding about it lies, whatever the template makes of it."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n"
SOURCE = "  destination: {name: in-cluster}\n  source:\n    repoURL: https://git.example.com/shop/gitops.git\n    path: web\n    helm:\n"
ASSERT = """\
[[assert]]
name = "off"
match = {kinds = ["Pod"]}
that = "!has(object.spec.hostNetwork) || !object.spec.hostNetwork"
message = "it is on the network of its node"
[[assert]]
name = "quiet"
match = {kinds = ["Pod"]}
that = "object.spec.containers.all(c, c.env.all(e, e.value != 'true'))"
message = "it writes too much"
[[assert]]
name = "small"
match = {kinds = ["Pod"]}
that = "object.spec.terminationGracePeriodSeconds < 5"
message = "it waits too long"
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n"
OFF = "  terminationGracePeriodSeconds: 1\n  containers: [{name: web, image: a, env: []}]\n"
VALUES = "net: false\ndebug: false\nhostNetwork: false\ngrace: 1\n"


@pytest.mark.parametrize(
    ("rule", "template", "helm"),
    [
        ("off", "  hostNetwork: {{ .Values.hostNetwork }}\n" + OFF, 'parameters: [{name: hostNetwork, value: "true"}]'),
        ("off", "  hostNetwork: {{ .Values.net }}\n" + OFF, "parameters: [{name: net, value: 'true', forceString: true}]"),
        ("off", "{{ if .Values.net }}  hostNetwork: true\n{{ end }}" + OFF, 'parameters: [{name: net, value: "true"}]'),
        ("off", "  hostNetwork: {{ .Values.net }}\n" + OFF, "valuesObject: {net: true}"),
        ("off", "  hostNetwork: {{ .Values.hostNetwork }}\n" + OFF, "valuesObject: {hostNetwork: 'true'}"),
        ("quiet", OFF.replace("[]", "[{name: DEBUG, value: {{ .Values.debug | quote }}}]"), 'parameters: [{name: debug, value: "true"}]'),
        ("small", OFF.replace("1", "{{ .Values.grace }}"), 'parameters: [{name: grace, value: "5"}]'),
        ("small", OFF.replace("1", "{{ .Values.grace | int }}"), 'parameters: [{name: grace, value: "5", forceString: true}]'),
    ],
)
def test_a_finding_is_at_the_parameter_that_decides(rule: str, template: str, helm: str, run: Run, tree: Tree) -> None:
    pod = {"web/templates/pod.yaml": POD + template, "web/values.yaml": VALUES}
    chart = {"web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n", **pod}
    tree.write({".agentslint.toml": ASSERT, "argo/web.yaml": f"{HEAD}{SOURCE}      {helm}\n", **chart})

    done = run("lint", ".", "--select", rule, "--offline", "-f", "json", cwd=tree.root)

    assert done.places() == [(rule, "argo/web.yaml", tree.line("argo/web.yaml", helm))]


def test_a_switch_of_a_patch_is_its_value(run: Run, tree: Tree) -> None:
    operation = "          - op: add\n            path: /spec/hostNetwork\n"
    patch = f"    kustomize:\n      patches:\n      - target: {{kind: Pod}}\n        patch: |\n{operation}"
    source = SOURCE.replace("    helm:\n", patch)
    tree.write({".agentslint.toml": ASSERT, "argo/web.yaml": f"{HEAD}{source}            value: true\n"})
    tree.write({"web/kustomization.yaml": "resources: [pod.yaml]\n", "web/pod.yaml": POD + OFF})

    done = run("lint", ".", "--select", "off", "--offline", "-f", "json", cwd=tree.root)

    assert done.places() == [("off", "argo/web.yaml", tree.line("argo/web.yaml", "value: true"))]
