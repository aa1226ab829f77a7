"""Small local charts, their values, and how a kustomization inflates them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fuzz.texts import ANY, IMAGES, NAMES, ODD, SCALARS, chance, content, written

TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: %s
"""
EXPRESSIONS = (
    '"{{ .Values.image }}"',
    "{{ .Values.image }}",
    '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
    '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"',
    "{{ printf \"%s:%v\" .Values.image.repository .Values.image.tag | quote }}",
    '{{ required "an image is needed" .Values.image }}',
    '{{ include "web.image" . }}',
    '{{ .Files.Get "image.txt" | trim | quote }}',
    '{{ fail "no" }}',
    "{{ .Values.image",
    "{{ randAlphaNum 5 }}:1",
    '{{ if hasPrefix "v" (toString .Values.image) }}a:1{{ else }}b:2{{ end }}',
    '{{ tpl (toString .Values.image) . }}',
    "{{ .Values.image | b64enc }}",
)  # fmt: skip
LURE = TEMPLATE % '{{ regexFind "hunter2-[a-z0-9-]+" (.Files.Get "e.txt") | default "nginx" }}:latest'
"""A template that shows a secret, where its file leads to one."""
VALUES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"image": IMAGES}),
    st.fixed_dictionaries({"image": st.fixed_dictionaries({"repository": IMAGES, "tag": SCALARS})}),
    st.dictionaries(NAMES, ANY, max_size=3),
)


@st.composite
def values_text(draw: st.DrawFn) -> str:
    """The text of a values file, now and then with a scalar that nobody quoted."""
    text = written(draw(VALUES))
    return text + f"tag: {draw(ODD)}\n" if draw(chance(0.1)) else text


@st.composite
def charts(draw: st.DrawFn, folder: str) -> dict[str, bytes]:
    """The files of a chart in `folder`, perhaps with a subchart."""
    files = {
        "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 1.2.3\n",
        "values.yaml": draw(values_text()),
        "templates/web.yaml": TEMPLATE % draw(st.sampled_from(EXPRESSIONS)),
        "templates/_helpers.tpl": '{{ define "web.image" }}{{ .Values.image }}{{ end }}\n',
        "image.txt": draw(IMAGES),
    }
    if draw(chance(0.2)):
        files |= {
            "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
            "charts/s/values.yaml": draw(values_text()),
            "charts/s/templates/s.yaml": (TEMPLATE % EXPRESSIONS[0]).replace("-web", "-s"),
        }
    if draw(chance(0.1)):
        files["values.schema.json"] = draw(st.sampled_from(["{}", '{"type": "object"}', '{"required": ["x"]}', "{", '{"$ref": "#/a"}']))
    return {f"{folder}/{name}": draw(content(text, 0.04)) for name, text in files.items()}


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """An entry of helmCharts."""
    entry: dict[str, Any] = {"name": "web", "releaseName": draw(st.sampled_from(["web", "web", "other", ""]))}
    if draw(st.booleans()):
        entry["valuesFile"] = "values.yaml"
    more = {
        "valuesInline": draw(VALUES),
        "namespace": draw(NAMES),
        "includeCRDs": True,
        "valuesMerge": draw(st.sampled_from(["override", "merge", "replace", "none"])),
        "apiVersions": draw(st.lists(NAMES, max_size=2)),
        "version": draw(st.sampled_from(["1.0.0", "1.0", "", "x"])),
        "additionalValuesFiles": ["more.yaml"],
        "skipTests": True,
        "repo": "http://127.0.0.1:9/",
        "unknown": 1,
    }
    chosen = draw(st.lists(st.sampled_from(sorted(more)), max_size=2)) if draw(chance(0.4)) else []
    return entry | {name: more[name] for name in chosen}
