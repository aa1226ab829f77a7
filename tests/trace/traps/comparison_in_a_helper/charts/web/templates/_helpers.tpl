{{- define "web.same" -}}
{{- if eq .one .other }}true{{ end -}}
{{- end -}}
