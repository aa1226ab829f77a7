{{- define "app.container" -}}
{{- $override := .Values.server.image -}}
- name: server
  image: "{{ $override.repository | default .Values.image.repository }}:{{ .Values.image.tag }}"
{{- end -}}
