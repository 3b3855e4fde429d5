package plan_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
)

// The table of directions says what each change of each field does to people, without asking
// the catalogue: it was written by reading the documents of the API. Plans are held against it.
const directions = "../../schema/risk/testdata/directions.txt"

// fact is a line of the table: kind.field | what was | what is | classes.
type fact struct{ kind, field, was, is, classes string }

func (f fact) String() string {
	return strings.Join([]string{f.kind + "." + f.field, f.was, f.is, f.classes}, " | ")
}

// what is a fact without its classes.
func (f fact) what() string { f.classes = ""; return f.String() }

func readFacts(t *testing.T) []fact {
	t.Helper()
	file, err := os.Open(directions)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []fact
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if line := scan.Text(); line != "" && line[0] != '#' {
			parts := strings.Split(line, " | ")
			if len(parts) != 4 {
				t.Fatalf("%q has no four parts", line)
			}
			kind, field, _ := strings.Cut(parts[0], ".")
			out = append(out, fact{kind, field, parts[1], parts[2], parts[3]})
		}
	}
	return out
}

// Each direction of each field that can be written stands in the table, and plans show what it says.
func TestDirections(t *testing.T) {
	c, facts := catalogue(t), readFacts(t)
	stated := map[string]bool{}
	for _, f := range facts {
		if stated[f.what()] {
			t.Errorf("%s: it stands there twice", f)
		}
		stated[f.what()] = true
		if got := f.planned(c); got != f.classes {
			t.Errorf("%s: the plan says %s", f, got)
		}
	}
	for _, f := range required(c) {
		if !stated[f.what()] {
			t.Errorf("%s is not in the table; the plan says %s", f.what(), f.planned(c))
		}
	}
}

// Whoever forgets a direction is told so: each rule is taken away in turn, and the table notices.
func TestForgottenDirectionsAreNoticed(t *testing.T) {
	facts := readFacts(t)
	notices := func(c *schema.Catalogue, kind, field string) bool {
		return slices.ContainsFunc(facts, func(f fact) bool {
			return f.kind == kind && f.field == field && f.planned(c) != f.classes
		})
	}
	dropped := 0
	drop := func(c *schema.Catalogue, kind, field string, rs *risk.Rules) {
		whole := *rs
		for i, r := range whole.List {
			rs.List = slices.Delete(slices.Clone(whole.List), i, i+1)
			if dropped++; !notices(c, kind, field) {
				t.Errorf("%s.%s: without %q of %s the table says nothing", kind, field, r, r.Class)
			}
			*rs = whole
		}
		if rs.Unlimited, rs.Aside = nil, nil; (whole.Unlimited != nil || whole.Aside != nil) && !notices(c, kind, field) {
			t.Errorf("%s.%s: without unlimited and aside the table says nothing", kind, field)
		}
		*rs = whole
	}
	c := catalogue(t)
	for _, k := range c.Kinds {
		drop(c, k.Word, object, &k.Risks)
		for _, f := range k.Fields {
			drop(c, k.Word, f.Name, &f.Risks)
		}
	}
	if dropped < 100 {
		t.Errorf("%d rules were taken away", dropped)
	}
	t.Logf("%d rules were taken away, one at a time", dropped)
}

// catalogue is one of its own, which a test may change.
func catalogue(t *testing.T) *schema.Catalogue {
	t.Helper()
	c, err := schema.Load(os.DirFS("../../schema/kinds"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const object = "(object)" // in the place of a field

// planned makes the plan of the fact and says the classes that it shows.
func (f fact) planned(c *schema.Catalogue) string {
	k := c.Kind(f.kind)
	if k == nil {
		return "no such kind"
	}
	s := &scene{desired: &schema.Tenant{}, live: diff.NewLive(1, "acme", "12037"), k: k}
	ch := s.change(f)
	if ch == nil {
		return "no such field"
	}
	p, err := plan.Order(&plan.Basis{Desired: s.desired, Live: s.live, Diff: &diff.Result{Changes: []*diff.Change{ch}}})
	if err != nil {
		return err.Error()
	}
	classes := p.Changes[0].Risks
	for _, fc := range p.Changes[0].Fields {
		if fc.Name == f.field {
			classes = fc.Risks // and not what making the object is
		}
	}
	if len(classes) == 0 {
		return "none"
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(classes), " ", ","), "[]")
}

// scene is a tenant with one object.
type scene struct {
	desired *schema.Tenant
	live    *diff.Live
	k       *schema.Kind
}

func (s *scene) object(t *schema.Tenant) *schema.Object {
	o := &schema.Object{Kind: s.k, Key: "x", ID: 7, Values: map[string]any{}, Once: map[string]any{}, Secrets: map[string]schema.SecretRef{}}
	if len(s.k.Parents) > 0 {
		o.Parent = &schema.Object{Kind: s.k.Parents[0], Key: "p", ID: 8, Values: map[string]any{}}
		t.Add(o.Parent)
	}
	t.Add(o)
	return o
}

func (s *scene) change(f fact) *diff.Change {
	switch f.is {
	case "created":
		return &diff.Change{Action: diff.Create, Desired: s.object(s.desired)}
	case "deleted":
		return &diff.Change{Action: diff.Delete, Desired: s.object(s.desired), Live: s.object(&s.live.Tenant)}
	}
	field := s.k.Field(f.field)
	if field == nil {
		return nil
	}
	is, was := field.Normal(value(f.is)), field.Normal(value(f.was))
	ch := &diff.Change{Action: diff.Update, Desired: s.object(s.desired)}
	switch {
	case f.was == "new" && s.k.Implicit() || f.was == "new" && s.k.Singleton():
	case f.was == "new":
		ch.Action = diff.Create
	case f.was == "replaced":
		ch.Action, ch.Live = diff.Replace, s.object(&s.live.Tenant)
		ch.Live.ReplacedBy = ch.Desired
	default:
		ch.Live = s.object(&s.live.Tenant)
		ch.Live.Values[f.field] = was
		for i, list := 0, itemsOf(was); s.k.Each != nil && i < len(list); i++ {
			ch.Live.Items = append(ch.Live.Items, int64(i+1))
		}
	}
	switch {
	case field.Once:
		ch.Desired.Once[f.field] = is
	case field.Secret():
		ch.Desired.Secrets[f.field] = schema.SecretRef{Env: "X"}
		ch.Desired.Resend = map[string]string{f.field: "asked for"}
	default:
		ch.Desired.Values[f.field] = is
		ch.Fields = []diff.Field{{Name: f.field, Old: was, New: is, Unknown: ch.Live == nil}}
	}
	return ch
}

func itemsOf(v any) []any {
	list, _ := v.([]any)
	return list
}

// value reads a value of the table, which has numbers as compared values have them.
func value(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return plan.PlainValue(v)
}
