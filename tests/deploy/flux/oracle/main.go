// The oracle: what Flux itself makes of Kustomizations and of the values of HelmReleases. Its output is the expected half of the cases beside it.
//
//	cd tests/deploy/flux/oracle && go mod tidy && go build -o /tmp/oracle .
//	/tmp/oracle kustomizations tests/deploy/flux/kustomizations/*
//	/tmp/oracle values tests/deploy/flux/values/*
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/kustomize"
	ssautil "github.com/fluxcd/pkg/ssa/utils"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"
)

func main() {
	runs := map[string]func(string) (string, error){"kustomizations": build, "values": values}
	if len(os.Args) < 2 || runs[os.Args[1]] == nil {
		fail(fmt.Errorf("usage: oracle kustomizations|values FOLDER..."))
	}
	for _, folder := range os.Args[2:] {
		for _, old := range []string{"error.txt", "expected.yaml"} {
			_ = os.Remove(filepath.Join(folder, old))
		}
		text, err := runs[os.Args[1]](folder)
		name := "expected.yaml"
		if err != nil {
			name, text = "error.txt", err.Error()+"\n"
		}
		fail(os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// object reads the object of a case, as the API server would hand it out.
func object(folder string) (unstructured.Unstructured, error) {
	u := unstructured.Unstructured{}
	data, err := os.ReadFile(filepath.Join(folder, "object.yaml"))
	if err != nil {
		return u, err
	}
	data, err = yaml.YAMLToJSON(data)
	if err != nil {
		return u, err
	}
	return u, u.UnmarshalJSON(data)
}

// cluster holds the ConfigMaps and Secrets of `cluster.yaml`.
func cluster(folder string) (client.Client, error) {
	scheme := runtime.NewScheme()
	fail(corev1.AddToScheme(scheme))
	builder := fake.NewClientBuilder().WithScheme(scheme)
	file, err := os.Open(filepath.Join(folder, "cluster.yaml"))
	if os.IsNotExist(err) {
		return builder.Build(), nil
	}
	defer file.Close()
	decoder := utilyaml.NewYAMLOrJSONDecoder(file, 4096)
	for {
		u := unstructured.Unstructured{}
		if err := decoder.Decode(&u.Object); err != nil || u.Object == nil {
			return builder.Build(), nil
		}
		var typed client.Object = &corev1.ConfigMap{}
		if u.GetKind() == "Secret" {
			typed = &corev1.Secret{}
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, typed); err != nil {
			return nil, err
		}
		if secret, ok := typed.(*corev1.Secret); ok {
			if secret.Data == nil {
				secret.Data = map[string][]byte{}
			}
			for key, text := range secret.StringData {
				secret.Data[key] = []byte(text)
			}
		}
		builder = builder.WithObjects(typed)
	}
}

// build does what `generate`, `build` and `apply` of kustomize-controller's KustomizationReconciler do to manifests.
func build(folder string) (string, error) {
	u, err := object(folder)
	if err != nil {
		return "", err
	}
	root, err := os.MkdirTemp("", "flux")
	fail(err)
	root, err = filepath.EvalSymlinks(root)
	fail(err)
	defer os.RemoveAll(root)
	fail(os.CopyFS(root, os.DirFS(filepath.Join(folder, "repo"))))
	path, _, _ := unstructured.NestedString(u.Object, "spec", "path")
	dir := filepath.Join(root, filepath.Clean("/"+path))
	steady := func(err error) error { return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), root, "REPO")) }
	if _, err := kustomize.NewGenerator(root, u).WriteFile(dir); err != nil {
		return "", steady(err)
	}
	resources, err := kustomize.SecureBuild(root, dir, false)
	if err != nil {
		return "", steady(err)
	}
	_, hasPostBuild, _ := unstructured.NestedMap(u.Object, "spec", "postBuild")
	strategy, _, _ := unstructured.NestedString(u.Object, "spec", "postBuild", "substituteStrategy")
	c, err := cluster(folder)
	if err != nil {
		return "", err
	}
	for _, resource := range resources.Resources() {
		if resource.GetName() == "" || resource.GetKind() == "" || resource.GetApiVersion() == "" {
			return "", fmt.Errorf("no apiVersion, kind or name")
		}
		if !hasPostBuild {
			continue
		}
		done, err := kustomize.SubstituteVariables(context.Background(), c, u, resource, kustomize.SubstituteWithAlways(strategy == "Always"))
		if err != nil {
			return "", steady(err)
		}
		if done != nil {
			if _, err := resources.Replace(resource); err != nil {
				return "", err
			}
		}
	}
	text, err := resources.AsYaml()
	if err != nil {
		return "", err
	}
	objects, err := ssautil.ReadObjects(strings.NewReader(string(text)))
	if err != nil {
		return "", err
	}
	labels, _, _ := unstructured.NestedStringMap(u.Object, "spec", "commonMetadata", "labels")
	annotations, _, _ := unstructured.NestedStringMap(u.Object, "spec", "commonMetadata", "annotations")
	if len(labels) > 0 || len(annotations) > 0 {
		ssautil.SetCommonMetadata(objects, labels, annotations)
	}
	parts := []string{}
	for _, each := range objects {
		part, err := yaml.Marshal(each.Object)
		if err != nil {
			return "", err
		}
		parts = append(parts, string(part))
	}
	return strings.Join(parts, "---\n"), nil
}
