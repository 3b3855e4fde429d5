package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file/export"
	"pbxsync/schema/wording"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// Import is what import found and wrote, from which every form is made.
type Import struct {
	Version  string              `json:"format_version"`
	Tenant   plan.TenantID       `json:"tenant"`
	Folder   string              `json:"folder,omitempty"`
	Snapshot string              `json:"snapshot,omitempty"`
	Files    []string            `json:"files"`
	Lines    int                 `json:"lines"`
	Objects  map[string]int      `json:"objects"` // by kind
	Coverage *Coverage           `json:"coverage"`
	Calls    *Calls              `json:"calls"`
	Left     schema.Problems     `json:"left_out,omitempty"`
	Warnings schema.Problems     `json:"warnings,omitempty"`          // of the files that were kept
	Missed   []string            `json:"could_not_be_read,omitempty"` // and why
	Doubled  int                 `json:"doubled,omitempty"`
	Unnamed  int                 `json:"unnamed,omitempty"`
	Pinned   map[string]int      `json:"with_an_id,omitempty"`           // objects that the API does not list, by kind
	Secrets  map[string]int      `json:"secrets_not_exported,omitempty"` // objects by kind and field
	Foreign  map[string][]string `json:"fields_not_known_to_this_version,omitempty"`
	Shared   int                 `json:"shared_by_the_dealer,omitempty"`
	Later    map[string]int      `json:"not_managed_by_this_version,omitempty"` // own objects by kind
}

// OfImport makes the report of an import that was proven.
func OfImport(w *observe.Import, e *export.Exported, s *observe.State) *Import {
	r := &Import{Version: ListVersion, Tenant: w.Snapshot.Tenant, Objects: map[string]int{}, Left: e.Left, Doubled: e.Doubled, Unnamed: e.Unnamed, Pinned: e.Pinned,
		Secrets: e.Secrets, Foreign: w.Snapshot.Foreign, Later: map[string]int{}, Calls: &Calls{Calls: w.Calls, Reads: w.Calls.Reads()}}
	for _, u := range w.Missed {
		r.Missed = append(r.Missed, u.String())
	}
	for _, f := range e.Files {
		r.Files = append(r.Files, f.Name)
		r.Lines += strings.Count(string(f.Data), "\n")
	}
	for k, n := range e.Objects {
		r.Objects[k.Word] = n
	}
	for _, o := range w.Live.Objects {
		switch {
		case o.Shared:
			r.Shared++
		case !o.Kind.Managed():
			r.Later[o.Kind.Word]++
		}
	}
	r.Coverage = covered(s, len(s.Diff.Strays))
	r.Coverage.Unread, r.Coverage.Below, r.Coverage.Skipped = []string{}, []Below{}, w.Skipped
	for _, k := range w.Unread {
		r.Coverage.Unread = append(r.Coverage.Unread, k.YAML())
	}
	return r
}

// ImportText prints the report of an import.
func ImportText(p *Printer, r *Import) {
	p.Linef("Tenant %s (prefix %s, id %d)", Clean(r.Tenant.Name), Clean(r.Tenant.Prefix), r.Tenant.ID)
	if r.Folder != "" {
		total := 0
		for _, n := range r.Objects {
			total += n
		}
		p.Linef("Imported: %s in %s of %s: %s", count(total, "object"), count(len(r.Files), "file"), r.Folder, amounts(r.Objects))
	}
	if r.Snapshot != "" {
		p.Linef("Snapshot: %s", r.Snapshot)
	}
	downloaded(p, r.Calls.Downloads, r.Calls.Bytes)
	for _, line := range r.apart() {
		p.Linef("%s", line)
	}
	p.Linef("Coverage: %s.", r.Coverage.Line())
	p.Linef("Calls made: %s.", r.Calls.Line())
}

func downloaded(p *Printer, files int, size int64) {
	if files > 0 {
		p.Linef("Downloaded: %s, %s bytes.", count(files, "file"), wording.Thousands(int(size)))
	}
}

// apart lists what is not in the files, and why.
func (r *Import) apart() []string {
	var lines []string
	for _, what := range r.Missed {
		lines = append(lines, "Could not be read: "+Clean(what))
	}
	if len(r.Left) > 0 {
		lines = append(lines, "Left out: "+count(len(r.Left), "thing")+" that no file can say, named above.")
	}
	if r.Doubled > 0 {
		lines = append(lines, "Doubled: "+count(r.Doubled, "object")+" that share their name with another one have an id, which holds in this tenant only.")
	}
	if r.Unnamed > 0 {
		lines = append(lines, "Unnamed: "+count(r.Unnamed, "object")+" without a name in the tenant; a handle and an id stand for each, which holds in this tenant only.")
	}
	if len(r.Pinned) > 0 {
		lines = append(lines, "Known from run records only: "+amounts(r.Pinned)+"; each has an id, which holds in this tenant only.")
	}
	if len(r.Secrets) > 0 {
		lines = append(lines, "Not exported: "+amounts(r.Secrets)+". An apply leaves them as they are.")
	}
	if r.Shared > 0 {
		lines = append(lines, "Shared by the dealer, and not the tenant's: "+count(r.Shared, "object")+".")
	}
	if len(r.Later) > 0 {
		lines = append(lines, "Not managed by this version, only referred to: "+amounts(r.Later)+".")
	}
	if len(r.Foreign) > 0 {
		var parts []string
		for _, kind := range slices.Sorted(maps.Keys(r.Foreign)) {
			parts = append(parts, kind+"."+strings.Join(r.Foreign[kind], ", "+kind+"."))
		}
		lines = append(lines, "Fields that this version does not know: "+Clean(strings.Join(parts, ", "))+".")
	}
	return lines
}

// amounts lists words with their numbers, the greatest first.
func amounts(m map[string]int) string {
	keys := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(keys, func(a, b string) int { return m[b] - m[a] })
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = fmt.Sprintf("%s %s", wording.Thousands(m[k]), k)
	}
	return strings.Join(parts, ", ")
}
