"""Small applications: plain resources, patches, a base with two overlays, a local chart."""

from __future__ import annotations

DIGEST = "sha256:" + "0123456789abcdef" * 4


def deployment(name: str, image: str, comment: str = "", above: str = "") -> str:
    """A Deployment of one container; `comment` stands behind the image, `above` on the line above it."""
    over = f"          {above}\n" if above else ""
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n      containers:\n"
        f"        - name: {name}\n{over}          image: {image}{'  ' + comment if comment else ''}\n"
    )


def kustomization(*resources: str, more: str = "") -> str:
    """A kustomization of some resources."""
    return "resources:\n" + "".join(f"  - {resource}\n" for resource in resources) + more


def plain(image: str = "nginx:1.27", comment: str = "", above: str = "") -> dict[str, str]:
    """An application of one resource."""
    return {"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": deployment("web", image, comment, above)}


def overlays(base: str, *, one: str = "", two: str = "") -> dict[str, str]:
    """A base with two overlays; `one` and `two` are added to their kustomizations."""
    return {
        "base/kustomization.yaml": kustomization("web.yaml"),
        "base/web.yaml": base,
        "one/kustomization.yaml": kustomization("../base", more="namespace: one\n" + one),
        "two/kustomization.yaml": kustomization("../base", more="namespace: two\n" + two),
    }


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "image:\n  repository: nginx\n  tag: 1.27.0\nsidecar: true\n",
    "charts/web/templates/deployment.yaml": (
        "apiVersion: apps/v1\n"
        "kind: Deployment\n"
        "metadata:\n"
        "  name: {{ .Release.Name }}\n"
        "spec:\n"
        "  template:\n"
        "    spec:\n"
        "      containers:\n"
        "        - name: web\n"
        '          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n'
        "        {{- if .Values.sidecar }}\n"
        "        - name: sidecar\n"
        "          image: busybox:1.36\n"
        "        {{- end }}\n"
    ),
}


def chart_app(values: str = "", **files: str) -> dict[str, str]:
    """An application that deploys the chart with a values file."""
    return {
        **CHART,
        "app/values.yaml": values or "image:\n  tag: 1.28.0\n",
        "app/kustomization.yaml": (
            "helmGlobals:\n  chartHome: ../charts\nhelmCharts:\n  - name: web\n    releaseName: web\n    valuesFile: values.yaml\n"
        ),
        **files,
    }
