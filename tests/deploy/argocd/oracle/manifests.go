package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
)

const revision = "0123456789abcdef0123456789abcdef01234567"

// options are those of the installation and the destination: `oracle.yaml` of a case.
type options struct {
	BuildOptions     string   `json:"buildOptions"`
	KubeVersion      string   `json:"kubeVersion"`
	APIVersions      []string `json:"apiVersions"`
	ValuesFileScheme []string `json:"valuesFileSchemes"`
}

func manifestsCase(folder string) error {
	for _, old := range []string{"error.txt", "expected.yaml", "commands.txt"} {
		_ = os.Remove(filepath.Join(folder, old))
	}
	app := v1alpha1.Application{}
	if err := read(folder, "application.yaml", &app); err != nil {
		return err
	}
	opts := options{BuildOptions: "--enable-helm"}
	if err := read(folder, "oracle.yaml", &opts); err != nil {
		return err
	}
	var documents, commands []string
	for number, source := range app.Spec.GetSources() {
		if source.IsRef() && source.Path == "" && source.Chart == "" {
			continue
		}
		response, root, err := generate(folder, &app, source, opts)
		if response != nil {
			commands = append(commands, fmt.Sprintf("# source %d: %s", number, response.SourceType))
			for _, command := range response.Commands {
				commands = append(commands, steady(command, root))
			}
		}
		if err != nil {
			return write(folder, "error.txt", steady(err.Error(), root)+"\n")
		}
		for _, manifest := range response.Manifests {
			text, err := yaml.JSONToYAML([]byte(manifest))
			if err != nil {
				return err
			}
			documents = append(documents, string(text))
		}
	}
	if err := write(folder, "commands.txt", strings.Join(commands, "\n")+"\n"); err != nil {
		return err
	}
	return write(folder, "expected.yaml", strings.Join(documents, "---\n"))
}

func generate(folder string, app *v1alpha1.Application, source v1alpha1.ApplicationSource, opts options) (*apiclient.ManifestResponse, string, error) {
	root, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return nil, root, err
	}
	defer os.RemoveAll(root)
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, root, err
	}
	if err := os.CopyFS(root, os.DirFS(filepath.Join(folder, "repo"))); err != nil {
		return nil, root, err
	}
	refs, paths := map[string]*v1alpha1.RefTarget{}, utilio.NewRandomizedTempPaths(os.TempDir())
	for _, each := range app.Spec.GetSources() {
		if each.Ref != "" {
			refs["$"+each.Ref] = &v1alpha1.RefTarget{Repo: v1alpha1.Repository{Repo: each.RepoURL}, TargetRevision: each.TargetRevision}
		}
	}
	paths.Add(git.NormalizeGitURL(ourURL), root)
	path, err := repositoryPath(root, source)
	if err != nil {
		return nil, root, err
	}
	response, err := repository.GenerateManifests(context.Background(), path, root, revision, &apiclient.ManifestRequest{
		Repo:               &v1alpha1.Repository{Repo: source.RepoURL},
		Revision:           source.TargetRevision,
		AppName:            app.Name,
		Namespace:          app.Spec.Destination.Namespace,
		ProjectName:        app.Spec.Project,
		ApplicationSource:  &source,
		KustomizeOptions:   &v1alpha1.KustomizeOptions{BuildOptions: opts.BuildOptions},
		KubeVersion:        opts.KubeVersion,
		ApiVersions:        opts.APIVersions,
		TrackingMethod:     "annotation",
		HelmOptions:        &v1alpha1.HelmOptions{ValuesFileSchemes: opts.ValuesFileScheme},
		HasMultipleSources: app.Spec.HasMultipleSources(),
		RefSources:         refs,
	}, true, nil, resource.MustParse("0"), paths)
	return response, root, err
}

func repositoryPath(root string, source v1alpha1.ApplicationSource) (string, error) {
	path := filepath.Join(root, source.Path)
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("%s: app path does not exist", source.Path)
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s: app path is not a directory", source.Path)
	}
	return path, nil
}

var uuid = regexp.MustCompile(`(/tmp/)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
var traced = regexp.MustCompile(` \(retry[^)]*\)`)

// steady replaces the names of temporary files.
func steady(text, root string) string {
	text, _, _ = strings.Cut(text, "\nUsage:\n")
	text = strings.ReplaceAll(text, root, "REPO")
	return traced.ReplaceAllString(uuid.ReplaceAllString(text, "VALUES"), "")
}
