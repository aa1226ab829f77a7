"""Small repositories in which layers say the same: manifests, values, patches and `images:` entries with few texts between them."""

from __future__ import annotations

import random
from pathlib import Path

NAMES = ("registry.example.com/shop/web", "registry.example.com/shop/api", "web")
TAGS = ("1.4.0", "1.5.0", "72ab0f5d")
DIGESTS = tuple(f"sha256:{digit * 64}" for digit in "12")
TEMPLATE = """\
{{- $image := .Values.image }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
spec:
  containers:
    - name: main
      image: "%s"
"""
FORMS = (
    "{{ $image.repository }}:{{ $image.tag }}",
    "{{ $image.repository }}:{{ $image.tag | default .Values.global.tag }}",
    "{{ $image.repository }}:{{ .Values.global.tag }}{{ with $image.digest }}@{{ . }}{{ end }}",
    "{{ $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag }}{{ end }}",
    "{{ .Values.whole }}",
    '{{ .Values.whole | default (printf "%s:%s" $image.repository $image.tag) }}',
)


class Repository:
    """Draws one repository: `base` with pods, perhaps a chart in it, and `overlay` on top."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.files: dict[str, str] = {}
        pods = self.draw.randint(1, 2)
        self.files["base/pods.yaml"] = "---\n".join(self._pod(number) for number in range(pods))
        chart = self.draw.random() < 0.5
        base = f"resources: [pods.yaml]\n{self._images()}"
        overlay = f"resources: [../base]\n{self._images()}{self._patches()}"
        if self.draw.random() < 0.3:
            component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
            self.files["component/kustomization.yaml"] = component + (self._images() or "commonAnnotations: {a: b}\n")
            overlay += "components: [../component]\n"
        if chart:
            self._chart()
            entry = "helmCharts:\n  - name: app\n    releaseName: app\n" + self._values()
            base, overlay = (base + entry, overlay) if self.draw.random() < 0.3 else (base, overlay + entry)
            folder = "base" if "helmCharts" in base else "overlay"
            self.files = {path.replace("CHART", folder): text for path, text in self.files.items()}
        self.files |= {"base/kustomization.yaml": base, "overlay/kustomization.yaml": overlay}

    def write(self, root: Path) -> None:
        """Lay it out."""
        for path, text in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)

    def _pod(self, number: int) -> str:
        return (
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}}}\nspec:\n  containers:\n"
            f'    - name: main\n      image: "{self._reference()}"\n'
            + (f"      env: [{{name: WORKER_IMAGE, value: '{self._reference()}'}}]\n" if self.draw.random() < 0.3 else "")
        )

    def _reference(self) -> str:
        tag, digest = self.draw.random() < 0.8, self.draw.random() < 0.4
        return f"{self._of(NAMES)}{f':{self._of(TAGS)}' if tag else ''}{f'@{self._of(DIGESTS)}' if digest else ''}"

    def _images(self) -> str:
        entries = [self._entry() for _ in range(self.draw.choice((0, 1, 1, 2)))]
        return "images:\n" + "".join(entries) if entries else ""

    def _entry(self) -> str:
        tag = f":{self._of(TAGS)}" if self.draw.random() < 0.15 else ""
        lines = [f'  - name: "{self._of(NAMES)}{tag}"\n']
        lines += [f"    newName: {self._of(NAMES)}\n"] if self.draw.random() < 0.4 else []
        lines += [f'    newTag: "{self._of(TAGS)}"\n'] if self.draw.random() < 0.7 else []
        lines += [f"    digest: {self._of(DIGESTS)}\n"] if self.draw.random() < 0.3 else []
        return "".join(lines)

    def _patches(self) -> str:
        kind = self.draw.choice(("none", "none", "merge", "json"))
        if kind == "none":
            return ""
        if kind == "json":
            operation = f'[{{op: replace, path: /spec/containers/0/image, value: "{self._reference()}"}}]'
            return f"patches:\n  - target: {{kind: Pod, name: p0}}\n    patch: '{operation}'\n"
        self.files["overlay/patch.yaml"] = self._pod(0)
        return "patches:\n  - path: patch.yaml\n"

    def _chart(self) -> None:
        self.files["CHART/charts/app/Chart.yaml"] = "apiVersion: v2\nname: app\nversion: 0.1.0\n"
        self.files["CHART/charts/app/values.yaml"] = self._block("", whole='""')
        self.files["CHART/charts/app/templates/pod.yaml"] = TEMPLATE % self._of(FORMS)

    def _values(self) -> str:
        text = ""
        if self.draw.random() < 0.6:
            self.files["CHART/values.yaml"] = self._block("", partly=True)
            text += "    valuesFile: values.yaml\n"
        if self.draw.random() < 0.6:
            text += "    valuesInline:\n" + self._block("      ", partly=True)
        return text

    def _block(self, indent: str, *, partly: bool = False, whole: str = "") -> str:
        def said(line: str) -> str:
            return f"{indent}{line}\n" if not partly or self.draw.random() < 0.6 else ""

        digest = self._of((*DIGESTS, '""'))
        image = said(f"  repository: {self._of(NAMES)}") + said(f'  tag: "{self._of(TAGS)}"') + said(f"  digest: {digest}")
        text = f"{indent}image:\n{image}" if image else ""
        text += said(f"whole: {whole or self._reference()}")
        tag = said(f'  tag: "{self._of(TAGS)}"')
        text += f"{indent}global:\n{tag}" if tag else ""
        return text or f"{indent}other: 1\n"

    def _of(self, texts: tuple[str, ...]) -> str:
        return self.draw.choice(texts)
