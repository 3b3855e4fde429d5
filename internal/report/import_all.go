package report

import (
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// ImportAll is what an import of every tenant came to.
type ImportAll struct {
	Version string        `json:"format_version"`
	Folder  string        `json:"folder"`
	Tenants []ImportedOne `json:"tenants"`
	Calls   int           `json:"calls"`
}

// ImportedOne is one tenant of them. Result is its word in the table.
type ImportedOne struct {
	Tenant plan.TenantID `json:"tenant"`
	Folder string        `json:"folder"`
	Result string        `json:"result"`
	Error  string        `json:"error,omitempty"`
	Import *Import       `json:"import,omitempty"`
}

// The results of one tenant.
const (
	ResultClean   = "clean"
	ResultLeft    = "with things left out"
	ResultDoubled = "with doubles"
	ResultForeign = "with fields not known"
	ResultKept    = "there already"
	ResultRefused = "refused"
	ResultFailed  = "failed"
)

// results is the order of the table.
var results = []string{ResultClean, ResultDoubled, ResultForeign, ResultLeft, ResultKept, ResultRefused, ResultFailed}

// Judge finds the word for an import: what a person should look at first.
func (r *Import) Judge() string {
	switch {
	case len(r.Left)+len(r.Missed) > 0:
		return ResultLeft
	case r.Doubled > 0:
		return ResultDoubled
	case len(r.Foreign) > 0:
		return ResultForeign
	}
	return ResultClean
}

// ImportAllText prints a line for each tenant that is not clean, and the table.
func ImportAllText(p *Printer, r *ImportAll) {
	secrets, objects, files, size := map[string]int{}, 0, 0, int64(0)
	counts := map[string]int{}
	for _, t := range r.Tenants {
		counts[t.Result]++
		switch {
		case t.Error != "":
			p.Linef("%s (prefix %s, id %d) %s: %s", Clean(t.Tenant.Name), Clean(t.Tenant.Prefix), t.Tenant.ID, t.Result, t.Error)
		case t.Import != nil:
			for kind, n := range t.Import.Secrets {
				secrets[kind] += n
			}
			for _, n := range t.Import.Objects {
				objects += n
			}
			files, size = files+t.Import.Calls.Downloads, size+t.Import.Calls.Bytes
			if t.Result != ResultClean {
				p.Linef("%s: %s", t.Folder, t.Result)
			}
		}
	}
	p.Linef("%s in %s, %s imported now:", count(len(r.Tenants), "tenant"), r.Folder, count(objects, "object"))
	for _, word := range results {
		if counts[word] > 0 {
			p.Linef("%8s  %s", wording.Thousands(counts[word]), word)
		}
	}
	if len(secrets) > 0 {
		total := 0
		for _, n := range secrets {
			total += n
		}
		p.Linef("%8s  secrets not exported: %s", wording.Thousands(total), amounts(secrets))
	}
	downloaded(p, files, size)
	p.Linef("Calls made: %s.", wording.Thousands(r.Calls))
}
