package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

// printTypes writes the fields of both objects, each with its type, as encoding/json reads them.
func printTypes() error {
	meta := map[string]any{"name": "string", "namespace": "string", "labels": []any{"map", "string"}, "annotations": []any{"map", "string"}, "finalizers": []any{"list", "string"}}
	said := map[string]any{
		"@application": map[string]any{"metadata": meta, "spec": typed(reflect.TypeFor[v1alpha1.ApplicationSpec]())},
		"@set":         typed(reflect.TypeFor[v1alpha1.ApplicationSetSpec]()),
		"@generator":   struct1(reflect.TypeFor[v1alpha1.ApplicationSetGenerator]()),
	}
	text, err := json.Marshal(said)
	fmt.Println(string(text))
	return err
}

func typed(t reflect.Type) any {
	switch {
	case t.Kind() == reflect.Pointer:
		return typed(t.Elem())
	case strings.HasSuffix(t.String(), "JSON") || strings.HasSuffix(t.String(), "RawExtension"):
		return "any"
	case t == reflect.TypeFor[v1alpha1.ApplicationSetTemplate]():
		return "@application"
	case t == reflect.TypeFor[v1alpha1.ApplicationSetNestedGenerator](), t == reflect.TypeFor[v1alpha1.ApplicationSetGenerator]():
		return "@generator"
	case strings.HasSuffix(t.String(), "IntOrString"):
		return "int or string"
	case strings.HasPrefix(t.String(), "v1.Time") || strings.HasPrefix(t.String(), "v1.Duration"):
		return "string"
	}
	switch t.Kind() {
	case reflect.Struct:
		fields := map[string]any{}
		addFields(t, fields)
		return fields
	case reflect.Map:
		return []any{"map", typed(t.Elem())}
	case reflect.Slice:
		return []any{"list", typed(t.Elem())}
	case reflect.Interface:
		return "any"
	case reflect.String, reflect.Bool:
		return t.Kind().String()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "int"
	}
	panic(t.String())
}

func addFields(t reflect.Type, fields map[string]any) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		if name == "" && field.Anonymous {
			embedded := field.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			addFields(embedded, fields)
			continue
		}
		fields[name] = typed(field.Type)
	}
}

func struct1(t reflect.Type) map[string]any {
	fields := map[string]any{}
	addFields(t, fields)
	return fields
}
