"""What is measured: copies of a Helm application, many tiny kustomizations, a repository with a change, a large rendered stream."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[1]
CHANGED = "argocd/applications/agents-0"
"""The application of a repository whose values are changed."""


def helm_copies(into: Path, count: int) -> Path:
    """Copy an application with a local chart `count` times: the real one where AGENTSLINT_LAB is, else the example."""
    lab = Path(os.environ.get("AGENTSLINT_LAB", PROJECT.parent / "shared" / "realworld" / "lab"))
    source = lab if lab.is_dir() else PROJECT / "examples"
    shutil.copytree(source / "charts", into / "charts")
    for number in range(count):
        shutil.copytree(source / "argocd/applications/agents", into / f"argocd/applications/agents-{number}")
    _writable(into)
    return into


def tiny_kustomizations(into: Path, count: int) -> Path:
    """Write `count` folders with one Deployment each."""
    for number in range(count):
        folder = into / f"argocd/app-{number:03}"
        folder.mkdir(parents=True)
        (folder / "kustomization.yaml").write_text("resources:\n  - deployment.yaml\n")
        (folder / "deployment.yaml").write_text(deployment(f"app-{number}"))
    return into


def repository(into: Path, helm: int, tiny: int) -> Path:
    """Make a git repository of `helm` applications and `tiny` kustomizations, in which one application is promoted and not committed.

    All git SHAs and digests of its values are others: a change that no rule objects to, for a finding costs a render to be proven.
    """
    tiny_kustomizations(helm_copies(into, helm), tiny)
    author = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false")
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "As it runs"]):
        subprocess.run(["git", *words], cwd=into, check=True)
    values = into / CHANGED / "values.yaml"
    values.write_text(re.sub(r"\b[0-9a-f]{40,64}\b", lambda found: found[0][::-1], values.read_text()))
    return into


def large_stream(into: Path, megabytes: int) -> Path:
    """Write rendered files of `megabytes` in all, of which CustomResourceDefinitions are 93 in 100 bytes, as in Kubeflow's."""
    into.mkdir(parents=True, exist_ok=True)
    crd = custom_resource_definition(230_000)
    workloads = "---\n".join(deployment(f"app-{number}") for number in range(17_000 // 500))
    for number in range(megabytes * 1_000_000 // (len(crd) + len(workloads))):
        (into / f"rendered-{number:03}.yaml").write_text(crd.replace("NUMBER", str(number)) + "---\n" + workloads)
    return into


def custom_resources(into: Path, kinds: int, objects: int) -> Path:
    """Write a rendered stream of definitions of 230 KB each with objects of each, and the schemas as kubeconform reads them."""
    into.mkdir(parents=True, exist_ok=True)
    crd = custom_resource_definition(230_000)
    fields = {f"field{number}": {"type": "string"} for number in range(230_000 // 130)}
    spec = {"type": "object", "properties": fields, "additionalProperties": False}
    schema = json.dumps({"type": "object", "properties": {"apiVersion": {}, "kind": {}, "metadata": {}, "spec": spec}})
    documents = []
    for kind in range(kinds):
        documents.append(crd.replace("NUMBER", str(kind)))
        (into / f"thing{kind}-example-v1.json").write_text(schema)
        values = "".join(f"  field{number}: some text of field {number}\n" for number in range(100))
        head = f"apiVersion: example.com/v1\nkind: Thing{kind}\nmetadata:\n  name: "
        documents += [f"{head}thing-{number}\nspec:\n{values}" for number in range(objects)]
    (into / "rendered.yaml").write_text("---\n".join(documents))
    return into


def deployment(name: str) -> str:
    """A Deployment that is pinned by digest."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
      - name: main
        image: ghcr.io/acme/{name}:v1@sha256:{"0123456789abcdef" * 4}
"""


def custom_resource_definition(size: int) -> str:
    """A definition of about `size` bytes."""
    fields = "".join(
        f"              field{number}:\n                description: What field {number} is for, at some length, as generators write it.\n"
        "                type: string\n"
        for number in range(size // 130)
    )
    return f"""\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: thingsNUMBER.example.com
spec:
  group: example.com
  names:
    kind: ThingNUMBER
    plural: thingsNUMBER
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
{fields}"""


def _writable(folder: Path) -> None:
    for where, _, names in os.walk(folder):
        Path(where).chmod(0o755)
        for name in names:
            (Path(where) / name).chmod(0o644)


APPLICATIONS, FOLDERS = 100, 20
IMAGES = [f"registry.example.com/web:{number}.0@sha256:{number:064x}" for number in range(APPLICATIONS)]


def applications(root: Path, *, pinned: bool = True) -> Path:
    """Write 100 Applications over 20 folders, each with an image of its own; without a digest where they are not `pinned`."""
    for number in range(FOLDERS):
        folder = root / f"apps/app-{number}"
        _write(folder / "kustomization.yaml", "resources: [web.yaml]\n")
        _write(folder / "web.yaml", _DEPLOYMENT)
    for number, image in enumerate(IMAGES):
        said = image if pinned else image.partition("@")[0]
        _write(root / f"argocd/{number}.yaml", _APPLICATION.format(number=number, folder=number % FOLDERS, image=said))
    return root


def application_set(root: Path, elements: int) -> Path:
    """Write one ApplicationSet with so many elements and a patch."""
    rows = "".join(f"      - {{name: app-{number}, tag: 'v{number}'}}\n" for number in range(elements))
    _write(root / "argocd/set.yaml", _SET.format(rows=rows))
    _write(root / "base/kustomization.yaml", "resources: [web.yaml]\n")
    _write(root / "base/web.yaml", _DEPLOYMENT)
    return root


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: registry.example.com/web}]
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: app-{number}, namespace: argocd}}
spec:
  project: default
  destination: {{server: https://kubernetes.default.svc, namespace: app-{number}}}
  source:
    repoURL: https://git.example.com/acme/gitops.git
    targetRevision: HEAD
    path: apps/app-{folder}
    kustomize:
      images: ["{image}"]
"""
_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: all, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: ["missingkey=error"]
  generators:
  - list:
      elements:
{rows}  template:
    metadata: {{name: "{{{{ .name }}}}"}}
    spec:
      project: default
      destination: {{server: https://kubernetes.default.svc, namespace: "{{{{ .name | lower }}}}"}}
      source:
        repoURL: https://git.example.com/acme/gitops.git
        targetRevision: HEAD
        path: base
  templatePatch: |
    spec:
      source:
        kustomize:
          images: ["registry.example.com/web:{{{{ .tag | quote | trimAll "\\"" }}}}"]
"""
