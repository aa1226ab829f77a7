"""What a chart's template writes itself, however short it is, is found at its line of the template."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.model import Certainty
from tests.asserts.repositories import APPLICATION, DEPLOYED, HELM, report_of, written

pytest.importorskip("cel_expr_python")

TEMPLATE = """\
{{- /* what: the service
of the chart */ -}}
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    {{- toYaml .Values.image | nindent 4 }}
spec:
  {{- if .Values.grpc }}
  publishNotReadyAddresses: true
  {{- end }}
  type: {{ .Values.type | default "ClusterIP" }}
  healthCheckNodePort: 7
  internalTrafficPolicy: "b"
  externalIPs: [10.0.0.1]
  allocateLoadBalancerNodePorts: true
  sessionAffinityConfig: {}
  ports:
    - name: http
      port: 5
    - name: {{ .Values.strategy | lower }}
      port: 5
---
apiVersion: v1
kind: Service
metadata:
  name: other
spec:
  healthCheckNodePort: 7
  {{- if .Values.grpc }}
  allocateLoadBalancerNodePorts: true
  {{- else }}
  allocateLoadBalancerNodePorts: false
  {{- end }}
"""
PATH = "charts/web/templates/service.yaml"
EXACT, MATCHED, CHART = Certainty.EXACT, Certainty.MATCHED, Certainty.CHART


def located(folder: Path, files: dict[str, str], conditions: dict[str, str], configuration: str = "") -> dict[str, tuple[str, Certainty]]:
    """The line of each finding as `path:line`, and how sure it is."""
    tables = "".join(
        f"[[assert]]\nname = '{name}'\nthat = '''{that}'''\nmessage = 'm'\nmatch = {{ kinds = ['Service'], names = ['web'] }}\n"
        for name, that in conditions.items()
    )
    with report_of(written(folder, {**files, PATH: TEMPLATE}, configuration + tables), *conditions) as report:
        assert not report.failures
        places = [(found.finding.rule_id, found.location, found.provenance.certainty) for found in report.active]
    return {name: (f"{place.path}:{place.region.start_line}", certainty) for name, place, certainty in places}


@pytest.mark.parametrize(("files", "configuration"), [(HELM, ""), (APPLICATION, DEPLOYED)], ids=["helmCharts", "Application"])
def test_a_literal_of_a_template_is_found_at_its_line(tmp_path: Path, files: dict[str, str], configuration: str) -> None:
    conditions = {
        "number": "object.spec.healthCheckNodePort != 7",
        "text": "object.spec.internalTrafficPolicy != 'b'",
        "boolean": "object.spec.allocateLoadBalancerNodePorts == false",
        "behind-if": "!object.spec.publishNotReadyAddresses",
        "list": "object.spec.externalIPs == []",
        "item": "object.spec.ports[0].port > 5",
        "empty": "has(object.spec.sessionAffinityConfig.clientIP)",
    }
    found = located(tmp_path, files, conditions, configuration)
    assert found == {
        "number": (f"{PATH}:14", EXACT),
        "text": (f"{PATH}:15", EXACT),
        "boolean": (f"{PATH}:17", EXACT),
        "behind-if": (f"{PATH}:11", EXACT),
        "list": (f"{PATH}:16", EXACT),
        "item": (f"{PATH}:21", EXACT),
        "empty": (f"{PATH}:18", MATCHED),
    }


def test_a_literal_that_stands_twice_is_none_for_certain(tmp_path: Path) -> None:
    both = TEMPLATE.replace("allocateLoadBalancerNodePorts: false", "allocateLoadBalancerNodePorts: true")
    text = "[[assert]]\nname = 'one'\nthat = '!object.spec.allocateLoadBalancerNodePorts'\nmessage = 'm'\n"
    text += "match = { kinds = ['Service'], names = ['other'] }\n"
    with report_of(written(tmp_path, {**HELM, PATH: both}, text), "one") as report:
        (found,) = report.active
        assert (found.location.path, found.provenance.certainty) == ("apps/web/kustomization.yaml", CHART)


def test_a_patch_wins_over_the_literal(tmp_path: Path) -> None:
    patch = "patches:\n  - target: {kind: Service, name: web}\n    patch: |\n      - op: replace\n        path: /spec/healthCheckNodePort\n"
    files = {**HELM, "apps/web/kustomization.yaml": HELM["apps/web/kustomization.yaml"] + patch + "        value: 7\n"}
    found = located(tmp_path, files, {"number": "object.spec.healthCheckNodePort != 7"})
    assert found == {"number": ("apps/web/kustomization.yaml:13", EXACT)}


def test_many_booleans_are_told_apart(tmp_path: Path) -> None:
    """They are switched in a few renders, each in those of its own number."""
    keys = [f"flag{number}" for number in range(9)]
    body = "".join(f"  {key}: {'true' if number % 2 else 'false'}\n" for number, key in enumerate(keys))
    files = {**HELM, "charts/web/templates/x.yaml": f"apiVersion: acme.io/v1\nkind: Flags\nmetadata:\n  name: x\nspec:\n{body}"}
    text = "".join(
        f"[[assert]]\nname = '{key}'\nthat = 'object.spec.{key} == 1'\nmessage = 'm'\nmatch = {{ kinds = ['Flags'] }}\n" for key in keys
    )
    with report_of(written(tmp_path, files, text), *keys) as report:
        assert {found.finding.rule_id: (found.location.region.start_line, found.provenance.certainty) for found in report.active} == {
            key: (number + 6, EXACT) for number, key in enumerate(keys)
        }


def test_a_switch_of_another_name_is_found_in_the_values(tmp_path: Path) -> None:
    """Many are switched together, each in the renders of its own number."""
    names = [f"switch{number}" for number in range(9)]
    body = "".join(f"  flag{number}: {{{{ .Values.{name} }}}}\n" for number, name in enumerate(names[:-1]))
    body += f"  flag8: {{{{ not .Values.{names[-1]} }}}}\n"
    values = "".join(f"{name}: {'true' if number % 2 else 'false'}\n" for number, name in enumerate(names))
    files = {**HELM, "charts/web/templates/x.yaml": f"apiVersion: acme.io/v1\nkind: Flags\nmetadata:\n  name: x\nspec:\n{body}"}
    files["apps/web/values.yaml"] += values
    text = "".join(
        f"[[assert]]\nname = 'flag{number}'\nthat = 'object.spec.flag{number} == 1'\nmessage = 'm'\nmatch = {{ kinds = ['Flags'] }}\n"
        for number in range(9)
    )
    with report_of(written(tmp_path, files, text), *(f"flag{number}" for number in range(9))) as report:
        found = {each.finding.rule_id: (each.location.path, each.location.region.start_line) for each in report.active}
    assert found == {f"flag{number}": ("apps/web/values.yaml", number + 4) for number in range(9)}
