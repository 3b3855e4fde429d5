package harness

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/evidence"
	"pbxsync/internal/faults"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
)

// edit is what somebody else does right before a call.
type edit struct {
	faults.Rule
	field   string // that is changed, of an update
	written bool   // the plan writes it
}

// edits are of every sort: of fields that the plan writes and of others, of objects that
// it changes, deletes, creates and does not know.
var edits = []edit{
	change("did", "493023125100", "extension_id", 502, true),
	change("did", "493023125101", "extension_id", 502, true),
	change("did", "493023125100", "comment", "by operator", false),
	change("extension", "190", "label", "by operator", true),
	change("extension", "190", "caller_id_name", "by operator", false),
	change("extension", "191", "label", "by operator", false),
	change("extension", "192", "name", "199", true), // which is to be deleted
	change("extension_group", "office", "extra_params", "by operator", true),
	change("interval", "Holidays", "timezone", "Asia/Tokyo", true),
	change("settings", "", "timezone", "Asia/Tokyo", true),
	change("settings", "", "language", "ru", false),
	change("variable", "THEIRS", "value", "by operator", false),
	{Rule: faults.Rule{Do: faults.Insert, Kind: "variable", Set: map[string]any{"var": "CRM", "value": "by operator"}}, field: "value", written: true},
	{Rule: faults.Rule{Do: faults.Remove, Kind: "extension", Key: "190"}},
	{Rule: faults.Rule{Do: faults.Remove, Kind: "extension", Key: "192"}},
	{Rule: faults.Rule{Do: faults.Remove, Kind: "extension_group", Key: "office"}},
	{Rule: faults.Rule{Do: faults.Remove, Kind: "interval", Key: "Holidays"}},
	{Rule: faults.Rule{Do: faults.Remove, Kind: "extension_group", Key: "strays"}},
	{Rule: faults.Rule{Do: faults.Insert, Kind: "extension_group", Set: map[string]any{"name": "sales", "extra_params": "by operator"}}},
	{Rule: faults.Rule{Do: faults.Insert, Kind: "extension", Set: map[string]any{"name": "102", "type": "fax", "status": "blocked"}}},
	{Rule: faults.Rule{Do: faults.Insert, Kind: "extension_group", Set: map[string]any{"name": "another stray"}}},
}

func change(kind, key, field string, value any, written bool) edit {
	return edit{faults.Rule{Do: faults.Update, Kind: kind, Key: key, Set: map[string]any{field: value}}, field, written}
}

// at is the edit right before the nth call of the API.
func (e edit) at(n int) edit {
	e.At = []int{n}
	return e
}

// schedules are all of one edit, and of two as many as are asked for.
func schedules(calls, pairs int, dice *rand.Rand) [][]edit {
	var out [][]edit
	for _, e := range edits {
		for n := 1; n <= calls; n++ {
			out = append(out, []edit{e.at(n)})
		}
	}
	for range pairs {
		out = append(out, []edit{edits[dice.IntN(len(edits))].at(1 + dice.IntN(calls)), edits[dice.IntN(len(edits))].at(1 + dice.IntN(calls))})
	}
	return out
}

// TestEdits lets somebody edit the tenant at every moment of a run: before it is read,
// between plan and write, right before a write, and while all is read again.
func TestEdits(t *testing.T) {
	s := sceneOf(t, "small")
	calls := 0
	bubble(t, func(t *testing.T) {
		w := newWorld(t, s)
		w.args = oneAtATime
		w.apply(nil)
		calls = len(w.records)
	})
	all := schedules(calls, evidence.Size(evidence.Quick(20, 60), 1500), diceOf("schedules", 0))
	if !evidence.Full() { // of the single ones a seventh, another moment of each
		all = slices.DeleteFunc(all, func(s []edit) bool { return len(s) == 1 && (s[0].At[0]+len(s[0].Kind))%7 != 0 })
	}
	var total sum
	right := each(t, len(all), func(t *testing.T, i int, v *verdict) {
		var rules []faults.Rule
		for _, e := range all[i] {
			rules = append(rules, e.Rule)
		}
		w := newWorld(t, s)
		w.args = oneAtATime
		w.rehearse(uint64(i), rules...)
		run := w.apply(nil)
		found := w.lost(all[i], run, &total)
		for _, v := range Check(w.history()) {
			if v.Invariant != "I1" && v.Invariant != "I7" { // other people's edits are no fault
				found = append(found, v.String())
			}
		}
		if len(found) == 0 {
			return
		}
		v.errorf("exit %d: %s", run.Exit, strings.Join(found, "; "))
		for _, r := range rules {
			v.errorf("%s %s %s %v before call %d", r.Do, r.Kind, r.Key, r.Set, r.At[0])
		}
		w.tell(v)
	})
	evidence.Add(t, evidence.Note{Row: "14", Tried: len(all), Right: right,
		Figure: fmt.Sprintf("edits lost outside the one round trip: %d; inside: %d; runs that stopped: %d of %d", len(all)-right, total.n["inside"], total.n["stopped"], len(all))})
}

// lost says which edits the run has overwritten although it could have seen them, and
// which it saw and did not speak of.
func (w *world) lost(schedule []edit, run Run, total *sum) []string {
	var out []string
	planned := w.planned()
	if run.Exit != 0 {
		total.add("stopped", 1)
	}
	for i, e := range schedule {
		rec := w.editOf(i + 1)
		if rec != nil && !rec.Committed && e.Do != faults.Remove && e.Key != "192" && len(schedule) == 1 {
			out = append(out, "the edit was not made: "+rec.Error)
		}
		if rec == nil || !rec.Committed || e.field == "" || overtaken(schedule, e) {
			continue
		}
		kept := w.has(rec, e)
		write, seen, last := w.around(rec)
		switch {
		case !kept && e.written && seen != nil && int(seen[0].Number) <= planned: // the plan shows it
		case !kept && e.Kind == "variable" && write != nil && write.Number == rec.Number:
			total.add("inside", 1) // one call writes them all, as they were a call before
		case !kept && (write == nil || !e.written):
			out = append(out, fmt.Sprintf("%s of %s %s is gone", e.field, e.Kind, e.Key))
		case !kept && seen != nil:
			out = append(out, fmt.Sprintf("%s of %s %s was seen by call %d and overwritten by call %d", e.field, e.Kind, e.Key, seen[0].Number, write.Number))
		case !kept && write.Number != rec.Number:
			out = append(out, fmt.Sprintf("%s of %s %s was not looked at before call %d", e.field, e.Kind, e.Key, write.Number))
		case !kept:
			total.add("inside", 1)
		case e.field == "name": // by another name it is a stray
		case kept && e.written && run.Exit == 0 && last >= rec.Number:
			out = append(out, fmt.Sprintf("%s of %s %s differs, and the run ended with 0", e.field, e.Kind, e.Key))
		}
	}
	return out
}

// overtaken reports whether another edit of the schedule concerns the same object.
func overtaken(schedule []edit, e edit) bool {
	n := 0
	for _, other := range schedule {
		if other.Kind == e.Kind {
			n++
		}
	}
	return n > 1
}

// planned is the number of the last call before the first write was announced.
func (w *world) planned() int {
	n := 0
	for _, e := range w.trace {
		switch {
		case e.What == Sent:
			n++
		case e.What == Synced && e.Synced.Type == journal.TypePlan:
			return n
		}
	}
	return n
}

// editOf is the record of the edit that a rule made.
func (w *world) editOf(rule int) *simulator.Record {
	for i, r := range w.records {
		if r.What == simulator.RecordEdit && r.Faults[0].Rule == rule {
			return &w.records[i]
		}
	}
	return nil
}

// has reports whether an object has the value of an edit.
func (w *world) has(rec *simulator.Record, e edit) bool {
	image := w.image()
	for _, o := range image.Objects {
		if o.Kind.Word == e.Kind && o.Tenant == tenant && (o.ID == rec.IDs[0] || o.Kind.Singleton() && len(o.Kind.Parents) == 0) {
			return fmt.Sprint(o.values[e.field]) == fmt.Sprint(e.Set[e.field])
		}
	}
	return false
}

// around finds the first write to an object after an edit, the looks at it in
// between, and the number of the last look of all.
func (w *world) around(rec *simulator.Record) (write *simulator.Record, seen []*simulator.Record, last int64) {
	for i := range w.records {
		r := &w.records[i]
		if r.What != simulator.RecordCall || r.Kind != rec.Kind || !about(r, rec.IDs[0]) {
			continue
		}
		if r.Method == http.MethodGet && r.Status == http.StatusOK {
			last = max(last, r.Number)
		}
		if r.Number < rec.Number || write != nil {
			continue
		}
		if r.Method == http.MethodGet {
			seen = append(seen, r)
		} else if r.Committed {
			write = r
		}
	}
	return write, seen, last
}

// about reports whether a call is about an object, or about all of its kind.
func about(r *simulator.Record, id int64) bool {
	path, _, _ := strings.Cut(r.Path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 3 { // the tenant itself
		return true
	}
	last := parts[len(parts)-1]
	return strings.Trim(last, "0123456789") != "" || last == fmt.Sprint(id)
}
