package main

import (
	"fmt"
	"sort"

	"github.com/Masterminds/sprig/v3"
)

// printFunctions writes the names of the functions that templates may call.
func printFunctions() error {
	known := sprig.GenericFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(known, name)
	}
	names := []string{"normalize", "slugify", "toYaml", "fromYaml", "fromYamlArray"}
	for name := range known {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Println(name)
	}
	return nil
}
