// The oracle: what an API server makes of custom resources. Its output is the expected half of the cases beside it.
//
//	cd tests/schemas/apiserver/oracle && go mod init oracle && go get k8s.io/apiextensions-apiserver@v0.37.0 && go mod tidy
//	go build -o /tmp/oracle . && /tmp/oracle ../cases/*.yaml
//
// It takes the steps of `apiserver/customresource_handler.go` and `registry/customresource/strategy.go` in their order: prune, drop
// nulls, coerce metadata, default, validate.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuralcel "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// Case is a schema and the objects that are held against it. With `spec`, both are those of the field `spec` alone.
type Case struct {
	Name    string                     `json:"name"`
	Schema  json.RawMessage            `json:"schema,omitempty"`
	Spec    json.RawMessage            `json:"spec,omitempty"`
	Objects map[string]json.RawMessage `json:"objects"`
}

// Outcome is what becomes of one object.
type Outcome struct {
	Dropped []string  `json:"dropped"`
	Object  any       `json:"object"`
	Errors  []Refusal `json:"errors"`
}

// Refusal is one error of the API server.
type Refusal struct {
	Type   string `json:"type"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func main() {
	for _, path := range os.Args[1:] {
		data, err := os.ReadFile(path)
		fail(err)
		var cases []Case
		fail(yaml.UnmarshalStrict(data, &cases))
		found := map[string]map[string]Outcome{}
		for _, each := range cases {
			found[each.Name] = judged(each)
		}
		out, err := json.MarshalIndent(found, "", " ")
		fail(err)
		fail(os.WriteFile(strings.TrimSuffix(path, ".yaml")+".expected.json", append(out, '\n'), 0o644))
	}
}

func judged(each Case) map[string]Outcome {
	raw := each.Schema
	if each.Spec != nil {
		raw = json.RawMessage(fmt.Sprintf(`{"type":"object","properties":{"spec":%s}}`, each.Spec))
	}
	var versioned v1.JSONSchemaProps
	fail(json.Unmarshal(raw, &versioned))
	var internal apiextensions.JSONSchemaProps
	fail(v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&versioned, &internal, nil))
	structural, err := schema.NewStructural(&internal)
	if err == nil {
		if errs := schema.ValidateStructural(nil, structural); len(errs) > 0 {
			err = errs.ToAggregate()
		}
	}
	if err != nil {
		fail(fmt.Errorf("%s: %w", each.Name, err))
	}
	fail(defaulting.PruneDefaults(structural))
	validator, _, err := validation.NewSchemaValidator(&internal)
	fail(err)
	found := map[string]Outcome{}
	for name, object := range each.Objects {
		body := map[string]any{}
		if each.Spec != nil {
			object = json.RawMessage(fmt.Sprintf(`{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":%s}`, object))
		}
		fail(utiljson.Unmarshal(object, &body))
		found[name] = outcome(body, structural, validator)
	}
	return found
}

func outcome(body map[string]any, structural *schema.Structural, validator validation.SchemaValidator) Outcome {
	dropped, errs := decoded(body, structural)
	if errs == nil {
		errs = append(errs, validation.ValidateCustomResource(nil, body, validator)...)
		errs = append(errs, objectmeta.Validate(context.Background(), nil, body, structural, false)...)
		errs = append(errs, listtype.ValidateListSetsAndMaps(nil, structural, body)...)
		if rules := structuralcel.NewValidator(structural, true, celconfig.PerCallLimit); rules != nil && !blocks(errs) {
			found, _ := rules.Validate(context.Background(), nil, structural, body, nil, celconfig.RuntimeCELCostBudget)
			errs = append(errs, found...)
		}
	}
	refusals := []Refusal{}
	for _, err := range errs {
		refusals = append(refusals, Refusal{string(err.Type), err.Field, err.ErrorBody()})
	}
	sort.Slice(refusals, func(i, j int) bool {
		return refusals[i].Field+refusals[i].Detail < refusals[j].Field+refusals[j].Detail
	})
	return Outcome{dropped, body, refusals}
}

// decoded does what happens while an object is read: it is changed in place.
func decoded(body map[string]any, structural *schema.Structural) ([]string, field.ErrorList) {
	metadata, found, unknown, err := objectmeta.GetObjectMetaWithOptions(body, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return []string{}, field.ErrorList{field.Invalid(field.NewPath("metadata"), "", err.Error())}
	}
	dropped := append([]string{}, unknown...)
	options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	dropped = append(dropped, pruning.PruneWithOptions(body, structural, true, options)...)
	defaulting.PruneNonNullableNullsWithoutDefaults(body, structural)
	problem, paths := objectmeta.CoerceWithOptions(nil, body, structural, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if problem != nil {
		return dropped, field.ErrorList{problem}
	}
	dropped = append(dropped, paths...)
	if found {
		fail(objectmeta.SetObjectMeta(body, metadata))
		if kept, ok := body["metadata"].(map[string]any); ok && metadata.CreationTimestamp.IsZero() {
			delete(kept, "creationTimestamp")
		}
	}
	defaulting.Default(body, structural)
	sort.Strings(dropped)
	return dropped, nil
}

// blocks is `hasBlockingErr`: after such errors no rule is asked.
func blocks(errs field.ErrorList) bool {
	for _, err := range errs {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		}
	}
	return false
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
