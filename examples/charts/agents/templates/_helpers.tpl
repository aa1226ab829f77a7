{{/* Release "agents" is named agents, any other release NAME-agents. */}}
{{- define "agents.fullname" -}}
{{- if eq .Release.Name .Chart.Name -}}
{{ .Chart.Name }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{/* Takes a list: the root context, the component. */}}
{{- define "agents.selectorLabels" -}}
app.kubernetes.io/name: agents
app.kubernetes.io/instance: {{ (first .).Release.Name }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{- define "agents.labels" -}}
{{ include "agents.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ (first .).Release.Service }}
{{- end -}}

{{/*
The image that a list of values blocks decides. Each field stands alone: the first block's, unless it is empty, then
the last block's. A list of one block has no fallback. The result is YAML, to be read with fromYaml.
*/}}
{{- define "agents.image" -}}
{{- $override := first . | default dict -}}
{{- $fallback := last . | default dict -}}
{{- $repository := $override.repository | default $fallback.repository | default "" -}}
{{- $tag := $override.tag | default $fallback.tag | default "" -}}
{{- $digest := $override.digest | default $fallback.digest | default "" -}}
repository: {{ $repository | quote }}
tag: {{ $tag | quote }}
digest: {{ $digest | quote }}
reference: "{{ $repository }}:{{ $tag }}{{ with $digest }}@{{ . }}{{ end }}"
pullPolicy: {{ $override.pullPolicy | default $fallback.pullPolicy | default "" | quote }}
pullSecrets: {{ $override.pullSecrets | default $fallback.pullSecrets | default list | toJson }}
{{- end -}}

{{- define "agents.controlPlane.image" -}}
{{ include "agents.image" (list .Values.controlPlane.image .Values.image) }}
{{- end -}}

{{- define "agents.controllers.image" -}}
{{ include "agents.image" (list .Values.controllers.image .Values.image) }}
{{- end -}}

{{- define "agents.runner.image" -}}
{{ include "agents.image" (list .Values.runner.image) }}
{{- end -}}

{{- define "agents.argocdHooks.image" -}}
{{ include "agents.image" (list .Values.argocdHooks.image) }}
{{- end -}}

{{/* controlPlane.env.vars wins over env.vars. */}}
{{- define "agents.controlPlane.env" -}}
{{ mergeOverwrite dict .Values.env.vars .Values.controlPlane.env.vars | toYaml }}
{{- end -}}

{{/* controllers.env.vars wins; what the chart manages for the controllers is out of reach of env.vars. */}}
{{- define "agents.controllers.env" -}}
{{- $managed := dict "AGENTS_CONTROL_PLANE_CACHE_ENABLED" "0" "AGENTS_MIGRATIONS" "skip" -}}
{{ mergeOverwrite dict .Values.env.vars $managed .Values.controllers.env.vars | toYaml }}
{{- end -}}

{{/* DATABASE_URL: database.url, else database.secretRef, else nothing. */}}
{{- define "agents.databaseEnv" -}}
{{- if .Values.database.url -}}
- name: DATABASE_URL
  value: {{ .Values.database.url | quote }}
{{- else if .Values.database.secretRef.name -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.secretRef.name }}
      key: {{ .Values.database.secretRef.key }}
{{- end -}}
{{- end -}}
