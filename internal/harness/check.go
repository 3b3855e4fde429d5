package harness

import (
	"net/http"
	"slices"
	"strings"

	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
)

// History is everything that happened in a world.
type History struct {
	Tenant  int64  // id of the tenant that the program was told to change
	Host    string // and of the server
	Before  *Image
	Wanted  *Image // what a run without a fault makes of Before
	After   *Image
	Records []simulator.Record // of the server, in the order in which they were written
	Trace   []Event            // of the client's side, in its order
	Journal []*journal.Record  // run records as they are on disk in the end
	Runs    []Run
	Secrets []string // that must not be found anywhere
	Written string   // the bytes of the run records
}

// Run is one start of the program.
type Run struct {
	Exit     int
	Killed   bool
	Output   string // standard output and error
	From, To int    // its calls among the records
	After    *Image // of a run that ended by itself
	Again    bool   // nothing was left to do when it began
	Edited   bool   // somebody else changed the tenant meanwhile, perhaps after it was read again
}

// Event is something that reached the disk or the wire, or the answer to it.
type Event struct {
	What   string // one of the words below
	Run    int    // from 1
	Method string
	Path   string // below the API's base, without the query
	Host   string
	Status int           // of an answer; 0: none came
	Synced journal.Entry // what is on disk from now on
}

// The words for events.
const (
	Synced   = "synced"
	Sent     = "sent"
	Answered = "answered"
)

// Violation is an invariant that does not hold, with the evidence.
type Violation struct{ Invariant, Text string }

// String is a line for people.
func (v Violation) String() string { return v.Invariant + ": " + v.Text }

// Invariants says what is checked.
var Invariants = []struct {
	Name, Text string
	check      func(*History) []string
}{
	{"I1", "after exit 0 the live objects are the wanted ones", (*History).asWanted},
	{"I2", "every create that was carried out is explained by one line of the records", (*History).explained},
	{"I3", "what is not ours is as it was", (*History).foreign},
	{"I4", "no secret was written down or printed", (*History).secret},
	{"I5", "another run writes nothing", (*History).again},
	{"I6", "references lead to objects that are there", (*History).references},
	{"I7", "the exit code tells the truth", (*History).truth},
	{"I8", "no step is sent more than four times, where its token is in force", (*History).amplified},
	{"I9", "no call went to another server, no write to another tenant", (*History).elsewhere},
	{"I10", "no write was sent before its line was on disk, and no create twice", (*History).announced},
}

// Check judges a history.
func Check(h *History) []Violation {
	var out []Violation
	for _, i := range Invariants {
		for _, text := range i.check(h) {
			out = append(out, Violation{i.Name, text})
		}
	}
	return out
}

func (h *History) last() Run { return h.Runs[len(h.Runs)-1] }

// inserted are the objects that other people made, by id.
func (h *History) inserted() map[int64]bool {
	own, out := h.created(), map[int64]bool{}
	for _, r := range h.Records {
		if r.What == simulator.RecordEdit && r.Committed && len(r.IDs) == 1 && !own[r.IDs[0]] {
			if k := h.kind(r.Kind); k != nil && h.Before.find(k, r.IDs[0]) == nil {
				out[r.IDs[0]] = true
			}
		}
	}
	return out
}

// edited are the ids of what somebody else has written to.
func (h *History) edited() map[int64]bool {
	out := map[int64]bool{}
	for _, r := range h.Records {
		if r.Foreign {
			for _, id := range r.IDs {
				out[id] = true
			}
		}
	}
	return out
}

func (h *History) kind(word string) *schema.Kind {
	for _, m := range []*Image{h.Before, h.Wanted, h.After} {
		for _, o := range m.Objects {
			if o.Kind.Word == word {
				return o.Kind
			}
		}
	}
	return nil
}

// own are the writes of the program that were carried out.
func (h *History) own() []simulator.Record {
	return slices.DeleteFunc(slices.Clone(h.Records), func(r simulator.Record) bool {
		return r.Foreign || !r.Committed || r.Method == http.MethodGet
	})
}

// creates reports whether a record is a create of one object with an id.
func (h *History) creates(r simulator.Record) bool {
	k := h.kind(r.Kind)
	return r.Method == http.MethodPost && len(r.IDs) == 1 && (k == nil || k.Behaviour != schema.ManyInOneCall) && !strings.HasSuffix(r.Template, "}/")
}

func (h *History) created() map[int64]bool {
	out := map[int64]bool{}
	for _, r := range h.own() {
		if h.creates(r) {
			out[r.IDs[0]] = true
		}
	}
	return out
}

// withoutGuests returns the lines of an image without what other people made and no
// file names: it may be there or not.
func (h *History) withoutGuests(m *Image) []string {
	guests, named := h.inserted(), h.managed()
	kept := Image{names: m.names}
	guest := map[int64]bool{} // of these, what came with them
	for _, o := range m.Objects {
		if !o.Kind.Singleton() && guests[o.ID] && !named[o.Name] {
			guest[o.ID] = true
		}
	}
	for _, o := range m.Objects {
		if !(guest[o.ID] && !o.Kind.Singleton() || guest[o.Parent] && o.Kind.Singleton() && !named[o.Name]) {
			kept.Objects = append(kept.Objects, o)
		}
	}
	return kept.Canonical()
}

// managed are the names of the objects that a run without faults makes or changes.
func (h *History) managed() map[string]bool {
	out := map[string]bool{}
	for _, o := range h.Wanted.Objects {
		if old := h.Before.find(o.Kind, o.ID); old == nil || old.Name != o.Name || h.Before.line(*old) != h.Wanted.line(o) {
			out[o.Name] = true
		}
	}
	for _, o := range h.Before.Objects {
		if now := h.Wanted.find(o.Kind, o.ID); now == nil {
			out[o.Name] = true
		}
	}
	return out
}
