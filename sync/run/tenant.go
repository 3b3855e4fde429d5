package run

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// This file is about steps that make or change the tenant itself: its name is its key, its prefix
// is the server's choice, and an administrator sees it elsewhere than the tenant does.

func isTenant(k *schema.Kind) bool { return k.Tenant.ID != "" }

// shownAt is the path at which an object that a step writes to is shown. What an administrator
// sets of the tenant is shown to administrators.
func shownAt(s *plan.Step, o *schema.Object) string {
	if !isTenant(o.Kind) {
		return o.ItemPath()
	}
	path, _, _ := strings.Cut(s.Path, "?")
	return path
}

// path is that of the create, which lists what it made. Of tenants there may be many.
func (s *search) path() string {
	if isTenant(s.kind) {
		return s.intent.Path + "?" + s.kind.Tenant.Name + "=" + url.QueryEscape(s.intent.Key)
	}
	return s.intent.Path
}

// identify returns the id and the key of a row, nothing where it is not the tenant's own.
func (s *search) identify(row map[string]any) (int64, string, error) {
	if isTenant(s.kind) {
		id, name, _, err := diff.TenantOf(s.kind, row)
		return id, name, err
	}
	o, err := diff.NewLive(0, "", s.prefix).NewObject(s.kind, nil, row)
	if err != nil || o.Shared {
		return 0, "", err
	}
	return o.ID, o.Key, nil
}

// fillsIn reports whether a server may have a value that a create does not state. What a new
// tenant begins with is the dealer's choice.
func (s *search) fillsIn(f *schema.Field, now any) bool {
	return isTenant(s.kind) || byServer(f, now)
}

// making is what is done about what a step has made.
type making struct {
	learn func(*sending, *plan.Step, string, map[string]any) (int64, error) // from the answer
	adopt func(*sending, context.Context, record.Intent, result) result     // where the answer was lost, and the object was found
	tells bool                                                              // the answer is the object as it is kept
}

// makingOf says what is done about what a step makes: the tenant itself, or anything else.
func makingOf(s *plan.Step) making {
	if s.Makes != nil && isTenant(s.Makes.Kind) {
		return making{learn: (*sending).learnTenant, adopt: (*sending).adoptTenant}
	}
	return making{learn: (*sending).learn, adopt: (*sending).adopt, tells: true}
}

// learnTenant takes a new tenant from the answer to the call that makes it.
func (r *sending) learnTenant(s *plan.Step, path string, row map[string]any) (int64, error) {
	id, ok := diff.RowID(s.Makes.Kind, row)
	if !ok {
		return 0, &lost{message: fmt.Sprintf("POST %s: the answer has no id", path)}
	}
	return id, r.takeTenant(id, "POST "+path, row, s.Makes)
}

// takeTenant takes the id and the prefix of a new tenant from the answer to a call.
func (r *knowledge) takeTenant(id int64, asked string, row map[string]any, o *schema.Object) error {
	_, name, prefix, err := diff.TenantOf(o.Kind, row)
	if err != nil {
		return &lost{message: fmt.Sprintf("%s: %v", asked, err)}
	}
	if name != r.tenant.Name || prefix == "" {
		return &lost{fmt.Sprintf("%s: tenant %q was sent and the server made %q with prefix %q", asked, r.tenant.Name, name, prefix), true}
	}
	r.tenant = plan.TenantID{ID: id, Name: name, Prefix: prefix}
	r.summary.Created = &r.tenant
	return nil
}

// adoptTenant reads a tenant that was found, since its prefix is the server's choice.
func (r *sending) adoptTenant(ctx context.Context, i record.Intent, res result) result {
	o := res.step.Makes
	path, err := call.Fill(o.Kind.AdminPath(), func(string) int64 { return res.id })
	var v any
	if err == nil {
		v, err = r.api.Get(ctx, path)
		r.settling.Add(1)
	}
	if row, _ := v.(map[string]any); err == nil {
		err = r.takeTenant(res.id, "GET "+path, row, o)
	} else {
		err = fmt.Errorf("it was made, with the id %d, and cannot be read: %w; apply again", res.id, err)
	}
	if res.err = err; err == nil {
		res.broken = r.journal.Ack(i.Step, res.id, "found after its answer was lost")
	}
	return res
}
