package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	log "github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

// cluster is one that Argo CD knows.
type cluster struct {
	Name        string            `json:"name"`
	Server      string            `json:"server"`
	Project     string            `json:"project"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// group is a file of cases: each names a tree and the clusters that it is expanded with. A case that is a single template stands
// for the group's frame with that template, and with its options, in place of TEMPLATE and OPTIONS.
type group struct {
	Frame    string                       `json:"frame"`
	Trees    map[string]map[string]string `json:"trees"`
	Clusters map[string][]cluster         `json:"clusters"`
	Cases    map[string]struct {
		Tree     string `json:"tree"`
		Clusters string `json:"clusters"`
		Set      string `json:"set"`
		Template string `json:"template"`
		Options  string `json:"options"`
	} `json:"cases"`
}

// outcome is what Argo CD made of a set: the Applications by name, and the first error.
type outcome struct {
	Applications []map[string]any `json:"applications"`
	Error        string           `json:"error,omitempty"`
}

func setGroup(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	cases := group{}
	if err := yaml.Unmarshal(text, &cases); err != nil {
		return err
	}
	said := map[string]outcome{}
	for name, each := range cases.Cases {
		if each.Template != "" {
			quoted, err := json.Marshal(each.Template)
			if err != nil {
				return err
			}
			each.Set = strings.NewReplacer("TEMPLATE", string(quoted), "OPTIONS", each.Options).Replace(cases.Frame)
		}
		if said[name], err = setCase(each.Set, cases.Trees[each.Tree], cases.Clusters[each.Clusters]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	written := bytes.Buffer{}
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(said); err != nil {
		return err
	}
	return os.WriteFile(strings.TrimSuffix(file, ".yaml")+".expected.json", written.Bytes(), 0o644)
}

func setCase(text string, tree map[string]string, clusters []cluster) (outcome, error) {
	set := v1alpha1.ApplicationSet{}
	if err := yaml.Unmarshal([]byte(text), &set); err != nil {
		return outcome{Error: err.Error()}, nil
	}
	root, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return outcome{}, err
	}
	defer os.RemoveAll(root)
	for path, content := range tree {
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return outcome{}, err
		}
		if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
			return outcome{}, err
		}
	}
	known, err := fakeClient(&set, clusters)
	if err != nil {
		return outcome{}, err
	}
	all := generators.GetGenerators(context.Background(), known, nil, "argocd", repos{root}, nil, generators.SCMConfig{}, nil)
	for _, name := range []string{"SCMProvider", "PullRequest", "Plugin", "ClusterDecisionResource"} {
		delete(all, name)
	}
	apps, failed := generated(&set, all, known)
	sort.SliceStable(apps, func(i, j int) bool { return apps[i].Name < apps[j].Name })
	said := outcome{Applications: []map[string]any{}}
	if failed != nil {
		said.Error = failed.Error()
	}
	for _, app := range apps {
		data, err := json.Marshal(app)
		if err != nil {
			return outcome{}, err
		}
		plain := map[string]any{}
		if err := json.Unmarshal(data, &plain); err != nil {
			return outcome{}, err
		}
		delete(plain, "status")
		said.Applications = append(said.Applications, plain)
	}
	return said, nil
}

func generated(set *v1alpha1.ApplicationSet, all map[string]generators.Generator, known client.Client) (apps []v1alpha1.Application, failed error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			failed = fmt.Errorf("panic: %v", panicked)
		}
	}()
	if err := utils.CheckInvalidGenerators(set); err != nil {
		failed = err
	}
	found, _, err := template.GenerateApplications(log.NewEntry(log.StandardLogger()), *set, all, &utils.Render{}, known)
	if err != nil {
		failed = err
	}
	return found, failed
}

func fakeClient(set *v1alpha1.ApplicationSet, clusters []cluster) (client.Client, error) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	if err := corev1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	objects := []client.Object{}
	names := map[string]bool{"default": true}
	if project := set.Spec.Template.Spec.Project; project != "" && !strings.Contains(project, "{{") {
		names[project] = true
	}
	for name := range names {
		objects = append(objects, &v1alpha1.AppProject{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "argocd"}})
	}
	for number, each := range clusters {
		labels := map[string]string{"argocd.argoproj.io/secret-type": "cluster"}
		for key, value := range each.Labels {
			labels[key] = value
		}
		data := map[string][]byte{"name": []byte(each.Name), "server": []byte(each.Server)}
		if each.Project != "" {
			data["project"] = []byte(each.Project)
		}
		meta := metav1.ObjectMeta{Name: fmt.Sprintf("cluster-%d", number), Namespace: "argocd", Labels: labels, Annotations: each.Annotations}
		objects = append(objects, &corev1.Secret{ObjectMeta: meta, Data: data})
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build(), nil
}

// repos is a folder that stands for our repository, as the repo-server reads its checkout.
type repos struct{ root string }

func (r repos) GetFiles(_ context.Context, url, _, _, pattern string, _ bool, _ *v1alpha1.SourceIntegrity) (map[string][]byte, error) {
	if url != ourURL {
		return nil, fmt.Errorf("unknown repository %s", url)
	}
	copied, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(copied)
	if _, err := os.Stat(r.root); err == nil {
		if err := os.CopyFS(copied, os.DirFS(r.root)); err != nil {
			return nil, err
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-f", "."}} {
		command := exec.Command("git", args...)
		command.Dir = copied
		if err := command.Run(); err != nil {
			return nil, err
		}
	}
	command := exec.Command("git", "ls-files", "--full-name", "-z", "--", pattern)
	command.Dir = copied
	listed, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	found := map[string][]byte{}
	for _, name := range strings.Split(strings.TrimSuffix(string(listed), "\000"), "\000") {
		if name == "" {
			continue
		}
		if found[name], err = os.ReadFile(filepath.Join(copied, name)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (r repos) GetDirectories(_ context.Context, url, _, _ string, _ bool, _ *v1alpha1.SourceIntegrity) ([]string, error) {
	if url != ourURL {
		return nil, fmt.Errorf("unknown repository %s", url)
	}
	var paths []string
	err := filepath.WalkDir(r.root, func(path string, entry fs.DirEntry, failed error) error {
		if failed != nil || !entry.IsDir() {
			return failed
		}
		if path != r.root && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		relative, err := filepath.Rel(r.root, path)
		if err == nil && relative != "." {
			paths = append(paths, relative)
		}
		return err
	})
	return paths, err
}
