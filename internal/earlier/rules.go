package earlier

import (
	"context"

	"pbxsync/internal/exit"
	"pbxsync/internal/policy"
	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync"
)

// Ruling is by what plans are reviewed elsewhere, in place of what the files say.
type Ruling struct {
	*review.Rules
	Where  string // names it for people
	Set    policy.Set
	tenant *schema.Tenant
}

// Ruling finds the rules that hold elsewhere for the tenant of files.
func (f Finder) Ruling(ctx context.Context, what, path string, files *schema.Tenant) (*Ruling, error) {
	got, err := f.find(ctx, what, path)
	if err != nil {
		return nil, err
	}
	if got.source == sync.FromSnapshot {
		return nil, f.fail(exit.Error, what, " is a snapshot, which has no rules; %s", f.ways())
	}
	r := &Ruling{Where: string(got.source) + " " + got.where}
	if r.tenant, err = f.tenant(got); err != nil {
		return nil, err
	}
	if why := foreign(r.tenant, files); why != "" {
		return nil, f.fail(exit.Guard, what, ": %s; name where the rules of this tenant are", why)
	}
	if r.Rules, r.Set, err = f.rules(r.tenant, got); err != nil {
		return nil, err
	}
	return r, nil
}

// rules are those that files state and that policies add, with these policies. Policies that
// cannot be used are an error, beside the others.
func (f Finder) rules(t *schema.Tenant, got *found) (*review.Rules, policy.Set, error) {
	out := &review.Rules{List: review.Of(t)}
	set, problems := policy.Parse(f.Catalogue, got.policies)
	if problems.Err() != nil {
		return out, nil, problems
	}
	out.List, out.Policies = append(out.List, set.Rules()...), got.known
	return out, set, nil
}

// foreign says why rules are those of another tenant; files of nil can be of any.
func foreign(t, files *schema.Tenant) string {
	switch {
	case files == nil:
	case t.Prefix != "" && files.Prefix != "" && t.Prefix != files.Prefix:
		return "the tenant at " + t.Place.String() + " has prefix " + t.Prefix + ", and these files have " + files.Prefix
	case (t.Prefix == "" || files.Prefix == "") && t.Name != files.Name:
		return "the tenant at " + t.Place.String() + " is called " + t.Name + ", and that of these files " + files.Name
	}
	return ""
}

// Impose lets the rules hold for a tenant in place of what its files say.
func (r *Ruling) Impose(t *schema.Tenant) {
	t.Review, t.Accept, t.Unmanaged, t.Protected, t.Ruled = r.tenant.Review, r.tenant.Accept, r.tenant.Unmanaged, r.tenant.Protected, r.tenant.Ruled
}
