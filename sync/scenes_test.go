package sync_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

const nightRules = "intervals: {Night: {}}\nextensions: {\"101\": {rules: [{type: hangup, interval: Night}]}}"

// withoutHours makes a server of one that knows no hours of rules, or has another name for them.
func withoutHours(l *canned.Server) {
	l.Put("/client/12/interval/", 5, map[string]any{"name": "Night", "timezone": "UTC", "conditions": []any{}}, nil)
	l.Kept = func(_ string, row map[string]any) { delete(row, "interval_id") }
}

// scene is one call of the engine, or several, at a small tenant.
type scene struct {
	name   string
	files  string
	before func(*canned.Server, *memory, *sync.Options)
	do     func(context.Context, *play) error // nil: apply
}

// play is what a scene has to work with.
type play struct {
	*testing.T
	*sync.Engine
	server  *canned.Server
	memory  *memory
	desired *schema.Tenant
	options sync.Options
	op      teller
	tell    func(string)
}

// Title returns the name of the scene.
func (s scene) Title() string { return s.name }

// Play plays it, in virtual time.
func (s scene) Play(t *testing.T) string {
	var lines []string
	tell := func(line string) { lines = append(lines, line) }
	l := canned.NewServer()
	l.Keeps = true
	m := &memory{tell: tell}
	o := sync.Options{Parallelism: 1, Settle: time.Minute, Secrets: func(ref schema.SecretRef) (string, error) { return "secret of " + ref.Env, nil }}
	if s.before != nil {
		s.before(l, m, &o)
	}
	text := s.files
	if !strings.HasPrefix(text, "version") {
		text = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n" + text
	}
	desired := canned.Parse(t, text+"\n")
	l.Told = func(line string) {
		if !strings.HasPrefix(line, "GET ") && !strings.HasPrefix(line, "LIST ") {
			tell(line)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		p := &play{T: t, Engine: &sync.Engine{Reader: l, Writer: l, Store: m}, server: l, memory: m, desired: desired, options: o, op: teller{tell: tell}, tell: tell}
		do := s.do
		if do == nil {
			do = apply
		}
		// Without an end of its own, so that nothing may be left waiting for it.
		p.ended(do(context.Background(), p))
		if took := time.Since(began); took > 0 {
			tell("took " + took.String())
		}
	})
	return strings.Join(lines, "\n") + "\n"
}

// ended tells how a call has ended.
func (p *play) ended(err error) {
	var f *sync.Failure
	var g *sync.Guarded
	var moved *sync.Moved
	switch {
	case err == nil:
		p.tell("ended well")
		return
	case errors.As(err, &f):
		p.tell(fmt.Sprintf("ended %s: %v", f.End, err))
	default:
		p.tell("ended: " + err.Error())
	}
	if errors.As(err, &g) {
		for _, one := range g.Guards {
			p.tell("  guard " + one.Error())
		}
	}
	if errors.As(err, &moved) {
		for _, s := range moved.Stale {
			p.tell(fmt.Sprintf("  moved %s: %s", s.Address, s.What))
		}
	}
}

func apply(ctx context.Context, p *play) error {
	a, err := p.Apply(ctx, p.desired, p.options, p.op)
	p.tell(fmt.Sprintf("planned %v, sent %v, read again %v", a.Planned != nil, a.Summary != nil, a.After != nil))
	return err
}

// planned tells what a plan, or a comparison, is.
func (p *play) planned(what *sync.Planned) {
	if what == nil {
		p.tell("nothing is known")
		return
	}
	if what.Plan != nil {
		p.tell("steps " + strings.Join(canned.Calls(what.Plan), "; "))
	}
	if what.Unordered != nil {
		p.tell("no order: " + what.Unordered.Error())
	}
	for _, g := range what.Guards {
		p.tell("guard " + g.Error())
	}
	for _, line := range what.Lost {
		p.tell("lost " + line)
	}
	p.tell("protections " + strings.Join(what.Protections(), " "))
}

func toPlan(ctx context.Context, p *play) error {
	what, err := p.Plan(ctx, p.desired, p.options, p.op)
	p.planned(what)
	return err
}

func drift(ctx context.Context, p *play) error {
	what, err := p.Drift(ctx, p.desired, p.options, p.op)
	p.planned(what)
	return err
}

// undone applies, lets somebody do something, and takes the run back.
func undone(between func(*play)) func(context.Context, *play) error {
	return func(ctx context.Context, p *play) error {
		if err := apply(ctx, p); err != nil {
			return err
		}
		if between != nil {
			between(p)
		}
		a, err := p.Undo(ctx, "r", p.desired, p.options, p.op)
		if a.Planned != nil {
			p.planned(a.Planned)
		}
		return err
	}
}

// saved plans, lets somebody do something, and carries out what was saved.
func saved(between func(*play)) func(context.Context, *play) error {
	return func(ctx context.Context, p *play) error {
		what, err := p.Plan(ctx, p.desired, p.options, p.op)
		if err != nil {
			return err
		}
		data := canned.Bytes(p.T, what.Plan)
		value, err := plan.Decode(data)
		if err != nil {
			return err
		}
		if between != nil {
			between(p)
		}
		_, err = p.ApplySaved(ctx, &sync.Saved{Where: "plan.json", JSON: data, Value: value, Protected: what.Protections()}, p.options, p.op)
		return err
	}
}

const (
	group = "extension_groups: {c: {}}"
	ada   = "users: {client: {ada: {name: Ada, email: a@a.example, access: full, status: active, password: {env: ADA}}}}"
)

func withAda(l *canned.Server, _ *memory, _ *sync.Options) {
	l.Put("/client/12/user/client/", 71, map[string]any{"name": "Ada", "login": "ada", "email": "old@a.example", "access": "full", "status": "active"}, nil)
}

func fails(call string) func(*canned.Server, *memory, *sync.Options) {
	return func(_ *canned.Server, m *memory, _ *sync.Options) { m.fails = call }
}

// open leaves a create of an earlier run open.
func open(l *canned.Server, m *memory, _ *sync.Options) {
	m.known.Open = []record.Open{{Run: "r0", Step: 2, Address: "extension_group/c", Intent: record.Intent{Step: 2, Method: "POST", Path: "/client/12/extension_group/", Kind: "extension_group",
		Addresses: []string{"extension_group/c"}, Creates: true, Key: "c", Sent: map[string]any{"name": "c"}}}}
}

func edit(at string, row map[string]any) func(*play) {
	return func(p *play) { p.server.Change("PUT", at, row) }
}

// What the engine tells, asks and puts on record in each of its calls.
func TestScenes(t *testing.T) {
	closed := make(chan struct{})
	close(closed)
	canned.Scenes(t, "scenes", "What happened in each scene. With UPDATE=1 the tests write it: read the difference.\n", []scene{
		{name: "apply", files: group},
		{name: "apply, with nothing to do", files: "extension_groups: {a: {}}"},
		{name: "apply, with a protection to note", files: "protected: [extension_group/a]\nextension_groups: {a: {}}"},
		{name: "apply, with a protection that is on record", files: "protected: [extension_group/a]\nextension_groups: {a: {}}", before: func(_ *canned.Server, m *memory, _ *sync.Options) {
			m.known.Verified = &record.Verified{Protected: []string{"extension_group/a"}}
		}},
		{name: "apply, with a protection by a handle", files: "protected: [extension_group/x]\nextension_groups: {x: {name: a, id: 31}, d: {}}"},
		{name: "apply for the first time", files: group, before: func(_ *canned.Server, m *memory, _ *sync.Options) { m.first = true }},
		{name: "apply beside other checkouts", files: group, before: func(_ *canned.Server, m *memory, _ *sync.Options) { m.alone = errors.New("no folder for locks") }},
		{name: "apply after a run that was cut off elsewhere", files: group, before: func(_ *canned.Server, m *memory, _ *sync.Options) { m.cut = []string{"of another folder"} }},
		{name: "apply to a tenant of another name", files: group, before: func(_ *canned.Server, m *memory, _ *sync.Options) { m.other = true }},
		{name: "apply, and a record is gone", files: "protected: [extension_group/a]\nextension_groups: {a: {extra_params: x}}", before: func(_ *canned.Server, m *memory, _ *sync.Options) { m.known.Gone = []string{"r0"} }},
		{name: "apply, and it is locked", files: group, before: fails("lock")},
		{name: "apply, and the records cannot be read", files: group, before: fails("known")},
		{name: "apply, and no record can be begun", files: group, before: fails("begin")},
		{name: "apply, and the record cannot be ended", files: group, before: fails("finished")},
		{name: "apply, and what is verified cannot go on record", files: group, before: fails("verified")},
		{name: "apply, and a step fails", files: group + "\nextensions: {\"101\": {label: One}}", before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Fail = map[string]error{"PUT /client/12/extension/7": canned.Status(400)}
		}},
		{name: "apply, and all steps fail", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Fail = map[string]error{"POST /client/12/extension_group/": canned.Status(400)}
		}},
		{name: "apply, and an answer is lost", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Lose = func(_, at string, body map[string]any) bool {
				l.Put(at, 77, maps.Clone(body), nil)
				return true
			}
		}},
		{name: "apply, and it stays unknown", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Lose = func(_, at string, body map[string]any) bool {
				for _, id := range []int{77, 78} {
					l.Put(at, id, maps.Clone(body), nil)
				}
				return true
			}
		}},
		{name: "apply, and somebody makes the same", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Answer = func(_, at string, row map[string]any) map[string]any {
				l.Put(at, 77, map[string]any{"name": "c"}, nil)
				return row
			}
		}},
		{name: "apply, and the server keeps something else", files: "extensions: {\"101\": {status: blocked}}", before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Kept = func(_ string, row map[string]any) { delete(row, "status") }
		}},
		{name: "apply, and the server keeps another form", files: "extensions: {\"101\": {label: \"One \"}}", before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Kept = func(_ string, row map[string]any) { row["label"] = "One" }
		}},
		{name: "apply, and nothing of it is kept", files: "extensions: {\"101\": {label: \"One \"}}", before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Change("PUT", "/client/12/extension/7", map[string]any{"label": "Old"})
			l.Kept = func(_ string, row map[string]any) { clear(row) }
		}},
		{name: "apply, and a new rule lacks its hours there", files: nightRules, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			withoutHours(l)
		}},
		{name: "apply, and a rule that is there gets no hours", files: nightRules, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Put("/extension/7/incom_rule/", 1, map[string]any{"type": "hangup"}, nil)
			withoutHours(l)
		}},
		{name: "apply, and it cannot be read again", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Answer = func(_, _ string, row map[string]any) map[string]any {
				l.Refuse = map[string]error{"/client/12/extension_group/": canned.Status(500)}
				return row
			}
		}},
		{name: "apply, with a secret", files: ada, before: func(l *canned.Server, m *memory, o *sync.Options) {
			withAda(l, m, o)
			o.SendSecrets = []string{"client_user/ada"}
		}},
		{name: "apply, with a secret and no secrets", files: ada, before: func(l *canned.Server, m *memory, o *sync.Options) {
			withAda(l, m, o)
			o.SendSecrets, o.Secrets = []string{"client_user/ada"}, nil
		}},
		{name: "apply, with a secret to be decided", files: ada, before: withAda},
		{name: "apply, with a secret to be decided and nothing else", files: strings.Replace(ada, "a@a", "old@a", 1), before: withAda},
		{name: "apply, with a secret that is trusted", files: strings.Replace(ada, "a@a", "old@a", 1), before: func(l *canned.Server, m *memory, o *sync.Options) {
			withAda(l, m, o)
			o.TrustVersions = []string{"client_user/ada"}
		}},
		{name: "apply, refused", files: group, do: func(ctx context.Context, p *play) error {
			p.op.refuses = errors.New("no")
			return apply(ctx, p)
		}},
		{name: "apply, refused by guards", files: "extension_groups: {}\nprune: [extension_group]\nextensions: {\"102\": {absent: true}, \"101\": {extension_group: null}}\ndids: {\"49301\": {extension: null}}"},
		{name: "apply, with what guards want", files: "extension_groups: {}\nprune: [extension_group]\nextensions: {\"102\": {absent: true}, \"101\": {extension_group: null}}\ndids: {\"49301\": {extension: null}}", before: func(_ *canned.Server, _ *memory, o *sync.Options) {
			o.Allow = sync.Allowed{Deletes: 2, Loss: []string{"extension/102"}}
		}},
		{name: "apply of a replace", files: "extensions: {\"102\": {type: ivr, status: active, replaces: [\"102\"]}}\ndids: {\"49301\": {extension: \"102\"}}"},
		{name: "apply of a replace that is allowed", files: "extensions: {\"102\": {type: ivr, status: active, replaces: [\"102\"]}}\ndids: {\"49301\": {extension: \"102\"}}", before: func(_ *canned.Server, _ *memory, o *sync.Options) {
			o.Allow.Loss = []string{"extension/102"}
		}},
		{name: "apply, and its caller goes away", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Refuse = map[string]error{"/client/12/extension_group/": context.Canceled}
		}},
		{name: "apply, and its caller goes away before it is read again", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Answer = func(_, _ string, row map[string]any) map[string]any {
				l.Refuse = map[string]error{"/client/12/extension_group/": context.Canceled}
				return row
			}
		}},
		{name: "apply, stopped", files: group, do: func(ctx context.Context, p *play) error {
			p.Stop = closed
			return apply(ctx, p)
		}},
		{name: "apply, stopped after a step", files: "extension_groups: {c: {}, d: {}}", do: func(ctx context.Context, p *play) error {
			stop := make(chan struct{})
			p.Stop = stop
			p.server.Answer = func(_, _ string, row map[string]any) map[string]any {
				if p.server.Posts() == 1 {
					close(stop)
				}
				return row
			}
			return apply(ctx, p)
		}},
		{name: "apply, stopped after the last step", files: group, do: func(ctx context.Context, p *play) error {
			stop := make(chan struct{})
			p.Stop = stop
			p.server.Answer = func(_, _ string, row map[string]any) map[string]any {
				close(stop)
				return row
			}
			return apply(ctx, p)
		}},
		{name: "apply without a store", files: group, do: func(ctx context.Context, p *play) error {
			p.Store = nil
			return apply(ctx, p)
		}},
		{name: "apply without a writer", files: group, do: func(ctx context.Context, p *play) error {
			p.Writer = nil
			return apply(ctx, p)
		}},
		{name: "apply of what only the server knows to be wrong", files: "extensions: {\"101\": {type: phone}}"},
		{name: "apply after a create that was not done", files: group, before: open},
		{name: "apply after a create that was done", files: group, before: func(l *canned.Server, m *memory, o *sync.Options) {
			open(l, m, o)
			l.Put("/client/12/extension_group/", 77, map[string]any{"name": "c"}, nil)
		}},
		{name: "apply after a create of which it is not known", files: group, before: func(l *canned.Server, m *memory, o *sync.Options) {
			open(l, m, o)
			l.Put("/client/12/extension_group/", 77, map[string]any{"name": "c"}, nil)
			l.Put("/client/12/extension_group/", 78, map[string]any{"name": "c"}, nil)
		}},
		{name: "apply after a create, and it cannot go on record", files: group, before: func(l *canned.Server, m *memory, o *sync.Options) {
			open(l, m, o)
			m.fails = "settled"
		}},
		{name: "apply after a create, and no record can be begun", files: group, before: func(l *canned.Server, m *memory, o *sync.Options) {
			open(l, m, o)
			m.fails = "begin"
		}},
		{name: "apply after a create, stopped while looking", files: group, before: open, do: func(ctx context.Context, p *play) error {
			stop := make(chan struct{})
			p.Stop = stop
			time.AfterFunc(time.Second, func() { close(stop) })
			return apply(ctx, p)
		}},
		{name: "resume", files: group, before: open, do: func(ctx context.Context, p *play) error { return p.Resume(ctx, p.desired, p.options, p.op) }},
		{name: "resume, with nothing open", files: group, do: func(ctx context.Context, p *play) error { return p.Resume(ctx, p.desired, p.options, p.op) }},
		{name: "resume where the tenant cannot be read", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Refuse = map[string]error{"/client/@me/client/": canned.Status(403), "/client/@me/": canned.Status(403)}
		}, do: func(ctx context.Context, p *play) error { return p.Resume(ctx, p.desired, p.options, p.op) }},
		{name: "apply of what is there, and it cannot be kept", files: "extension_groups: {a: {}}", before: func(_ *canned.Server, m *memory, _ *sync.Options) { m.fails = "base" }},
		{name: "plan", files: group, do: toPlan},
		{name: "plan of what only the server knows to be wrong", files: "extensions: {\"104\": {type: phone}}", do: toPlan},
		{name: "plan of what an extension is in", files: "extensions: {\"101\": {absent: true}}\nextension_groups: {a: {absent: true}}", do: toPlan},
		{name: "drift", files: group, do: drift},
		{name: "drift of what only the server knows to be wrong", files: "extensions: {\"104\": {type: phone}}", do: drift},
		{name: "undo", files: group + "\nextensions: {\"101\": {label: One}}", do: undone(nil)},
		{name: "undo of what somebody changed", files: "extensions: {\"101\": {label: One}}", do: undone(edit("/client/12/extension/7", map[string]any{"label": "Theirs"}))},
		{name: "undo of what somebody renamed", files: group, do: undone(edit("/client/12/extension_group/901", map[string]any{"name": "z"}))},
		{name: "undo of a part", files: group + "\nextensions: {\"101\": {label: One}}", do: undone(func(p *play) { p.options.Only = []string{"extension/101"} })},
		{name: "undo of what stays", files: "variables: {A: \"5\", C: \"3\"}", do: undone(nil)},
		{name: "undo of what is protected", files: "extension_groups: {c: {}}", do: undone(func(p *play) {
			p.desired = canned.Parse(p.T, "version: 1\ntenant: {name: acme, prefix: \"12037\"}\nprotected: [extension_group/c]\nextension_groups: {c: {}}\n")
		})},
		{name: "undo in another tenant", files: group, do: undone(func(p *play) {
			p.desired = canned.Parse(p.T, "version: 1\ntenant: {name: acme, prefix: \"12038\"}\n")
		})},
		{name: "undo of a run that is not known", files: group, do: func(ctx context.Context, p *play) error {
			_, err := p.Undo(ctx, "r", p.desired, p.options, p.op)
			return err
		}},
		{name: "undo of a run that left something open", files: group, do: undone(func(p *play) { p.memory.past.Open = []int{1} })},
		{name: "undo without a store", files: group, do: undone(func(p *play) { p.Store = nil })},
		{name: "a saved plan", files: group, do: saved(nil)},
		{name: "a saved plan that has moved", files: "extensions: {\"101\": {label: One}}", do: saved(edit("/client/12/extension/7", map[string]any{"label": "Theirs"}))},
		{name: "a saved plan of what is gone", files: "extensions: {\"101\": {label: One}}", do: saved(func(p *play) { p.server.Change("DELETE", "/client/12/extension/7", nil) })},
		{name: "a saved plan with a protection", files: "protected: [extension_group/a]\nextension_groups: {a: {}, c: {}}", do: saved(nil)},
		{name: "import", files: group, do: imported},
		{name: "import of what cannot be read", files: group, before: closedList, do: imported},
		{name: "strict import of what cannot be read", files: group, before: closedList, do: strictly},
		{name: "strict import", files: group, before: func(l *canned.Server, _ *memory, _ *sync.Options) {
			l.Tenant["/client/12/ani/"] = map[string]any{"default": nil}
		}, do: strictly},
	})
}

func closedList(l *canned.Server, _ *memory, _ *sync.Options) {
	l.Refuse = map[string]error{"/client/12/did/": canned.Status(403)}
}

func imported(ctx context.Context, p *play) error { return p.imports(ctx, sync.ImportOptions{}) }
func strictly(ctx context.Context, p *play) error {
	return p.imports(ctx, sync.ImportOptions{Strict: true})
}

func (p *play) imports(ctx context.Context, how sync.ImportOptions) error {
	w, err := p.Import(ctx, p.options, how)
	if err != nil {
		return err
	}
	for _, m := range w.Missed {
		p.tell("missed " + m.String())
	}
	for _, k := range slices.SortedFunc(maps.Keys(w.Files.Objects), func(a, b *schema.Kind) int { return strings.Compare(a.Word, b.Word) }) {
		p.tell(fmt.Sprintf("%s %d", k.Word, w.Files.Objects[k]))
	}
	return nil
}
