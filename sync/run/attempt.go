package run

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// attempt carries a step out: it is recorded, sent once, and what came of it is recorded too.
// Where the answer to a create was lost, it is found out what became of it before
// anything else is sent.
func (r *sending) attempt(ctx context.Context, i record.Intent, res result) result {
	for {
		res = r.once(ctx, i, res)
		if res.broken == nil && wentMeanwhile(i, res) {
			return r.sure(ctx, i, res)
		}
		if res.broken != nil || !call.Doubtful(res.err) || madeOther(res.err) {
			return res
		}
		if !i.Creates {
			return r.sure(ctx, i, res)
		}
		r.lost.Add(1)
		v := r.resolveCreate(ctx, i, res.step.Makes.Kind, res.err)
		switch {
		case v.err != nil:
			res.err = v.err
			return res
		case v.id > 0:
			res.id, res.err = v.id, nil
			return makingOf(res.step).adopt(r, ctx, i, res)
		}
		if res.broken = r.journal.Failed(i.Step, fmt.Sprintf("nothing was there %v later", r.settle)); res.broken != nil {
			return res
		}
		if i.Attempt++; i.Attempt > maxAttempts {
			res.err = fmt.Errorf("%v; sent %d times, and each time nothing was there %v later", res.err, maxAttempts, r.settle)
			return res
		}
	}
}

// once records a call, sends it once, and records what came of it.
func (r *sending) once(ctx context.Context, i record.Intent, res result) result {
	if res.broken = r.journal.Intent(i); res.broken != nil {
		res.err = fmt.Errorf("%w; the call was not sent", res.broken)
		return res
	}
	res = r.send(ctx, i.Body, res)
	switch {
	case res.broken != nil:
	case res.err == nil:
		res.broken = r.journal.Ack(i.Step, res.id, "")
	case call.Doubtful(res.err):
		res.broken = r.journal.Unknown(i.Step, reason(res.err))
	default:
		res.broken = r.journal.Failed(i.Step, reason(res.err))
	}
	return res
}

// adopt takes an object for the one that a create has made, since it is new and equal.
// Its secrets cannot be read, so they are sent once more.
func (r *sending) adopt(ctx context.Context, i record.Intent, res result) result {
	o, id := res.step.Makes, res.id
	if res.broken = r.journal.Ack(i.Step, id, "found after its answer was lost"); res.broken != nil {
		return res
	}
	secrets := map[string]any{}
	for name := range res.step.Body {
		if v, ok := res.step.Body[name].(plan.SecretOf); ok {
			secrets[name] = r.secrets[v.From].Reveal()
		}
	}
	if len(secrets) == 0 {
		return res
	}
	path, err := call.Fill(o.ItemPath(), func(symbol string) int64 {
		if symbol == o.Symbol() {
			return id
		}
		return r.idOf(symbol)
	})
	if err == nil {
		err = r.sendAgain(ctx, i, path, id, secrets, &res)
	}
	if err != nil {
		res.err = fmt.Errorf("it was made, and its secrets could not be sent once more: %w; apply again with --send-secrets %s", err, schema.Pattern(o))
	}
	return res
}

func (r *sending) sendAgain(ctx context.Context, i record.Intent, path string, id int64, secrets map[string]any, res *result) error {
	i.Method, i.Path, i.Creates, i.Object, i.Body, i.Sent = http.MethodPut, path, false, id, secrets, nil
	i.Attempt++
	if res.broken = r.journal.Intent(i); res.broken != nil {
		return res.broken
	}
	if _, err := r.api.Send(ctx, i.Method, path, secrets); err != nil {
		res.broken = r.journal.Failed(i.Step, reason(err))
		return err
	}
	res.broken = r.journal.Ack(i.Step, id, "")
	return nil
}

// wentMeanwhile reports whether an object that was seen right before its delete was not
// found by it: somebody else may have deleted it, or a call of a run that was killed.
func wentMeanwhile(i record.Intent, res result) bool {
	return i.Method == http.MethodDelete && call.Status(res.err) == http.StatusNotFound
}

// sure looks whether an update or a delete whose answer was lost was carried out. If
// not, running apply again repeats it without harm.
func (r *sending) sure(ctx context.Context, i record.Intent, res result) result {
	if len(res.step.Checks) == 0 || i.Method == http.MethodPost {
		return res // nothing that is sure to have it, or a file or many objects in one call
	}
	for _, c := range res.step.Checks {
		now, err := r.readNow(ctx, res.step, c.Live)
		switch {
		case err != nil:
			return res
		case now == nil && i.Method == http.MethodDelete:
			res.err, res.broken = nil, r.journal.Ack(i.Step, 0, "it is gone")
			return res
		case now == nil || !isNow(c, now, i.Body):
			return res
		}
	}
	for _, c := range res.step.Checks {
		r.agreeAll(c) // what differs after this is an edit, and no other form of what was sent
	}
	res.err, res.broken = nil, r.journal.Ack(i.Step, 0, "it is as wanted")
	return res
}

// isNow reports whether an object has what was sent to it. A delete sends nothing.
func isNow(c plan.Check, now *schema.Object, body map[string]any) bool {
	for _, fc := range c.Fields {
		f := c.Live.Kind.Field(fc.Name)
		if v := now.Values[f.Name]; !schema.Equal(v, fc.New) && !same(f, v, body[f.API]) {
			return false
		}
	}
	return len(c.Fields) > 0
}

// madeOther reports whether a create has made something that nobody asked for: it is
// not sent again.
func madeOther(err error) bool {
	var l *lost
	return errors.As(err, &l) && l.other
}

// excused takes a delete of what is gone already for done.
func excused(res result) result {
	if errors.Is(res.err, errGone) {
		res.err = nil
	}
	return res
}
