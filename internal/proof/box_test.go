package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	gosync "sync"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/api"
	"pbxsync/internal/api/adapter"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// tb is what a test and a rapid test have in common.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// head stands above every desired state, so that chains show only what differs.
const head = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"

// box is a server with a client and the engine.
type box struct {
	tb
	server  server
	sim     *simulator.Server // the server, where it is the simulator; else nil
	looking adapter.Writer    // where snapshots look
	cat     *schema.Catalogue
	api     adapter.Writer
	options options
	turn    func(*plan.Plan) *plan.Plan // another order that the plan allows, or nil
	admin   bool                        // the credentials are an administrator's
	saved   bool                        // carry out the plan that was made again from its saved form
	records *records
}

// newBox starts a simulator with a seed.
func newBox(t tb, o simulator.Options, seed string) *box {
	t.Helper()
	b := seededBox(t, o, seed)
	b.speak(wired(b.sim))
	return b
}

// seededBox is a box that nobody speaks with yet.
func seededBox(t tb, o simulator.Options, seed string) *box {
	t.Helper()
	if o.Catalogue == nil {
		o.Catalogue = schema.Builtin()
	}
	b := &box{tb: t, sim: simulator.New(o), cat: o.Catalogue, admin: o.Admin}
	b.server = b.sim
	doc, err := file.ParseMap(file.File{Name: "seed", Data: []byte(seed)})
	if err == nil {
		err = b.sim.Seed(doc)
	}
	if err != nil {
		t.Fatalf("seed: %v", err)
	}
	b.records = &records{}
	b.options = options{Catalogue: b.cat, Parallelism: 8, Records: b.records.known, Folder: sounds}
	return b
}

// speak lets the engine, and what looks at the tenant, speak with a server.
func (b *box) speak(cfg api.Config) {
	b.Helper()
	b.api = b.dial(cfg)
	b.looking = b.api
}

func (b *box) dial(cfg api.Config) adapter.Writer {
	b.Helper()
	cfg.AppID, cfg.AppSecret = "app", "app secret"
	client, err := api.New(cfg)
	if err != nil {
		b.Fatalf("client: %v", err)
	}
	return adapter.Write(client)
}

// seedFile is the tenant that chains and properties start from.
func seedFile(t tb) string {
	t.Helper()
	data, err := os.ReadFile("../../testdata/chains/_seed.yaml")
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(data)
}

func testBox(t *testing.T, o simulator.Options) *box {
	t.Helper()
	return newBox(t, o, seedFile(t))
}

func (b *box) with(t tb) *box {
	c := *b
	c.tb = t
	return &c
}

// parse reads a desired state, which must be without any problem.
func (b *box) parse(text string) *schema.Tenant {
	b.Helper()
	t, problems := file.Parse(b.cat, []file.File{{Name: "tenant.yaml", Data: []byte(text)}})
	problems = append(problems, t.Contents(b.options.Folder)...)
	if problems.Err() != nil {
		b.Fatalf("parse: %v\n%s", problems, text)
	}
	return t
}

// look reads the tenant and makes the plan. A refusal is an error: problems, a
// guard, or a cycle that cannot be broken.
func (b *box) look(desired *schema.Tenant) (*observe.State, *plan.Plan, error) {
	s, err := observed(context.Background(), b.api, desired, b.options)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Problems.Err(); err != nil {
		return s, nil, err
	}
	if len(s.Guards) > 0 {
		return s, nil, s.Guards[0]
	}
	if stuck := s.Diff.Stuck; len(stuck) > 0 {
		return s, nil, schema.Problems{{Place: stuck[0].Place, Address: stuck[0].Address, Message: stuck[0].Field + ": " + stuck[0].Why}}
	}
	p, err := plan.Order(&s.Basis)
	if err == nil && len(p.Guards) > 0 {
		return s, p, p.Guards[0]
	}
	return s, p, err
}

// plan is look for a state that nothing refuses, with the reads checked.
func (b *box) plan(text string) (*observe.State, *plan.Plan) {
	b.Helper()
	b.server.ResetCounts()
	s, p, err := b.look(b.parse(text))
	if err != nil {
		b.Fatalf("plan: %v\n%s", err, text)
	}
	c := s.Calls
	if got := b.server.Counts(); got.Reads != c.Lists+c.Items+c.Tenant+c.Limits+c.Losses+c.Extra+c.Second+c.Again || got.Writes != 0 {
		b.Errorf("the plan says %+v, the server counted %+v", c, got)
	}
	return s, p
}

// bytes returns the saved form of a plan.
func (b *box) bytes(p *plan.Plan) []byte {
	b.Helper()
	data, err := p.Bytes()
	if err != nil {
		b.Fatalf("bytes: %v", err)
	}
	return data
}

// again makes the plan a second time from its saved form, as apply plan.json does.
func (b *box) again(p *plan.Plan) *plan.Plan {
	b.Helper()
	data := b.bytes(p)
	decoded, err := plan.Decode(data)
	if err != nil {
		b.Fatalf("decode: %v", err)
	}
	desired, err := decoded.Desired(b.cat)
	if err != nil {
		b.Fatalf("desired: %v", err)
	}
	as := b.with(b.tb)
	as.options.Approved = decoded
	_, q, err := as.look(desired)
	if err != nil {
		b.Fatalf("the saved plan is refused: %v\n%s", err, data)
	}
	if got := b.bytes(q); !bytes.Equal(got, data) {
		b.Errorf("the saved plan is not the plan that is made of it:\n%s", lineDiff(string(data), string(got)))
	}
	return q
}

// secret makes up a password.
func secret(ref schema.SecretRef) (string, error) { return "secret of " + ref.String(), nil }

// record is a sink that checks the order of a run.
type witness struct {
	mu     gosync.Mutex
	done   map[int]bool
	ids    map[string]int64
	events []run.Event
	wrong  []string
}

func (r *witness) Event(e run.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	switch e := e.(type) {
	case run.StepStarted:
		for _, n := range e.Step.After {
			if !r.done[n] {
				r.wrong = append(r.wrong, fmt.Sprintf("step %d was started before step %d was done", e.Step.Number, n))
			}
		}
	case run.StepDone:
		r.done[e.Step.Number] = true
		if e.ID != 0 {
			r.ids[e.Step.Changes[0]] = e.ID
		}
	}
}

func newWitness() *witness { return &witness{done: map[int]bool{}, ids: map[string]int64{}} }

// carryOut applies a plan that nothing hinders, and checks that exactly its
// calls were made.
func (b *box) carryOut(p *plan.Plan) {
	b.Helper()
	if b.turn != nil {
		p = b.turn(p)
	}
	b.server.ResetCounts()
	rec := newWitness()
	o := b.options
	o.Journal = b.records.begin(b)
	sum, err := carriedOut(context.Background(), b.api, p, secret, o, nil, rec)
	if err != nil {
		b.Fatalf("apply: %v", err)
	}
	for _, f := range sum.Failures {
		b.Errorf("step %d %s %s of %v failed: %v", f.Step.Number, f.Step.Method, f.Step.Path, f.Step.Changes, f.Err)
	}
	if sum.Done != len(p.Steps) || sum.Failed+sum.Skipped != 0 || sum.Interrupted {
		b.Fatalf("%d steps, summary %+v\n%s", len(p.Steps), *sum, steps(p))
	}
	for _, w := range rec.wrong {
		b.Errorf("%s", w)
	}
	if got := b.server.Counts(); got.Writes != len(p.Steps) || got.Reads != sum.Checks {
		b.Errorf("%d steps, the server counted %+v", len(p.Steps), got)
	}
	want, got := []string{}, []string{}
	for _, s := range p.Steps {
		want = append(want, s.Method+" "+realPath(p, rec.ids, s.Path))
	}
	for _, c := range b.server.History() {
		if c.Method != http.MethodGet {
			got = append(got, c.Method+" "+c.Path)
		}
		if c.Status/100 != 2 || c.Template == "" {
			b.Errorf("%+v", c)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		b.Errorf("calls planned\n%s\ncalls made\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}

// realPath puts ids for symbols.
func realPath(p *plan.Plan, made map[string]int64, path string) string {
	path = strings.Replace(path, "{"+schema.TenantSymbol+"}", fmt.Sprint(p.Tenant.ID), 1)
	for symbol, id := range p.IDs {
		path = strings.Replace(path, "{"+symbol+"}", fmt.Sprint(id), 1)
	}
	for address, id := range made {
		path = strings.Replace(path, "{"+address+"}", fmt.Sprint(id), 1)
	}
	path, _ = url.PathUnescape(path)
	return path
}

// steps shows a plan on lines.
func steps(p *plan.Plan) string {
	var b strings.Builder
	for _, s := range p.Steps {
		body, _ := json.Marshal(s.Body)
		fmt.Fprintf(&b, "%d. %s %s after %v %s\n", s.Number, s.Method, strings.Join(s.Changes, ", "), s.After, body)
	}
	return b.String()
}

// apply takes the whole road to a desired state once and checks every promise
// on the way.
func (b *box) apply(text string) (*observe.State, *plan.Plan) {
	b.Helper()
	s, p := b.plan(text)
	b.promised(s, p)
	q := b.again(p)
	if !b.saved {
		q = p
	}
	before := b.snapshot()
	b.carryOut(q)
	after := b.snapshot()
	desired := b.parse(text)
	left, empty, err := b.look(desired)
	if err != nil {
		b.Fatalf("plan after apply: %v\n%s", err, text)
	}
	if len(empty.Steps) > 0 || len(left.Diff.Changes) > 0 {
		b.Errorf("plan after apply is not empty:\n%s", steps(empty))
	}
	b.holds(desired, after)
	b.untouched(s, p, before, after)
	return s, p
}

// promised checks what can be said of a plan before it is carried out.
func (b *box) promised(s *observe.State, p *plan.Plan) {
	b.Helper()
	twice, err := plan.Order(&s.Basis)
	if err != nil || !bytes.Equal(b.bytes(p), b.bytes(twice)) {
		b.Errorf("a second order gives another plan (%v)", err)
	}
	b.freed(s, p)
	if most := b.bound(s, p); len(p.Steps) > most {
		b.Errorf("%d steps where %d are enough:\n%s", len(p.Steps), most, steps(p))
	}
	b.bodies(s, p)
	for i, st := range p.Steps {
		if st.Number != i+1 || len(st.Changes) == 0 {
			b.Errorf("step %d has number %d and changes %v", i+1, st.Number, st.Changes)
		}
		for _, n := range st.After {
			if n >= st.Number {
				b.Errorf("step %d comes after step %d", st.Number, n)
			}
		}
	}
}

// bodies checks that no step sends what is not stated: an update carries the
// fields that differ and those that every update has to carry, a create what the
// files state and the key.
func (b *box) bodies(s *observe.State, p *plan.Plan) {
	b.Helper()
	for _, ch := range s.Diff.Changes {
		o := ch.Object()
		may := map[string]bool{}
		for _, f := range o.Kind.Fields {
			differs := slices.ContainsFunc(ch.Fields, func(x diff.Field) bool { return x.Name == f.Name })
			_, stated := o.Secrets[f.Name]
			if _, once := o.Once[f.Name]; once {
				stated = true
			}
			may[f.API] = differs || f.Always || o.Resend[f.Name] != "" || ch.Makes() && (stated || o.Kind.IsKey(f))
		}
		for _, st := range p.Steps {
			if st.Changes[0] != ch.Address() || o.Kind.Behaviour == schema.ManyInOneCall || o.Kind.Each != nil {
				continue // the chains say how many calls there are
			}
			for name, v := range st.Body {
				list, isList := v.([]any)
				if !may[name] && (st.Why == "" || v != nil && !(isList && len(list) == 0)) { // a step with a reason may clear
					b.Errorf("step %d %s %s sends %s, which no file states", st.Number, st.Method, ch.Address(), name)
				}
			}
		}
	}
}

// bound is the number of writes that the design allows: one for each changed
// object, none for what goes with its parent, one for all objects of a kind
// that is written in one call, and one more for each reference put off.
func (b *box) bound(s *observe.State, p *plan.Plan) int {
	n := 0
	leaving := map[*schema.Object]bool{}
	for _, ch := range s.Diff.Changes {
		if ch.Action == diff.Delete {
			leaving[ch.Live] = true
		}
	}
	many := map[*schema.Kind]bool{}
	for _, ch := range s.Diff.Changes {
		switch o := ch.Object(); {
		case o.Kind.Behaviour == schema.ManyInOneCall:
			if !many[o.Kind] {
				n++
			}
			many[o.Kind] = true
		case ch.Action == diff.Delete && ch.Live.Parent != nil && leaving[ch.Live.Parent]:
		default:
			n++
		}
	}
	for _, st := range p.Steps {
		if st.Why != "" && !many[b.cat.Kind(strings.Split(st.Changes[0], "/")[0])] {
			n++
		}
	}
	return n
}

// lineDiff shows the first lines in which two texts differ.
func lineDiff(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] != y[i] {
			from := max(0, i-6)
			return fmt.Sprintf("line %d:\n-%s\n+%s\nafter\n %s", i+1, strings.Join(x[i:min(i+8, len(x))], "\n-"), strings.Join(y[i:min(i+8, len(y))], "\n+"), strings.Join(x[from:i], "\n "))
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// lastFirst orders the steps so that of all steps that may come next the one
// with the highest number does: the plan has to say everything that matters in
// After, since apply starts whatever is ready.
func lastFirst(p *plan.Plan) *plan.Plan {
	return reordered(p, func(ready []int) int { return len(ready) - 1 })
}

// reordered returns the plan in another order that its edges allow.
func reordered(p *plan.Plan, pick func(ready []int) int) *plan.Plan {
	q := *p
	q.Steps = nil
	number := map[int]int{}
	for len(q.Steps) < len(p.Steps) {
		var ready []int
		for i, s := range p.Steps {
			_, done := number[s.Number]
			if !done && !slices.ContainsFunc(s.After, func(n int) bool { _, ok := number[n]; return !ok }) {
				ready = append(ready, i)
			}
		}
		s := p.Steps[ready[pick(ready)]]
		number[s.Number] = len(q.Steps) + 1
		s.Number = number[s.Number]
		after := []int{}
		for _, n := range s.After {
			after = append(after, number[n])
		}
		slices.Sort(after)
		s.After = after
		q.Steps = append(q.Steps, s)
	}
	return &q
}
