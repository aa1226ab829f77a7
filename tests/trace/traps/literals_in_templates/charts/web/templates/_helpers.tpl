{{/* web.exporter is ghcr.io/acme/exporter:v7 */}}
{{- define "web.exporter" -}}
ghcr.io/acme/exporter:v7
{{- end -}}
{{- define "web.tag" -}}
{{- default "v3.2.1" .Values.tag -}}
{{- end -}}
