package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

const (
	maxExtensions    = 10_000 // names have four digits
	perGroup         = 50
	objectsInAFile   = 1000
	extensionsInFile = objectsInAFile / 2 // each comes with its phone
	tenantID         = 12
	tenantName       = "bench"
	tenantPrefix     = "12037"
)

// extension is one generated extension. What it says is both in the files and on
// the server.
type extension struct {
	name, label, status, group string
	phone                      []field
}

// field is one field of a phone.
type field struct {
	name  string
	value any // string, int, bool
}

func groups(n int) int { return (n + perGroup - 1) / perGroup }

func groupName(i int) string { return fmt.Sprintf("Department %03d", i) }

func generate(i int) extension {
	return extension{
		name:   fmt.Sprintf("%04d", i),
		label:  fmt.Sprintf("Person No. %d", i),
		status: []string{"active", "active", "active", "blocked"}[i%4],
		group:  groupName(i / perGroup),
		phone: []field{
			{"label", fmt.Sprintf("Desk %d", i)},
			{"auth_type", []string{"digest", "both"}[i%2]},
			{"external_number", fmt.Sprintf("49301%06d", i)},
			{"hangup_timeout", 15 + i%60},
			{"incoming_limit", i % 5},
			{"record_enabled", i%3 == 0},
			{"vm_enabled", i%2 == 0},
			{"vm_mailto", fmt.Sprintf("person.%d@bench.example", i)},
		},
	}
}

// seed is the tenant as the simulator takes it.
func seed(n int) map[string]any {
	var gs, es []any
	for i := range groups(n) {
		gs = append(gs, map[string]any{"id": groupID(i), "name": groupName(i)})
	}
	for i := range n {
		es = append(es, generate(i).row(groupID(i/perGroup)))
	}
	return map[string]any{"tenants": []any{map[string]any{
		"settings":        map[string]any{"id": tenantID, "name": tenantName, "prefix": tenantPrefix},
		"extension_group": gs,
		"extension":       es,
	}}}
}

func groupID(i int) int { return 500_000 + i }

func (e extension) row(group int) map[string]any {
	phone := map[string]any{}
	for _, f := range e.phone {
		phone[f.name] = f.value
	}
	return map[string]any{"name": e.name, "type": "phone", "label": e.label, "status": e.status,
		"extension_group_id": group, "phone": phone}
}

// seedFile lies beside the tenant's files, which have other names.
const seedFile = "seed.json"

// files writes the tenant's files and its seed: files N DIR.
func files(args []string) error {
	if len(args) != 2 {
		return errors.New("files N DIR")
	}
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	all := tenantFiles(n)
	if all[seedFile], err = json.Marshal(seed(n)); err != nil {
		return err
	}
	for name, data := range all {
		if err := os.WriteFile(filepath.Join(args[1], name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// tenantFiles returns the tenant's files by name.
func tenantFiles(n int) map[string][]byte {
	out := map[string][]byte{}
	var b bytes.Buffer
	b.WriteString(header() + "extension_groups:\n")
	for i := range groups(n) {
		fmt.Fprintf(&b, "  %s: {}\n", groupName(i))
	}
	out["tenant.yaml"] = b.Bytes()
	for from := 0; from < n; from += extensionsInFile {
		out[fmt.Sprintf("extensions-%05d.yaml", from)] = extensionFile(from, min(from+extensionsInFile, n))
	}
	return out
}

func header() string {
	return fmt.Sprintf("version: 1\ntenant: {name: %s, prefix: %q}\n", tenantName, tenantPrefix)
}

func extensionFile(from, to int) []byte {
	var b bytes.Buffer
	b.WriteString("version: 1\nextensions:\n")
	for i := from; i < to; i++ {
		e := generate(i)
		fmt.Fprintf(&b, "  %q:\n    type: phone\n    label: %s\n    extension_group: %s\n    status: %s\n    phone:\n",
			e.name, e.label, e.group, e.status)
		for _, f := range e.phone {
			fmt.Fprintf(&b, "      %s: %s\n", f.name, f.text())
		}
	}
	return b.Bytes()
}

// text writes a value as a file has it: digits that are text in quotes.
func (f field) text() string {
	if s, ok := f.value.(string); ok {
		if _, err := strconv.Atoi(s); err == nil {
			return strconv.Quote(s)
		}
		return s
	}
	return fmt.Sprint(f.value)
}
