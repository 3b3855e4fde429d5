package canned

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Journal is the journal of a run that keeps what it is told: as lines, and what an undo needs.
type Journal struct {
	Lines []string
	Fails string // a kind of line that cannot be written: begin, intent, ack, respelled, failed, unknown
	From  int    // behind how many lines

	Plan   *plan.Value
	Images []record.Object
	Begun  map[int]bool
	Made   map[int]int64
	Told   func(line string) // takes each line, and more of an intent

	mu sync.Mutex
}

// ErrFull is what a journal says that cannot write.
var ErrFull = errors.New("disk full")

func (j *Journal) say(kind, format string, args ...any) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if kind == j.Fails && len(j.Lines) >= j.From {
		return ErrFull
	}
	if format != "" {
		j.Lines = append(j.Lines, kind+" "+fmt.Sprintf(format, args...))
	}
	if format != "" && j.Told != nil && kind != "intent" {
		j.Told(strings.TrimSpace(j.Lines[len(j.Lines)-1]))
	}
	return nil
}

// Begin keeps the plan and what was there before.
func (j *Journal) Begin(p *plan.Value, before []record.Object) error {
	j.Plan, j.Images, j.Begun, j.Made = p, before, map[int]bool{}, map[int]int64{}
	for _, b := range before {
		if j.Told != nil {
			j.Told(fmt.Sprintf("before %s %s", b.Address, compact(b.Values)))
		}
	}
	return j.say("begin", "")
}

// Before keeps one more image.
func (j *Journal) Before(b record.Object) error {
	j.Images = append(j.Images, b)
	return nil
}

// Intent keeps a call that is about to be sent.
func (j *Journal) Intent(i record.Intent) error {
	j.mu.Lock()
	j.Begun[i.Step] = true
	if j.Told != nil {
		j.Told(intended(i))
	}
	j.mu.Unlock()
	return j.say("intent", "%d.%d %s %s", i.Step, i.Attempt, i.Method, i.Path)
}

// intended is all that an intent says, but for its body.
func intended(i record.Intent) string {
	line := fmt.Sprintf("intent %d.%d %s %s of %s %q for %v", i.Step, i.Attempt, i.Method, i.Path, i.Kind, i.Key, i.Addresses)
	if i.Creates {
		line += fmt.Sprintf(", creates below %d beside %v what was sent as %s", i.Parent, i.Baseline, compact(i.Sent))
	}
	if i.Object != 0 {
		line += fmt.Sprintf(", changes %d", i.Object)
	}
	if i.Sends != nil {
		line += fmt.Sprintf(", sends versions %v", i.Sends)
	}
	return line
}

// Ack keeps what a call has made.
func (j *Journal) Ack(step int, id int64, why string) error {
	if id > 0 {
		j.mu.Lock()
		j.Made[step] = id
		j.mu.Unlock()
	}
	return j.say("ack", "%d %d %s", step, id, why)
}

// Respelled keeps the key that the server has in the place of the one that was sent.
func (j *Journal) Respelled(m record.Respelled) error {
	return j.say("respelled", "%s %v -> %v", m.Address, m.Sent, m.Kept)
}

// Failed forgets a call that was not carried out.
func (j *Journal) Failed(step int, why string) error {
	j.mu.Lock()
	delete(j.Begun, step)
	j.mu.Unlock()
	return j.say("failed", "%d %s", step, why)
}

// Unknown keeps a call of which nothing is known.
func (j *Journal) Unknown(step int, why string) error { return j.say("unknown", "%d %s", step, why) }
