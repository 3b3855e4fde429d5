package cli

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/earlier"
	"pbxsync/internal/exit"
	"pbxsync/internal/policy"
	"pbxsync/internal/report"
	"pbxsync/internal/savedplan"
	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/review"
	"pbxsync/schema/risk"
	"pbxsync/sync"
	"pbxsync/sync/plan"
)

// This file is about what is found elsewhere: the base, and the rules by which a plan is reviewed.

func baseFlag() ucli.Flag {
	return &ucli.StringFlag{Name: earlier.Base, Usage: "what the tenant was like when it was accepted: a `REVISION` of git, a folder of earlier files, or a snapshot; without it, as run records tell"}
}

func rulesFlag() ucli.Flag {
	return &ucli.StringFlag{Name: earlier.Rules, Usage: "where the rules of the review are: a `REVISION` of git, or a folder; then review, accept, unmanaged, protected and policies are those from there"}
}

// ruled says where the rules of the review are.
type ruled struct {
	by     string // a revision or a folder
	stated bool   // else the files say them
}

func ruledOf(c *ucli.Context) ruled { return ruled{c.String(earlier.Rules), c.IsSet(earlier.Rules)} }

// elsewhere finds what flags name.
type elsewhere struct{ *Program }

func (p *Program) elsewhere() elsewhere { return elsewhere{p} }

func (p elsewhere) finder(flag string) earlier.Finder {
	return earlier.Finder{Flag: flag, Catalogue: p.Catalogue, Files: p.files(), Getenv: p.Getenv, Stop: p.Stop}
}

// base finds what --base names, nil where it is not stated.
func (p elsewhere) base(ctx context.Context, o *common, j *job) (*sync.Base, error) {
	if !o.stated[earlier.Base] {
		return nil, nil
	}
	return p.finder(earlier.Base).Base(ctx, o.base, j.place())
}

// place is where the files of a job are, also where a saved plan stands in their place.
func (j *job) place() string {
	if filepath.Ext(j.where) == savedplan.Ext {
		return j.dir
	}
	return j.where
}

// reviewed is by what a plan is reviewed.
type reviewed struct {
	own  *review.Rules   // what the files say, nil of a saved plan
	from *earlier.Ruling // what holds in place of it, nil where that does
	set  policy.Set      // the policies that hold
	at   schema.Place    // of the tenant in the files
}

// rules finds by what plans of a tenant are reviewed. The rules that --rules names are imposed
// on the tenant, which is nil for a saved plan.
func (p elsewhere) rules(o ruled, where, dir string, t *schema.Tenant) (*reviewed, error) {
	files, known, err := p.files().Policies(dir)
	if err != nil {
		return nil, err
	}
	set, problems := policy.Parse(p.Catalogue, files)
	if problems.Err() != nil {
		return nil, problems
	}
	r := &reviewed{set: set}
	if t != nil {
		r.own, r.at = &review.Rules{List: append(review.Of(t), set.Rules()...), Policies: known}, t.Place
	}
	if !o.stated {
		return r, nil
	}
	ctx, cancel := untilStop(p.whole, p.Stop)
	defer cancel()
	if r.from, err = p.finder(earlier.Rules).Ruling(ctx, o.by, where, t); err != nil {
		return nil, err
	}
	if r.from.Policies {
		r.set = r.from.Set
	}
	if t != nil {
		r.from.Impose(t)
	}
	return r, nil
}

// holding are the rules that hold.
func (r *reviewed) holding() *review.Rules {
	if r.from != nil {
		return r.from.Rules
	}
	return r.own
}

// judge holds a plan against the policies.
func (r *reviewed) judge(now *sync.Planned) []plan.Finding {
	if len(r.set) == 0 {
		return nil
	}
	return r.set.Judge(policy.Of(&now.State.Basis, now.Plan))
}

// told notes in a report what files change of their own review: beside the rules that hold, or
// those of the base.
func (r *reviewed) told(to *report.Report, b *sync.Base) {
	switch {
	case r == nil || r.own == nil:
	case r.from != nil:
		to.Rules = report.OfRules(r.from.Where, true, r.at, review.Compare(r.from.Rules, r.own))
	case b != nil:
		to.Rules = report.OfRules((&report.Base{Source: b.Source, Where: b.Where}).Name(), false, r.at, review.Compare(b.Rules, r.own))
	}
}

// lacks says which rules a saved plan was not made by, so that nobody has looked whether it keeps
// them; "" where there is none.
func (r *reviewed) lacks(saved *savedplan.Plan) error {
	if r.from == nil {
		return nil
	}
	var missing []string
	for _, x := range r.from.List {
		if x.Word == reserved.Review && !slices.ContainsFunc(saved.Value.Review, func(c risk.Class) bool { return string(c) == x.At }) ||
			x.Word == reserved.Protected && !slices.Contains(saved.Header.Protected, x.At) {
			missing = append(missing, x.Word+": "+x.At)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return exit.Fail(exit.Guard, "the saved plan was not made by the rules of the %s: it lacks %s; make it again with plan --rules and --out; nothing was written", r.from.Where, strings.Join(missing, ", "))
}
