package harness

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
)

// This file has the invariants, in their order. Each returns what speaks against it.

func (h *History) asWanted() []string {
	if h.last().Exit != 0 || h.last().Killed {
		return nil
	}
	return h.differs("in the end", h.After)
}

func (h *History) differs(when string, m *Image) []string {
	lost, extra := missing(h.Wanted.Canonical(), h.withoutGuests(m))
	var out []string
	for _, line := range lost {
		out = append(out, when+" there is no "+line)
	}
	for _, line := range extra {
		out = append(out, when+" there is "+line)
	}
	return out
}

func (h *History) explained() []string {
	acks := map[int64]int{}
	for _, r := range h.Journal {
		creates := map[int]bool{} // step -> its last intent was a create
		for _, e := range r.Entries {
			switch {
			case e.Type == journal.TypeIntent:
				creates[e.Step] = e.Intent.Creates
			case e.Type == journal.TypeAck && e.ID > 0 && creates[e.Step]:
				acks[e.ID]++
			case e.Type == journal.TypeSettled && e.Settled.ID > 0:
				acks[e.Settled.ID]++
			}
		}
	}
	var out []string
	made := h.created()
	for _, r := range h.own() {
		if h.creates(r) && acks[r.IDs[0]] != 1 && !(acks[r.IDs[0]] == 0 && h.asked(r.IDs[0])) {
			out = append(out, fmt.Sprintf("%s %s made id %d, and %d lines say so", r.Method, r.Path, r.IDs[0], acks[r.IDs[0]]))
		}
	}
	for id := range acks {
		if !made[id] {
			out = append(out, fmt.Sprintf("the records say that id %d was made, and no call made it", id))
		}
	}
	out = append(out, h.unwritten()...)
	slices.Sort(out)
	return out
}

// unwritten: a run that says that all is well has recorded what it has made.
func (h *History) unwritten() []string {
	var out []string
	for i, run := range h.Runs {
		if run.Exit != 0 || run.Killed {
			continue
		}
		for _, r := range h.Records[run.From:run.To] {
			if r.What != simulator.RecordCall || !r.Committed || !h.creates(r) {
				continue
			}
			if !slices.ContainsFunc(h.Trace, func(e Event) bool {
				return e.Run == i+1 && e.What == Synced && e.Synced.Type == journal.TypeAck && e.Synced.ID == r.IDs[0]
			}) {
				out = append(out, fmt.Sprintf("run %d ended with 0 and has not recorded that it made id %d", i+1, r.IDs[0]))
			}
		}
	}
	return out
}

// asked reports whether a create needs no explanation: the program has named the object
// and left it to a person, it may still find it because it was killed last, or
// somebody took it away before.
func (h *History) asked(id int64) bool {
	return h.last().Killed || h.edited()[id] && h.After.names[id] == "" || slices.ContainsFunc(h.Runs, func(r Run) bool {
		return r.Exit == 7 && strings.Contains(r.Output, fmt.Sprint(id))
	})
}

func (h *History) foreign() []string {
	var out []string
	named, edited := h.managed(), h.edited()
	for _, o := range h.Before.Objects {
		now := h.After.find(o.Kind, o.ID)
		switch {
		case named[o.Name] || edited[o.ID]:
		case now == nil:
			out = append(out, o.Name+" is gone")
		case now.Text != o.Text:
			out = append(out, fmt.Sprintf("%s was %s and is %s", o.Name, o.Text, now.Text))
		}
	}
	for _, r := range h.own() {
		for _, id := range r.IDs {
			k := h.kind(r.Kind)
			o := h.After.find(k, id)
			if h.inserted()[id] && !h.creates(r) && k != nil && !k.Singleton() && (o == nil || !named[o.Name]) {
				out = append(out, fmt.Sprintf("%s %s wrote to what somebody else had made", r.Method, r.Path))
			}
		}
	}
	return out
}

func (h *History) secret() []string {
	var out []string
	look := func(where, text string) {
		for i, s := range h.Secrets {
			for how, form := range Encodings(s) {
				if strings.Contains(text, form) {
					out = append(out, fmt.Sprintf("%s: secret %d is there (%s)", where, i+1, how))
				}
			}
		}
	}
	for i, r := range h.Runs {
		look(fmt.Sprintf("output of run %d", i+1), r.Output)
	}
	look("run records", h.Written)
	for _, r := range h.Records {
		look("URL", r.Path)
	}
	slices.Sort(out)
	return out
}

func (h *History) again() []string {
	var out []string
	for i, run := range h.Runs {
		if !run.Again {
			continue
		}
		for _, r := range h.Records[run.From:run.To] {
			if r.What == simulator.RecordCall && r.Method != http.MethodGet {
				out = append(out, fmt.Sprintf("run %d: %s %s", i+1, r.Method, r.Path))
			}
		}
	}
	return out
}

func (h *History) references() []string {
	var out []string
	for _, o := range h.After.Objects {
		for _, f := range o.Kind.Fields {
			id, ok := numberOf(o.values[f.API])
			if f.Ref == nil || f.RefBy != "" || !ok || id == 0 {
				continue
			}
			if h.After.find(f.Ref, id) == nil {
				out = append(out, fmt.Sprintf("%s.%s is %d, and no %s has that id", o.Name, f.API, id, f.Ref.Word))
			}
		}
	}
	return out
}

func numberOf(v any) (int64, bool) {
	n, ok := v.(interface{ Int64() (int64, error) })
	if !ok {
		return 0, false
	}
	id, err := n.Int64()
	return id, err == nil
}

// truth: fine means as wanted and looked at, and what was refused has written nothing.
func (h *History) truth() []string {
	var out []string
	for i, run := range h.Runs {
		if run.Exit == 0 && !run.Killed {
			out = append(out, h.unread(i)...)
		}
		switch {
		case run.Killed:
		case run.Exit == 0 && !run.Edited:
			out = append(out, h.differs(fmt.Sprintf("after run %d, which ended with 0,", i+1), run.After)...)
		case run.Exit != 0 && strings.TrimSpace(run.Output) == "":
			out = append(out, fmt.Sprintf("run %d ended with %d and said nothing", i+1, run.Exit))
		case slices.Contains([]int{1, 3, 5, 6, 8}, run.Exit):
			for _, r := range h.Records[run.From:run.To] {
				if !r.Foreign && r.Committed && r.Method != http.MethodGet && r.What == simulator.RecordCall {
					out = append(out, fmt.Sprintf("run %d ended with %d, which says that nothing was written, after %s %s", i+1, run.Exit, r.Method, r.Path))
				}
			}
		}
	}
	return out
}

// unread lists the kinds to which a run has written and which it has not read again.
func (h *History) unread(n int) []string {
	open := map[string]bool{}
	for _, r := range h.Records[h.Runs[n].From:h.Runs[n].To] {
		switch {
		case r.Method == http.MethodGet:
			delete(open, r.Kind)
		case r.What == simulator.RecordCall && r.Committed && !r.Foreign && r.Kind != "":
			open[r.Kind] = true
		}
	}
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(open)) {
		out = append(out, fmt.Sprintf("run %d ended with 0 and did not read %s again", n+1, kind))
	}
	return out
}

func (h *History) amplified() []string {
	var out []string
	for n := range h.Runs {
		steps, sent := map[int]bool{}, 0
		for _, e := range h.Trace {
			switch {
			case e.Run != n+1:
			case e.What == Sent && e.Method != http.MethodGet:
				sent++
			case e.What == Answered && e.Method != http.MethodGet && e.Status == http.StatusUnauthorized:
				sent-- // its token had ended: it was not carried out, and is sent with a new one
			case e.What == Synced && e.Synced.Type == journal.TypeIntent:
				steps[e.Synced.Step] = true
			}
		}
		if sent > 4*len(steps) {
			out = append(out, fmt.Sprintf("run %d sent %d writes for %d steps", n+1, sent, len(steps)))
		}
	}
	return out
}

func (h *History) elsewhere() []string {
	var out []string
	for _, e := range h.Trace {
		if e.What != Sent {
			continue
		}
		if e.Host != h.Host {
			out = append(out, fmt.Sprintf("%s %s went to %s", e.Method, e.Path, e.Host))
		}
		parts := strings.Split(strings.TrimPrefix(e.Path, "/admin"), "/")
		if e.Method != http.MethodGet && len(parts) > 2 && parts[1] == "client" && parts[2] != fmt.Sprint(h.Tenant) && parts[2] != "@me" {
			out = append(out, fmt.Sprintf("%s %s is another tenant's", e.Method, e.Path))
		}
	}
	return out
}

// announced: an intent on disk allows one create to be sent; once more only where the
// answer says for certain that nothing was done. Other writes may be repeated.
func (h *History) announced() []string {
	var out []string
	allowed := map[string]int{} // run, method and path -> how many may be sent
	for _, e := range h.Trace {
		key := fmt.Sprint(e.Run, e.Method, e.Path)
		switch {
		case e.What == Synced && e.Synced.Type == journal.TypeIntent:
			i := e.Synced.Intent
			path, _, _ := strings.Cut(i.Path, "?")
			allowed[fmt.Sprint(e.Run, i.Method, path)]++
		case e.Method == http.MethodGet:
		case e.What == Sent && allowed[key] < 1:
			out = append(out, fmt.Sprintf("run %d sent %s %s without a line on disk that allows it", e.Run, e.Method, e.Path))
		case e.What == Sent && e.Method == http.MethodPost:
			allowed[key]--
		case e.What == Answered && e.Method == http.MethodPost && (e.Status == http.StatusUnauthorized || e.Status == http.StatusTooManyRequests):
			allowed[key]++
		}
	}
	return out
}
