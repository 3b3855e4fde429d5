package run

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Secrets finds the secret behind a reference.
type Secrets func(schema.SecretRef) (string, error)

// Grace is how long calls that are under way may take when a run is to stop.
const Grace = 30 * time.Second

// Apply carries a plan out: exactly its writes, independent ones at the same
// time. A failed step blocks only what depends on it. When stop is closed no
// further step is started; the calls under way are waited for, but not longer
// than Grace. A create is
// never sent twice on a guess. All secrets are found before the first write. What
// is sent is in the journal before it leaves; when that fails, nothing more is sent.
func Apply(ctx context.Context, api call.Writer, p *plan.Plan, secrets Secrets, o Options, stop <-chan struct{}, sink Sink) (*Summary, error) {
	r := &run{sink: sink, results: make(chan result),
		sending: sending{api: api, settle: o.Settle, name: o.Run, stop: stop, hangup: o.Hangup,
			knowledge: knowledge{plan: p, journal: o.Journal, left: newTrace(), summary: &Summary{}, tenant: p.Tenant, ids: maps.Clone(p.IDs), catalogue: o.Catalogue, madeIDs: map[*schema.Kind][]int64{}}}}
	r.indexed()
	if r.journal == nil {
		r.journal = noJournal{}
	}
	if r.ids == nil {
		r.ids = map[string]int64{}
	}
	if err := r.resolve(secrets); err != nil {
		return r.summary, err
	}
	r.folder = o.Folder
	if err := r.checkFiles(); err != nil {
		return r.summary, err
	}
	if err := r.journal.Begin(&p.Value, append(slices.Clip(p.Before), r.implicit(ctx, max(1, o.Parallelism))...)); err != nil {
		return r.summary, err
	}
	r.emit(Started{len(p.Steps)})
	r.loop(ctx, max(1, o.Parallelism), stop)
	r.summary.Checks, r.summary.Settling, r.summary.Lost = int(r.checked.Load()), int(r.settling.Load()), int(r.lost.Load())
	slices.Sort(r.notes)
	slices.SortFunc(r.respelled, func(a, b record.Respelled) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.Field, b.Field))
	})
	r.summary.Respelled, r.summary.agreed = r.respelled, r.agreed
	r.summary.Ended, r.summary.Notes = int(r.ended.Load()), r.notes
	r.emit(Finished{r.summary})
	return r.summary, nil
}

// run is one execution of a plan. Only its loop touches it; calls are made by
// goroutines that get all they need and send a result back.
type run struct {
	sending
	sink    Sink
	results chan result

	ended atomic.Int64

	waiting  map[int]int // number -> steps that it still waits for
	blocks   map[int][]int
	blocked  map[int]*plan.Step // number -> the failed step behind it
	ready    []int
	inFlight int
}

// sending carries out one step: the checks before its call, the call, and what settles it.
type sending struct {
	knowledge
	unseen  map[int]error // number of a delete -> why what goes with it could not be recorded
	stop    <-chan struct{}
	hangup  []string // addresses of what may be cut off
	secrets map[schema.SecretRef]schema.Secret
	api     call.Writer
	folder  schema.Folder
	settle  time.Duration // how long to look for what a call may have made
	name    string        // of the run, for people

	checked, settling, lost atomic.Int64
}

// knowledge is what a run was told so far: ids, and what the server keeps in another form.
type knowledge struct {
	plan      *plan.Plan
	journal   Journal
	summary   *Summary
	left      *trace        // what the run itself has written
	tenant    plan.TenantID // the plan's, or the one that the run has created
	catalogue *schema.Catalogue
	wanted    map[string]*plan.Wanted // by address, as changes
	changes   map[string]*plan.Change
	agreed    map[[2]string]bool
	respelled []record.Respelled
	notes     []string

	mu      sync.Mutex // for ids
	ids     map[string]int64
	madeIDs map[*schema.Kind][]int64 // ids that the run was told
}

type result struct {
	step   *plan.Step
	path   string
	body   map[string]any
	id     int64 // of a new object
	err    error
	broken error // the journal could not be written
}

func (r *run) emit(e Event) {
	if r.sink != nil {
		r.sink.Event(e)
	}
}

// resolve finds every secret that the steps will send.
func (r *run) resolve(find Secrets) error {
	r.secrets = map[schema.SecretRef]schema.Secret{}
	var problems schema.Problems
	for _, s := range r.plan.Steps {
		for _, name := range slices.Sorted(maps.Keys(s.Body)) {
			v, ok := s.Body[name].(plan.SecretOf)
			if !ok {
				continue
			}
			text, err := find(v.From)
			if err != nil {
				problems = append(problems, schema.Problem{Place: v.From.Place, Address: s.Changes[0], Message: err.Error()})
			}
			r.secrets[v.From] = schema.NewSecret(text)
		}
	}
	return problems.Sort().Err()
}

func (r *run) loop(ctx context.Context, parallelism int, stop <-chan struct{}) {
	ctx, cancel := stopping(ctx, stop)
	defer cancel()
	r.prepare()
	for {
		for len(r.ready) > 0 && r.inFlight < parallelism && !r.summary.ended() {
			select {
			case <-stop:
				r.summary.Interrupted = true
				continue
			default:
			}
			r.start(ctx, r.step(r.ready[0]))
			r.ready = r.ready[1:]
		}
		if r.inFlight == 0 {
			break
		}
		select {
		case res := <-r.results:
			r.inFlight--
			r.finish(res)
		case <-stop:
			r.summary.Interrupted, stop = true, nil
		}
	}
	r.skipRest()
}

// stopping returns a context that ends some time after the run is to stop.
func stopping(ctx context.Context, stop <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-stop:
			time.AfterFunc(Grace, cancel)
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

func (r *knowledge) step(number int) *plan.Step { return &r.plan.Steps[number-1] }

func (r *run) prepare() {
	r.waiting, r.blocks, r.blocked = map[int]int{}, map[int][]int{}, map[int]*plan.Step{}
	for _, s := range r.plan.Steps {
		r.waiting[s.Number] = len(s.After)
		for _, n := range s.After {
			r.blocks[n] = append(r.blocks[n], s.Number)
		}
		if len(s.After) == 0 {
			r.ready = append(r.ready, s.Number)
		}
	}
}

func (r *run) start(ctx context.Context, s *plan.Step) {
	r.inFlight++
	r.emit(StepStarted{s})
	path, err := call.Fill(s.Path, r.idOf)
	body, missing := r.body(s)
	if err == nil {
		err = cmp.Or(missing, r.unseen[s.Number])
	}
	intent := r.intent(s, path, body)
	go func() {
		res := result{step: s, path: path, err: err, body: body}
		var left []leftover
		if res.err == nil {
			left, res.err = r.recheck(ctx, s, path, body)
		}
		if res.err == nil {
			res = r.attempt(ctx, intent, res)
		}
		if res.err == nil {
			r.end(ctx, left)
		}
		r.results <- excused(res)
	}()
}

// send makes the call of a step and learns what it made.
func (r *sending) send(ctx context.Context, body map[string]any, res result) result {
	row, err := r.deliver(ctx, res.step, res.path, body)
	makes := makingOf(res.step)
	if err == nil {
		res.id, err = makes.learn(r, res.step, res.path, row)
	}
	if err == nil && makes.tells {
		res.broken = r.told(res.step, row, res.id)
	}
	res.err = err
	return res
}

func (r *knowledge) idOf(symbol string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if symbol == schema.TenantSymbol {
		return r.tenant.ID
	}
	return r.ids[symbol]
}

// body puts ids and secrets for the symbols of a step's body. An id that is not
// known is refused: 0 would clear a reference.
func (r *sending) body(s *plan.Step) (map[string]any, error) {
	if s.Method == http.MethodDelete {
		return nil, nil
	}
	return r.filled(s, s.Body)
}

func (r *sending) filled(s *plan.Step, in map[string]any) (map[string]any, error) {
	body := make(map[string]any, len(in))
	for name, v := range in {
		x, err := r.fill(s, v)
		if err != nil {
			return nil, err
		}
		body[name] = x
	}
	return body, nil
}

// fill puts ids and secrets for the symbols of a value.
func (r *sending) fill(s *plan.Step, v any) (any, error) {
	switch v := v.(type) {
	case plan.IDKeyed:
		return r.keyed(s, v)
	case plan.IDOf:
		id := r.idOf(v.Address)
		if id <= 0 {
			return nil, fmt.Errorf("internal: refused a call to %s without the id of %s", s.Path, v.Address)
		}
		return id, nil
	case plan.SecretOf:
		return r.secrets[v.From].Reveal(), nil
	case map[string]any:
		return r.filled(s, v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			var err error
			if out[i], err = r.fill(s, x); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

func (r *run) finish(res result) {
	if res.broken != nil {
		r.summary.Broken = res.broken
	}
	if res.err != nil {
		r.fail(res.step, res.err)
		return
	}
	r.left.note(res.step, res.body)
	if res.id > 0 {
		r.mu.Lock()
		r.ids[res.step.Makes.Symbol()] = res.id
		r.mu.Unlock()
	}
	r.summary.Done++
	r.emit(StepDone{res.step, res.id})
	for _, n := range r.blocks[res.step.Number] {
		if r.waiting[n]--; r.waiting[n] == 0 { // never of one that waits for what has failed
			r.ready = append(r.ready, n)
		}
	}
}

// lost is an answer to a create that does not say which object was made, or says that
// it made another one.
type lost struct {
	message string
	other   bool
}

func (l *lost) Error() string    { return l.message }
func (l *lost) IsDoubtful() bool { return true }

// learn takes the id of a new object from the answer.
func (r *sending) learn(s *plan.Step, path string, row map[string]any) (int64, error) {
	o := s.Makes
	if o == nil {
		return 0, nil
	}
	id, ok := diff.RowID(o.Kind, row)
	if !ok {
		return 0, &lost{message: fmt.Sprintf("POST %s: the answer has no id", path)}
	}
	live := diff.NewLive(0, "", r.tenant.Prefix)
	if echo, err := live.NewObject(o.Kind, nil, row); err == nil && named(echo) && echo.Key != o.NaturalKey() && (r.ours(o, id) || !sameName(o.NaturalKey(), echo.Key)) {
		return 0, &lost{fmt.Sprintf("POST %s: %q was sent and the server made %q", path, o.NaturalKey(), echo.Key), true}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.madeIDs[o.Kind] = append(r.madeIDs[o.Kind], id)
	return id, nil
}

func (r *run) fail(s *plan.Step, err error) {
	f := StepFailed{Step: s, Err: err, Doubtful: call.Doubtful(err)}
	r.summary.Failed++
	r.summary.Failures = append(r.summary.Failures, f)
	if f.Doubtful {
		r.summary.Doubtful = append(r.summary.Doubtful, s)
	}
	r.emit(f)
	r.block(s.Number, s)
}

// block keeps everything that depends on a failed step from starting.
func (r *run) block(number int, because *plan.Step) {
	for _, n := range r.blocks[number] {
		if r.blocked[n] == nil {
			r.blocked[n] = because
			r.block(n, because)
		}
	}
}

// skipRest reports what was not tried, in the order of the plan.
func (r *run) skipRest() {
	tried := r.summary.Done + r.summary.Failed
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		switch {
		case r.blocked[s.Number] != nil:
			r.emit(StepSkipped{s, r.blocked[s.Number]})
		case r.waiting[s.Number] > 0 || slices.Contains(r.ready, s.Number): // the run has ended before
			r.emit(StepSkipped{Step: s})
		}
	}
	r.summary.Skipped = len(r.plan.Steps) - tried
}
