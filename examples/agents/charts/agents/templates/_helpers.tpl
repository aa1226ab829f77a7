{{- define "agents.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- define "agents.image" -}}
{{ .repository }}:{{ .tag }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}

{{/* Variables that both Deployments have; `env.vars` gives way to those of the component. */}}
{{- define "agents.env" -}}
- name: AGENTS_SERVER_PROFILE
  value: {{ .profile }}
- name: AGENTS_AGENT_RUNNER_IMAGE
  value: {{ include "agents.image" .root.Values.runner.image }}
- name: NATS_URL
  value: {{ .root.Values.agentComms.nats.url }}
{{- range $name, $value := merge (deepCopy .own) .root.Values.env.vars }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
