// Command docs writes the pages that are made from the program itself: the
// reference of kinds, of the keywords in their files, of the commands and of the
// API's operations, and the published JSON Schemas of tenant files and of reports. Run it from anywhere in the module:
//
//	go run ./internal/docs
//
// It may not hold text that the program or the catalogue already has; a test
// fails when a page is stale.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pbxsync/schema"
	"pbxsync/schema/published"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	pages, err := generate(root)
	if err != nil {
		return err
	}
	for _, p := range pages {
		path := filepath.Join(root, filepath.FromSlash(p.path))
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, p.text) {
			continue
		}
		if err := os.WriteFile(path, p.text, 0o644); err != nil {
			return err
		}
		fmt.Println("wrote", p.path)
	}
	return nil
}

// page is one generated file.
type page struct {
	path string // below the module's root, with slashes
	text []byte
}

// generate makes every page. The same program and catalogue give the same bytes.
func generate(root string) ([]page, error) {
	c := schema.Builtin()
	meta, err := os.ReadFile(filepath.Join(root, "schema", "meta.schema.json"))
	if err != nil {
		return nil, err
	}
	keywords, err := keywordsPage(meta)
	if err != nil {
		return nil, err
	}
	contract, unused, err := readOperations(root)
	if err != nil {
		return nil, err
	}
	operations, err := operationsPage(c, contract, unused)
	if err != nil {
		return nil, err
	}
	reports, err := reportSchema(root)
	if err != nil {
		return nil, err
	}
	return []page{
		{"docs/report.schema.json", reports},
		{"docs/checks.md", checksPage()},
		{"docs/cli.md", commandsPage(c)},
		{"docs/faults.md", faultsPage()},
		{"docs/keywords.md", keywords},
		{"docs/kinds.md", kindsPage(c)},
		{"docs/operations.md", operations},
		{"docs/risks.md", risksPage(c)},
		{"schema/tenant.schema.json", published.Schema(c)},
	}, nil
}

// moduleRoot looks upwards for the folder of go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod here or above; run it inside the module")
		}
		dir = up
	}
}
