// The oracle: what Argo CD itself makes of Applications and ApplicationSets. Its output is the expected half of the cases beside it.
//
//	git clone https://github.com/argoproj/argo-cd && mkdir argo-cd/oracle && cp *.go argo-cd/oracle && cd argo-cd && go build -o /tmp/oracle ./oracle
//	PATH=<kustomize and helm>:$PATH /tmp/oracle manifests tests/deploy/argocd/manifests/*
//	/tmp/oracle sets tests/deploy/argocd/sets/*.yaml
//	/tmp/oracle types > agentslint/deploy/sets/types.json
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	log "github.com/sirupsen/logrus"
	"sigs.k8s.io/yaml"
)

const ourURL = "https://git.example.com/acme/gitops.git"

func main() {
	log.SetOutput(io.Discard)
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: oracle manifests|sets|types|functions [FOLDER...]"))
	}
	runs := map[string]func(string) error{"manifests": manifestsCase, "sets": setGroup}
	if os.Args[1] == "functions" {
		fail(printFunctions())
		return
	}
	if os.Args[1] == "types" {
		fail(printTypes())
		return
	}
	for _, folder := range os.Args[2:] {
		if err := runs[os.Args[1]](folder); err != nil {
			fail(fmt.Errorf("%s: %w", folder, err))
		}
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// read fills `into` from a file of the case; a file that is not there leaves it as it is.
func read(folder, name string, into any) error {
	text, err := os.ReadFile(filepath.Join(folder, name))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return yaml.Unmarshal(text, into)
}

func write(folder, name, text string) error {
	return os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644)
}
