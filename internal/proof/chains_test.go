package proof

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"testing"

	"golang.org/x/tools/txtar"

	"pbxsync/diff"
	"pbxsync/internal/contrary"
	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// chain is a list of desired states. A state may say what it expects:
//
//	#> PUT extension/101      one step and what it serves; all of them are listed, in any order
//	#> nothing                no step at all
//	#= did/4930123456 stays   a stray, and that the API cannot delete it
//	#! still refers to it     refused, and why
//	#~ 4930123456 rings nowhere during 3 calls
//	#? ani_number of ani      something awaited, or a field that waits for it
//	#- is not sent            a note, and what it says
//	#< forget                 the run records are lost before this state
type chain struct {
	name   string
	admin  bool // it has a file _admin: the credentials are an administrator's
	seed   string
	states []chainState
}

type chainState struct {
	name, text             string
	steps, strays, refused []string
	silent, awaiting       []string
	notes                  []string
	forget                 bool
}

func chains(t *testing.T) []chain { return chainsIn(t, "../../testdata/chains") }

func chainsIn(t *testing.T, dir string) []chain {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no chains: %v", err)
	}
	seed := seedFile(t)
	var out []chain
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c := chain{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), seed: seed}
		for _, f := range a.Files {
			if f.Name == "_seed.yaml" {
				c.seed = string(f.Data)
				continue
			}
			if f.Name == "_admin" {
				c.admin = true
				continue
			}
			c.states = append(c.states, newState(f.Name, string(f.Data)))
		}
		out = append(out, c)
	}
	return out
}

func newState(name, text string) chainState {
	s := chainState{name: name, text: head + text}
	for line := range strings.SplitSeq(text, "\n") {
		mark, rest, _ := strings.Cut(line, " ")
		switch mark {
		case "#>":
			s.steps = append(s.steps, strings.TrimSpace(rest))
		case "#=":
			s.strays = append(s.strays, strings.TrimSpace(rest))
		case "#-":
			s.notes = append(s.notes, strings.TrimSpace(rest))
		case "#<":
			s.forget = true
		case "#!":
			s.refused = append(s.refused, strings.TrimSpace(rest))
		case "#~":
			s.silent = append(s.silent, strings.TrimSpace(rest))
		case "#?":
			s.awaiting = append(s.awaiting, strings.TrimSpace(rest))
		}
	}
	return s
}

// mode is a way in which each chain is gone through.
type mode struct {
	name  string
	o     simulator.Options
	turn  func(*plan.Plan) *plan.Plan
	saved bool
	other *contrary.Dialect // of the contrary server, if that is the one
}

var modes = []mode{
	{name: "refuse", o: simulator.Options{OnDelete: simulator.Refuse}},
	{name: "null", o: simulator.Options{OnDelete: simulator.Null}, saved: true},
	{name: "refuse,replace,lastfirst", o: simulator.Options{OnDelete: simulator.Refuse, VariablesReplace: true}, turn: lastFirst},
	{name: "null,replace,lastfirst", o: simulator.Options{OnDelete: simulator.Null, VariablesReplace: true}, turn: lastFirst, saved: true},
	{name: "contrary plain", other: &met[0]},
	{name: "contrary mixed", other: &met[1], turn: lastFirst, saved: true},
}

// modesOf are the modes of a chain: all of them, or one of each server, another for the next chain.
func modesOf(chain int) []mode {
	if evidence.More() {
		return modes
	}
	return []mode{modes[chain%4], modes[4+chain/4%2]}
}

func TestChains(t *testing.T) {
	seen := &coverage{did: map[string]bool{}}
	all := chains(t)
	t.Run("chain", func(t *testing.T) {
		for i, c := range all {
			for _, m := range modesOf(i) {
				t.Run(c.name+"/"+m.name, func(t *testing.T) {
					t.Parallel()
					o := m.o
					o.Admin = c.admin
					b := c.box(t, o, m.other)
					b.turn, b.saved = m.turn, m.saved
					if m.turn != nil {
						b.options.Parallelism = 1
					}
					c.run(t, b, seen)
				})
			}
		}
	})
	if seen.runs == len(all)*len(modesOf(0)) { // and not only those that -run chose
		seen.check(t, all)
	}
}

func (c chain) box(t *testing.T, o simulator.Options, d *contrary.Dialect) *box {
	t.Helper()
	if d == nil {
		return newBox(t, o, c.seed)
	}
	if c.admin {
		t.Skip("an administrator's chain: the contrary server has no such calls here")
	}
	return otherBox(t, *d, c.seed)
}

func (c chain) run(t *testing.T, b *box, seen *coverage) {
	seen.run()
	for _, s := range c.states {
		ok := t.Run(s.name, func(t *testing.T) { s.run(t, b.with(t), seen) })
		if !ok {
			t.FailNow() // what follows would only be noise
		}
	}
	t.Run("back to nothing", func(t *testing.T) {
		b := b.with(t)
		b.apply(b.nothing())
		b.bare()
	})
}

func (s chainState) run(t *testing.T, b *box, seen *coverage) {
	if s.forget {
		b.records.forget()
	}
	if len(s.refused) > 0 {
		s.refuse(t, b)
		return
	}
	st, p := b.apply(s.text)
	seen.note(st)
	s.steps = slices.Sorted(slices.Values(s.steps)) // chains run side by side in several modes
	if got := slices.Sorted(slices.Values(stepLines(p))); len(s.steps) > 0 && !slices.Equal(got, s.steps) && !(len(got) == 0 && s.steps[0] == "nothing") {
		t.Errorf("steps\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(s.steps, "\n"))
	}
	if len(s.notes) != len(st.Notes) {
		t.Errorf("notes %q, wanted %q", st.Notes, s.notes)
	}
	for i, note := range st.Notes {
		if i < len(s.notes) && !strings.Contains(note, s.notes[i]) {
			t.Errorf("note %q, wanted %q", note, s.notes[i])
		}
	}
	var strays []string
	for _, x := range st.Diff.Strays {
		line := x.Object.Address()
		if x.Stays {
			line += " stays"
		}
		strays = append(strays, line)
	}
	var silent, awaiting []string
	for _, ch := range p.Changes {
		for _, x := range ch.Silent {
			silent = append(silent, x.String())
		}
	}
	for _, a := range st.Diff.Awaiting {
		line := a.Address
		if a.For != "" {
			line = a.Field + " of " + a.Address
		}
		awaiting = append(awaiting, line)
	}
	if !slices.Equal(silent, s.silent) {
		t.Errorf("silent %q, wanted %q", silent, s.silent)
	}
	if !slices.Equal(awaiting, s.awaiting) {
		t.Errorf("awaiting %q, wanted %q", awaiting, s.awaiting)
	}
	if len(s.strays) > 0 && !slices.Equal(strays, s.strays) {
		t.Errorf("strays %q, wanted %q", strays, s.strays)
	}
}

func (s chainState) refuse(t *testing.T, b *box) {
	before := b.snapshot()
	_, _, err := b.look(b.parse(s.text))
	for _, want := range s.refused {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("not refused with %q: %v", want, err)
		}
	}
	var g *plan.Guard
	var ps schema.Problems
	if !errors.As(err, &g) && !errors.As(err, &ps) {
		t.Errorf("neither a guard nor problems: %T %v", err, err)
	}
	b.same(before, b.snapshot())
}

// same checks that nothing at all has changed.
func (b *box) same(before, after snapshot) {
	b.Helper()
	b.untouched(&observe.State{Basis: plan.Basis{Diff: &diff.Result{}, Live: diff.NewLive(tenantID, "", "12037")}}, &plan.Plan{}, before, after)
}

func stepLines(p *plan.Plan) []string {
	var out []string
	for _, st := range p.Steps {
		if st.Deletes != "" {
			out = append(out, st.Method+" "+st.Deletes)
			continue
		}
		out = append(out, st.Method+" "+strings.Join(st.Changes, " "))
	}
	return out
}

// nothing is the desired state in which all that can be deleted is gone, and all
// that stays refers to nothing.
func (b *box) nothing() string {
	doc := map[string]any{"version": 1, "tenant": map[string]any{"name": "acme", "prefix": "12037"}}
	var prune []string
	for _, k := range b.cat.Top() {
		switch {
		case !k.Managed():
		case k.Has(schema.Delete):
			prune = append(prune, k.Word)
			put(doc, k, empty(k))
		case k.Singleton() && k.Value != "":
			put(doc, k, nil)
		case k.Singleton():
			put(doc, k, letGo(k))
		case len(letGo(k)) > 0:
			objects := map[string]any{}
			for _, row := range b.rows(k) {
				it := &item{kind: k, row: row}
				fields := letGo(k)
				fields["id"] = row["id"]
				fields["name"] = it.key("12037")
				objects[fmt.Sprint(it.key("12037"), " ", row["id"])] = fields
			}
			put(doc, k, objects)
		}
	}
	doc["prune"] = prune
	data, _ := json.Marshal(doc)
	return string(data)
}

func empty(k *schema.Kind) any {
	if k.Form == schema.FormList {
		return []any{}
	}
	return map[string]any{}
}

func letGo(k *schema.Kind) map[string]any {
	fields := map[string]any{}
	for _, f := range k.Fields {
		if f.Ref != nil && f.Nullable && f.InUpdate() {
			fields[f.Name] = nil
		}
	}
	return fields
}

// put writes a kind's objects where tenant files have them.
func put(doc map[string]any, k *schema.Kind, v any) {
	for _, name := range k.Section[:len(k.Section)-1] {
		if doc[name] == nil {
			doc[name] = map[string]any{}
		}
		doc = doc[name].(map[string]any)
	}
	doc[k.Section[len(k.Section)-1]] = v
}

// bare checks that nothing of the tenant's own is left that could be deleted.
func (b *box) bare() {
	b.Helper()
	for name, it := range b.snapshot() {
		if it.kind.Managed() && it.kind.Has(schema.Delete) && !it.dealers() {
			b.Errorf("%s is left: %v", name, it.row)
		}
	}
}

// coverage notes what the chains have done to each field of each kind.
type coverage struct {
	mu   gosync.Mutex
	runs int
	did  map[string]bool
}

func (c *coverage) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs++
}

func (c *coverage) note(s *observe.State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range s.Diff.Changes {
		word := ch.Object().Kind.Word
		c.did[fmt.Sprintf("%s: %s", word, ch.Action)] = true
		for _, f := range ch.Fields {
			switch {
			case ch.Live == nil || ch.Makes():
			case f.New == nil:
				c.did[fmt.Sprintf("%s.%s: clear", word, f.Name)] = true
			case f.Old == nil:
				c.did[fmt.Sprintf("%s.%s: set again", word, f.Name)] = true
				fallthrough
			default:
				c.did[fmt.Sprintf("%s.%s: update", word, f.Name)] = true
			}
		}
	}
}

// check demands that every managed kind has a chain that does to it whatever can
// be done to it.
func (c *coverage) check(t *testing.T, all []chain) {
	for _, k := range schema.Builtin().Kinds {
		if !k.Managed() {
			continue
		}
		if !slices.ContainsFunc(all, func(c chain) bool { return c.name == k.Word }) {
			t.Errorf("testdata/chains/%s.txtar is missing: every kind that files may declare has a chain", k.Word)
		}
		c.demand(t, k)
	}
}

// demand wants everything done to a kind that can be done to it.
func (c *coverage) demand(t *testing.T, k *schema.Kind) {
	for _, want := range deeds(k) {
		if !c.did[want] {
			t.Errorf("no chain does this: %s", want)
		}
	}
}

// deeds is all that can be done to a kind and its fields.
func deeds(k *schema.Kind) []string {
	var out []string
	if k.Has(schema.Create) {
		out = append(out, k.Word+": create")
	}
	if k.Has(schema.Delete) {
		out = append(out, k.Word+": delete")
	}
	if k.Renamable() {
		out = append(out, k.Word+": rename")
	}
	if k.Replaceable() {
		out = append(out, k.Word+": replace")
	}
	for _, f := range k.Fields {
		if !f.Comparable() || !f.InUpdate() || k.IsKey(f) {
			continue
		}
		out = append(out, fmt.Sprintf("%s.%s: update", k.Word, f.Name))
		if f.Nullable {
			out = append(out, fmt.Sprintf("%s.%s: clear", k.Word, f.Name), fmt.Sprintf("%s.%s: set again", k.Word, f.Name))
		}
	}
	return out
}
