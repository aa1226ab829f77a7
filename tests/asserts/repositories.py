"""Small repositories for asserts, as teams write them, and a run over one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report

CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": """\
replicas: 2
strategy: Recreate
grpc:
  enabled: false
image:
  repository: ghcr.io/acme/web
  tag: v1
""",
    "charts/web/templates/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: {{ .Values.replicas }}
  strategy: {type: {{ .Values.strategy }}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: LOG
              value: info
            - name: GRPC_ENABLED
              value: "false"
""",
}
HELM = {
    **CHART,
    "apps/web/kustomization.yaml": """\
namespace: shop
helmGlobals:
  chartHome: ../../charts
helmCharts:
  - name: web
    releaseName: web
    valuesFile: values.yaml
""",
    "apps/web/values.yaml": "replicas: 1\ngrpc:\n  enabled: true\n",
}
PATCHED = {
    "api/base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "api/base/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 3
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/api:v1
          resources:
            limits:
              memory: 512Mi
""",
    "api/production/kustomization.yaml": """\
resources: [../base]
patches:
  - target:
      kind: Deployment
    patch: |
      - op: replace
        path: /spec/replicas
        value: 1
  - path: memory.yaml
""",
    "api/production/memory.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - name: app
          resources:
            limits:
              memory: 2Gi
""",
}
APPLICATION = {
    **CHART,
    "argocd/web.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shops
  destination:
    name: in-cluster
    namespace: shop
  source:
    repoURL: https://git.example.com/acme/gitops
    path: charts/web
    helm:
      valuesObject:
        replicas: 1
        grpc:
          enabled: true
""",
}
DEPLOYED = '[deploy]\nrepositories = ["https://git.example.com/acme/gitops"]\n'


def written(folder: Path, files: Mapping[str, str], configuration: str = "") -> Path:
    """Write a repository, with its configuration."""
    for name, text in {**files, ".agentslint.toml": configuration}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@contextmanager
def report_of(folder: Path, *select: str, paths: tuple[str, ...] = (), trace: bool = True) -> Iterator[Report]:
    """Lint a repository with some rules."""
    named = tuple(str(folder / path) for path in paths or (".",))
    options = RunOptions(named, select=select, root=str(folder), offline=True, config=str(folder / ".agentslint.toml"), trace=trace)
    with open_session(options) as (session, _):
        yield lint(session)


def lines(report: Report) -> list[str]:
    """Every finding as `path:line message`, in order."""
    return [f"{found.location.path}:{found.location.region.start_line} {found.finding.message}" for found in report.active]


def unknown(report: Report) -> list[str]:
    """What could not be checked."""
    return [failure.message for failure in report.failures]
