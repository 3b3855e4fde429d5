package sync_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
	"pbxsync/sync/undo"
)

// living is a tenant that keeps what is sent to it.
type living struct {
	*losing
	kept func(at string, row map[string]any) // what it makes of a row, or nil
	past undo.Past                           // of the last run
	send []string                            // whose secrets are sent once more
}

func newLiving() *living { return &living{losing: newLosing()} }

func (l *living) Send(ctx context.Context, method, at string, body map[string]any) (map[string]any, error) {
	row, err := l.losing.Send(ctx, method, at, body)
	if err != nil {
		return row, err
	}
	body, list := decoded(body), at
	if rows := together(body); rows != nil {
		for _, row := range rows {
			if l.kept != nil {
				l.kept(at, row)
			}
		}
		l.Tenant[at] = rows
		return body, nil
	}
	if method == "POST" {
		id := int(l.next) + 900
		if l.kept != nil {
			l.kept(at, body)
		}
		l.put(list, id, body, nil)
		return l.row(at, id), nil
	}
	list = path.Dir(at) + "/"
	if l.kept != nil {
		l.kept(at, body)
	}
	if _, ok := l.Tenant[list].([]map[string]any); !ok {
		return body, nil
	}
	l.carryOut(method, at, body)
	return l.row(list, path.Base(at)), nil
}

// together returns the objects of a call that writes all of a kind.
func together(body map[string]any) (rows []map[string]any) {
	for _, v := range body {
		list, _ := v.([]any)
		for _, item := range list {
			if row, ok := item.(map[string]any); ok && len(body) == 1 {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func decoded(body map[string]any) map[string]any {
	data, _ := json.Marshal(body)
	out := map[string]any{}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	_ = d.Decode(&out)
	return out
}

func (l *living) row(list string, id any) map[string]any {
	rows, _ := l.Tenant[list].([]map[string]any)
	for _, row := range rows {
		if fmt.Sprint(row["id"]) == fmt.Sprint(id) {
			return maps.Clone(row)
		}
	}
	return nil
}

// chronicle is a journal from which a run can be taken back.
type chronicle struct {
	noted
	past *undo.Past
}

func (c *chronicle) Begin(p *plan.Value, before []record.Before) error {
	c.past.Plan, c.past.Before = p, before
	return nil
}
func (c *chronicle) Intent(i record.Intent) error {
	c.past.Begun[i.Step] = true
	return c.noted.Intent(i)
}
func (c *chronicle) Ack(step int, id int64, why string) error {
	if id > 0 {
		c.past.Made[step] = id
	}
	return c.noted.Ack(step, id, why)
}
func (c *chronicle) Failed(step int, why string) error {
	delete(c.past.Begun, step)
	return c.noted.Failed(step, why)
}

func (l *living) options(records *record.Records) sync.Options {
	return sync.Options{Catalogue: schema.Builtin(), Parallelism: 1, Run: "r", SendSecrets: l.send, Records: func(plan.TenantID) (*record.Records, error) { return records, nil }}
}

// run carries a plan out.
func (l *living) run(t *testing.T, p *plan.Plan) *run.Summary {
	t.Helper()
	l.past = undo.Past{Run: "r", Begun: map[int]bool{}, Made: map[int]int64{}}
	o := l.options(&record.Records{})
	o.Journal = &chronicle{past: &l.past}
	secret := func(schema.SecretRef) (string, error) { return "pass word", nil }
	sum, err := sync.Apply(t.Context(), l, p, secret, o, nil, nil)
	if err != nil || sum.Failed > 0 {
		t.Fatal(err, failures(sum))
	}
	return sum
}

// plan compares files, or what is wanted otherwise, with the tenant.
func (l *living) plan(t *testing.T, desired *schema.Tenant) (*observe.State, *plan.Plan) {
	t.Helper()
	s, err := sync.Observe(t.Context(), l, desired, l.options(&record.Records{}))
	if err != nil {
		t.Fatal(err)
	}
	return s, order(t, s)
}

// calls are the steps of a plan in words.
func calls(p *plan.Plan) (out []string) {
	for _, s := range p.Steps {
		data, _ := json.Marshal(s.Body)
		out = append(out, fmt.Sprintf("%s %s %s", s.Method, s.Path, data))
	}
	return out
}

// lines compares two lists and shows both.
func lines[T ~string](t *testing.T, what string, got []T, want string) {
	t.Helper()
	var text []string
	for _, g := range got {
		text = append(text, string(g))
	}
	if have := strings.Join(text, "\n"); have != strings.TrimSpace(want) {
		t.Errorf("%s:\n%s\nwanted\n%s", what, have, want)
	}
}

// tenant describes what is canned.Wanted, an object a line.
func described(wanted *schema.Tenant) (out []string) {
	for _, o := range wanted.Objects {
		line := o.Address()
		if o.ID != 0 {
			line += fmt.Sprintf(" #%d", o.ID)
		}
		if o.Name != "" {
			line += " called " + o.Name
		}
		switch {
		case o.Absent:
			line += " absent"
		case o.Bare:
			line += " bare"
		default:
			data, _ := json.Marshal(o.Values)
			line += " " + string(data)
		}
		for what, list := range map[string][]string{"previously": o.Previously, "replaces": o.Replaces} {
			if len(list) > 0 {
				line += fmt.Sprintf(" %s %v", what, list)
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}
