package harness

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
	"pbxsync/sync/record"
)

// honest is the history of a run without a fault and of one more.
func honest(t *testing.T) *History {
	t.Helper()
	s := sceneOf(t, "tenant")
	var h *History
	bubble(t, func(t *testing.T) {
		w := newWorld(t, s)
		w.apply(nil)
		w.apply(nil)
		w.runs[1].Again = true
		h = w.history()
	})
	return h
}

// without returns an image that lacks the objects with a name.
func (m *Image) without(name string) *Image {
	return &Image{names: m.names, Objects: slices.DeleteFunc(slices.Clone(m.Objects), func(o Object) bool { return o.Name == name })}
}

// with returns an image in which an object has another value.
func (m *Image) with(name, field string, value any) *Image {
	out := &Image{names: m.names}
	for _, o := range m.Objects {
		if o.Name == name {
			values := map[string]any{}
			for k, v := range o.values {
				values[k] = v
			}
			values[field] = value
			o.values, o.Text = values, asJSON(values)
		}
		out.Objects = append(out.Objects, o)
	}
	return out
}

// doubled returns an image in which an object is there twice.
func (m *Image) doubled(name string) *Image {
	out := &Image{names: m.names}
	for _, o := range m.Objects {
		out.Objects = append(out.Objects, o)
		if o.Name == name {
			o.ID = 7777
			out.Objects = append(out.Objects, o)
		}
	}
	return out
}

// firstOf returns the first record of a call that was carried out.
func (h *History) firstOf(method string) *simulator.Record {
	for i := range h.Records {
		if r := &h.Records[i]; r.Method == method && r.Committed && len(r.IDs) > 0 {
			return r
		}
	}
	return nil
}

// firstAck takes the entries of the first record of a run, with the place of its first ack.
func (h *History) firstAck() (r *journal.Record, at int) {
	r = h.Journal[0]
	return r, slices.IndexFunc(r.Entries, func(e *journal.Entry) bool { return e.Type == journal.TypeAck && e.ID > 0 })
}

func call(what, method, path string, status int) Event {
	return Event{What: what, Run: 1, Method: method, Path: path, Host: host, Status: status}
}

func intent(step int, method, path string) Event {
	return Event{What: Synced, Run: 1, Synced: journal.Entry{Type: journal.TypeIntent, Step: step, Intent: &journal.Intent{Method: method, Path: path}}}
}

// TestCheck breaks a good history in every way, and the checker has to say so.
func TestCheck(t *testing.T) {
	if found := Check(honest(t)); len(found) > 0 {
		t.Fatalf("%v", found)
	}
	const group = "/client/12/extension_group/"
	for _, tt := range []struct {
		invariant, name string
		do              func(h *History)
	}{
		{"I1", "something is missing", func(h *History) { h.After = h.After.without("extension/101") }},
		{"I1", "something is there twice", func(h *History) { h.After = h.After.doubled("extension_group/sales") }},
		{"I1", "a value differs", func(h *History) { h.After = h.After.with("extension/190", "label", "x") }},
		{"I2", "no line says that it was made", func(h *History) {
			r, at := h.firstAck()
			r.Entries = slices.Delete(slices.Clone(r.Entries), at, at+1)
		}},
		{"I2", "two lines say so", func(h *History) {
			r, at := h.firstAck()
			r.Entries = slices.Insert(slices.Clone(r.Entries), at, r.Entries[at])
		}},
		{"I2", "a later run adopts it too", func(h *History) {
			r, at := h.firstAck()
			r.Entries = append(slices.Clone(r.Entries), settledAs(r.Entries[at].ID))
		}},
		{"I2", "what was never made is said to be there", func(h *History) {
			r, _ := h.firstAck()
			r.Entries = append(slices.Clone(r.Entries), settledAs(7777))
		}},
		{"I2", "made twice", func(h *History) {
			r := *h.firstOf(http.MethodPost)
			r.IDs = []int64{7777}
			h.Records = append(h.Records, r)
		}},
		{"I3", "a stray has another value", func(h *History) { h.After = h.After.with("extension/191", "label", "x") }},
		{"I3", "a stray is gone", func(h *History) { h.After = h.After.without("extension_group/strays") }},
		{"I3", "what the dealer shares is gone", func(h *History) { h.After = h.After.without("dial_rule/Inside") }},
		{"I3", "what somebody made in the meantime is written to", func(h *History) {
			h.Records = append(h.Records, simulator.Record{What: simulator.RecordEdit, Kind: "extension", IDs: []int64{7777}, Committed: true, Foreign: true},
				simulator.Record{What: simulator.RecordCall, Method: http.MethodPut, Kind: "extension", IDs: []int64{7777}, Committed: true})
		}},
		{"I4", "in an output", func(h *History) { h.Runs[0].Output += "password " + alice }},
		{"I4", "in the records, in hex", func(h *History) { h.Written += hex.EncodeToString([]byte(alice)) }},
		{"I4", "in a URL", func(h *History) { h.Records[0].Path += "?q=" + url.QueryEscape(alice) }},
		{"I5", "another run writes", func(h *History) {
			h.Records = append(h.Records, simulator.Record{What: simulator.RecordCall, Method: http.MethodPut})
			h.Runs[1].To++
		}},
		{"I6", "a reference leads nowhere", func(h *History) { h.After = h.After.with("did/493023125100", "extension_id", json.Number("7777")) }},
		{"I7", "fine, and something was missing", func(h *History) { h.Runs[0].After = h.Before }},
		{"I7", "nothing was written, it says", func(h *History) { h.Runs[0].Exit = 6 }},
		{"I2", "fine, and it was not recorded", func(h *History) {
			h.Trace = slices.DeleteFunc(h.Trace, func(e Event) bool { return e.Synced.Type == journal.TypeAck })
		}},
		{"I7", "fine, and it was not read again", func(h *History) {
			h.Records = append(h.Records, simulator.Record{What: simulator.RecordCall, Method: http.MethodPut, Kind: "did", Committed: true})
			h.Runs[1].To++
		}},
		{"I7", "it says nothing", func(h *History) { h.Runs[0].Exit, h.Runs[0].Output = 4, "" }},
		{"I8", "sent five times", func(h *History) {
			h.Trace = []Event{intent(1, "PUT", group+"1")}
			for range 5 {
				h.Trace = append(h.Trace, call(Sent, "PUT", group+"1", 0))
			}
		}},
		{"I8", "sent five times, and its token had not ended", func(h *History) {
			h.Trace = []Event{intent(1, "PUT", group+"1"), call(Answered, "PUT", group+"1", 403)}
			for range 5 {
				h.Trace = append(h.Trace, call(Sent, "PUT", group+"1", 0))
			}
		}},
		{"I9", "another server", func(h *History) {
			e := call(Sent, "GET", group, 0)
			e.Host = "evil.example"
			h.Trace = append(h.Trace, e)
		}},
		{"I9", "another tenant", func(h *History) {
			h.Trace = append(h.Trace, intent(1, "PUT", "/client/99/extension_group/1"), call(Sent, "PUT", "/client/99/extension_group/1", 0))
		}},
		{"I10", "no line before it", func(h *History) { h.Trace = append(h.Trace, call(Sent, "POST", group, 0)) }},
		{"I10", "the line comes after it", func(h *History) {
			h.Trace = append(h.Trace, call(Sent, "POST", group, 0), intent(1, "POST", group))
		}},
		{"I10", "an update without a line", func(h *History) { h.Trace = append(h.Trace, call(Sent, "PUT", group+"1", 0)) }},
		{"I10", "once more after 503", func(h *History) {
			h.Trace = append(h.Trace, intent(1, "POST", group), call(Sent, "POST", group, 0), call(Answered, "POST", group, 503), call(Sent, "POST", group, 0))
		}},
		{"I10", "the line is another run's", func(h *History) {
			e := call(Sent, "POST", group, 0)
			e.Run = 2
			h.Trace = append(h.Trace, intent(1, "POST", group), e)
		}},
		{"", "once more after 401", func(h *History) {
			h.Trace = append(h.Trace, intent(1, "POST", group), call(Sent, "POST", group, 0), call(Answered, "POST", group, 401), call(Sent, "POST", group, 0))
		}},
		{"", "what a person was asked for", func(h *History) {
			r := *h.firstOf(http.MethodPost)
			r.IDs = []int64{7777}
			h.Records = append(h.Records, r)
			h.Runs[1] = Run{Exit: 7, Output: "ids 1005 7777", From: h.Runs[1].From, To: h.Runs[1].To, After: h.After}
		}},
	} {
		h := honest(t)
		tt.do(h)
		found := Check(h)
		if tt.invariant == "" && len(found) > 0 {
			t.Errorf("%s: %v", tt.name, found)
		}
		if tt.invariant != "" && !slices.ContainsFunc(found, func(v Violation) bool { return v.Invariant == tt.invariant }) {
			t.Errorf("%s: %s: %v", tt.invariant, tt.name, found)
		}
	}
}

func settledAs(id int64) *journal.Entry {
	return &journal.Entry{Type: journal.TypeSettled, Settled: &record.Settled{ID: id}}
}

// A call whose token had ended was not carried out, and is no try of its step.
func TestEndedTokensAreNoTries(t *testing.T) {
	const path = "/client/12/extension_group/1"
	h := &History{Runs: make([]Run, 1), Trace: []Event{intent(1, "PUT", path)}}
	for range 4 {
		h.Trace = append(h.Trace, call(Sent, "PUT", path, 0))
	}
	h.Trace = append(h.Trace, call(Answered, "PUT", path, 401), call(Sent, "PUT", path, 0))
	if found := h.amplified(); len(found) > 0 {
		t.Error(found)
	}
	if h.Trace = append(h.Trace, call(Sent, "PUT", path, 0)); len(h.amplified()) != 1 {
		t.Error("five tries are not noticed")
	}
}
