package main

import (
	"context"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/chartutil"
	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// values does what helm-controller does to find the values of a HelmRelease.
func values(folder string) (string, error) {
	u, err := object(folder)
	if err != nil {
		return "", err
	}
	c, err := cluster(folder)
	if err != nil {
		return "", err
	}
	written, _, _ := unstructured.NestedMap(u.Object, "spec", "values")
	listed, _, _ := unstructured.NestedSlice(u.Object, "spec", "valuesFrom")
	refs := []meta.ValuesReference{}
	for _, each := range listed {
		ref := meta.ValuesReference{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(each.(map[string]any), &ref); err != nil {
			return "", err
		}
		refs = append(refs, ref)
	}
	found, err := chartutil.ChartValuesFromReferences(context.Background(), logr.Discard(), c, u.GetNamespace(), written, refs...)
	if err != nil {
		return "", err
	}
	text, err := yaml.Marshal(found)
	return string(text), err
}
