package journal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// entries makes a record of a run.
func entries(t *testing.T, run string, list ...*Entry) *Record {
	t.Helper()
	var data []byte
	for _, e := range append([]*Entry{{Type: TypeHeader, Header: &Header{Format: Format, Run: run}}}, list...) {
		text, err := Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, text...)
	}
	r, err := Recover(data)
	if err != nil || r == nil || r.Torn {
		t.Fatalf("%v %v", r, err)
	}
	return r
}

func creating(step int, key string) *Entry {
	return &Entry{Type: TypeIntent, Step: step, Intent: &Intent{Method: "POST", Kind: "interval", Address: []string{"interval/" + key}, Creates: true, Key: key, Attempt: 1,
		Sends: map[string]map[string]int64{"interval/" + key: {"password": int64(step)}}}}
}

func changing(step int, method, key string, id int64) *Entry {
	return &Entry{Type: TypeIntent, Step: step, Intent: &Intent{Method: method, Kind: "interval", Address: []string{"interval/" + key}, Key: key, Object: id, Attempt: 1}}
}

func outcome(step int, what Type, id int64) *Entry { return &Entry{Type: what, Step: step, ID: id} }

func settled(run string, step int, how record.How, id int64) *Entry {
	return &Entry{Type: TypeSettled, Settled: &record.Settled{Run: run, Step: step, How: how, ID: id}}
}

func seen(k *record.Records, key string) string {
	return fmt.Sprint(k.Seen[record.Name{Kind: "interval", Key: key}])
}

// What a run acknowledged is known, and what is not known stays open until somebody says
// what became of it.
func TestKnown(t *testing.T) {
	made := entries(t, "r1", creating(1, "a"), outcome(1, TypeAck, 5), creating(2, "b"), outcome(2, TypeFailed, 0), creating(3, "c"), outcome(3, TypeUnknown, 0), creating(4, "d"))
	for _, test := range []struct {
		name             string
		records          []*Record
		a, b, c, d, open string
		sent             int64 // version of what was sent to a, 0 for none
	}{
		{"nothing", nil, "[]", "[]", "[]", "[]", "", 0},
		{"one run", []*Record{made}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 1},
		{"one was adopted", []*Record{made, entries(t, "r2", settled("r1", 3, record.Adopted, 7))}, "[{interval/a 5 }]", "[]", "[{interval/c 7 run r1, step 3}]", "[]", "d", 1},
		{"one was not made", []*Record{made, entries(t, "r2", settled("r1", 4, record.NotDone, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c", 1},
		{"one was forgotten", []*Record{made, entries(t, "r2", settled("r1", 3, record.Forgotten, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "d", 1},
		{"the last word counts", []*Record{made, entries(t, "r2", settled("r1", 3, record.Adopted, 7)), entries(t, "r3", settled("r1", 3, record.Adopted, 8))}, "[{interval/a 5 }]", "[]", "[{interval/c 8 run r1, step 3}]", "[]", "d", 1},
		{"of another run", []*Record{made, entries(t, "r2", settled("r9", 3, record.Adopted, 7), settled("r1", 9, record.Adopted, 7))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 1},
		{"changed later", []*Record{made, entries(t, "r2", changing(1, "PUT", "a", 5), outcome(1, TypeAck, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 1},
		{"made again", []*Record{made, entries(t, "r2", creating(1, "a"), outcome(1, TypeAck, 6))}, "[{interval/a 5 } {interval/a 6 }]", "[]", "[]", "[]", "c d", 1},
		{"deleted", []*Record{made, entries(t, "r2", changing(1, "DELETE", "a", 5), outcome(1, TypeAck, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 0},
		{"deleted, and it is the heir", []*Record{made, entries(t, "r2", changing(1, "DELETE", "a", 4), outcome(1, TypeAck, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 1},
		{"not deleted", []*Record{made, entries(t, "r2", changing(1, "DELETE", "a", 5), outcome(1, TypeFailed, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 1},
		{"maybe deleted", []*Record{made, entries(t, "r2", changing(1, "DELETE", "a", 5), outcome(1, TypeUnknown, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 1},
		{"maybe changed", []*Record{made, entries(t, "r2", changing(1, "PUT", "b", 9), outcome(1, TypeUnknown, 0))}, "[{interval/a 5 }]", "[]", "[]", "[]", "c d", 1},
		{"changed", []*Record{made, entries(t, "r2", changing(1, "PUT", "b", 9), outcome(1, TypeAck, 0))}, "[{interval/a 5 }]", "[{interval/b 9 }]", "[]", "[]", "c d", 1},
		{"no id", []*Record{entries(t, "r2", creating(1, "b"), outcome(1, TypeAck, 0))}, "[]", "[]", "[]", "[]", "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := Known(test.records)
			if got, want := seen(k, "a")+seen(k, "b")+seen(k, "c")+seen(k, "d"), test.a+test.b+test.c+test.d; got != want {
				t.Errorf("seen %s, want %s", got, want)
			}
			open := ""
			for i, o := range k.Open {
				if i > 0 {
					open += " "
				}
				open += o.Key
				if !o.Creates || o.Run != "r1" || o.Address != "interval/"+o.Key || o.Method != "POST" {
					t.Errorf("open: %+v", o)
				}
			}
			if open != test.open || k.None != (test.records == nil) || k.Sent["interval/a"]["password"].Version != test.sent {
				t.Errorf("open %s, want %s; none %v; sent %v", open, test.open, k.None, k.Sent)
			}
		})
	}
}

// A secret that was sent to an object whose create was adopted may not be there.
func TestKnownDoubtfulSecrets(t *testing.T) {
	made := entries(t, "r1", creating(3, "c"))
	k := Known([]*Record{made, entries(t, "r2", settled("r1", 3, record.Adopted, 7))})
	if got := k.Sent["interval/c"]["password"]; got != (record.Sent{Version: 3, ID: 7, Doubtful: true}) {
		t.Errorf("%+v", got)
	}
	k = Known([]*Record{made, entries(t, "r2", settled("r1", 3, record.Adopted, 7), &Entry{Type: TypeVerified, Verified: &record.Verified{
		Versions: map[string]map[string]record.Sent{"interval/c": {"password": {Version: 4, ID: 7}}, "interval/x": {"password": {Version: 2}}}}})})
	if k.Sent["interval/c"]["password"] != (record.Sent{Version: 4, ID: 7}) || k.Sent["interval/x"]["password"].Version != 2 {
		t.Errorf("what a run vouched for is not known: %+v", k.Sent)
	}
}

// What a server keeps in another form, and what was counted last, goes on.
func TestKnownRespelledAndVerified(t *testing.T) {
	m := record.Respelled{Address: "interval/a", ID: 5, Field: "name", Sent: "A", Kept: "a"}
	first := entries(t, "r1", &Entry{Type: TypeRespelled, Respelled: &m}, &Entry{Type: TypeVerified, Verified: &record.Verified{Objects: map[string]int{"interval": 3, "did": 2}, Protected: []string{"did/1"}}})
	second := entries(t, "r2", &Entry{Type: TypeVerified, Verified: &record.Verified{Objects: map[string]int{"interval": 4}}})
	third := entries(t, "r3", changing(1, "DELETE", "a", 5), changing(2, "DELETE", "a/part/b", 6), outcome(2, TypeAck, 0), changing(3, "DELETE", "b", 7), outcome(3, TypeFailed, 0), changing(4, "DELETE", "c", 8), outcome(4, TypeAck, 0))
	for _, test := range []struct {
		records   []*Record
		interval  int
		protected string
	}{{[]*Record{first}, 3, "[did/1]"}, {[]*Record{first, second}, 4, "[]"}, {[]*Record{first, second, third}, 2, "[]"}} {
		k := Known(test.records)
		if len(k.Respelled) != 1 || !reflect.DeepEqual(k.Respelled[0], m) {
			t.Errorf("%+v", k.Respelled)
		}
		if k.Verified.Objects["interval"] != test.interval || k.Verified.Objects["did"] != 2 || fmt.Sprint(k.Verified.Protected) != test.protected {
			t.Errorf("%d records: %+v", len(test.records), k.Verified)
		}
	}
}

// What an undo is told of a run: which steps began, what they made, what is open.
func TestPast(t *testing.T) {
	plan := json.RawMessage(`{"version":"` + plan.Version + `","wanted":[]}`)
	before := &record.Object{Address: "interval/a", Kind: "interval", ID: 5, Values: map[string]any{}}
	r := entries(t, "r1", &Entry{Type: TypeBefore, Before: before}, &Entry{Type: TypePlan, Plan: plan}, creating(1, "a"), outcome(1, TypeAck, 5), creating(2, "b"), outcome(2, TypeFailed, 0),
		creating(3, "c"), outcome(3, TypeUnknown, 0), creating(4, "d"), changing(5, "PUT", "e", 9), changing(6, "DELETE", "f", 8), outcome(6, TypeAck, 0),
		&Entry{Type: TypeIntent, Step: 7, Intent: &Intent{Method: "PUT", Creates: true, Address: []string{"x"}}})
	later := entries(t, "r2", settled("r1", 4, record.Adopted, 7))
	p, err := Past([]*Record{entries(t, "r0"), r, later}, "r1")
	if err != nil {
		t.Fatal(err)
	}
	if want := map[int]bool{1: true, 4: true, 5: true, 6: true, 7: true}; !reflect.DeepEqual(p.Begun, want) {
		t.Errorf("begun %v, want %v", p.Begun, want)
	}
	if want := map[int]int64{1: 5, 4: 7, 6: 0}; !reflect.DeepEqual(p.Made, want) {
		t.Errorf("made %v, want %v", p.Made, want)
	}
	if !reflect.DeepEqual(p.Open, []int{3}) || p.Run != "r1" || p.Plan == nil || len(p.Before) != 1 || p.Before[0].ID != 5 {
		t.Errorf("%+v", p)
	}
	if n := r.Count(TypeAck); n != 2 {
		t.Errorf("%d acknowledged", n)
	}
	if n := r.Count(TypeUnknown); n != 4 {
		t.Errorf("%d unknown", n)
	}
	if p, err := Past([]*Record{later}, "r2"); p != nil || err != nil {
		t.Errorf("a run without a plan: %v %v", p, err)
	}
	if p, err := Past([]*Record{r}, "r9"); p != nil || err != nil {
		t.Errorf("no such run: %v %v", p, err)
	}
	if p, err := Past([]*Record{entries(t, "r3", &Entry{Type: TypePlan, Plan: json.RawMessage(`1`)})}, "r3"); p != nil || err == nil {
		t.Errorf("no plan: %v %v", p, err)
	}
}

// An entry that lacks what its type is about is refused, also where it has what another
// type is about: whoever folds records does not ask again.
func TestEntriesThatLackSomething(t *testing.T) {
	all := Entry{Step: 1, Header: &Header{Format: Format}, Intent: &Intent{}, Finished: &Finished{}, Plan: json.RawMessage(`{}`), Before: &record.Object{}, Settled: &record.Settled{}, Respelled: &record.Respelled{}, Verified: &record.Verified{}}
	for what, cut := range map[Type]func(*Entry){
		TypeIntent:    func(e *Entry) { e.Intent = nil },
		TypeFinished:  func(e *Entry) { e.Finished = nil },
		TypePlan:      func(e *Entry) { e.Plan = nil },
		TypeBefore:    func(e *Entry) { e.Before = nil },
		TypeSettled:   func(e *Entry) { e.Settled = nil },
		TypeRespelled: func(e *Entry) { e.Respelled = nil },
		TypeVerified:  func(e *Entry) { e.Verified = nil },
	} {
		whole := all
		whole.Type = what
		lacking := whole
		cut(&lacking)
		head, _ := Encode(&Entry{Type: TypeHeader, Header: &Header{Format: Format}})
		for e, want := range map[*Entry]string{&whole: "", &lacking: fmt.Sprintf("line 2: an entry of type %q lacks what it is about", what)} {
			text, err := Encode(e)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Recover(append(append([]byte(nil), head...), text...))
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				Known([]*Record{r})
			}
			if got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
	}
}

// Only what says how a call ended is the outcome of its step.
func TestOutcomes(t *testing.T) {
	r := entries(t, "r1", creating(1, "a"), outcome(1, TypeAck, 5), &Entry{Type: TypeFinished, Step: 1, Finished: &Finished{}}, outcome(2, TypeAck, 6))
	if s := r.Steps(); len(s) != 1 || s[0].Outcome != TypeAck || s[0].ID != 5 {
		t.Errorf("%+v", s)
	}
	again := creating(1, "a")
	r = entries(t, "r1", creating(1, "a"), outcome(1, TypeFailed, 0), again)
	if s := r.Steps(); len(s) != 1 || s[0].Outcome != TypeUnknown || s[0].ID != 0 {
		t.Errorf("what was sent once more: %+v", s[0])
	}
}

// What an answer has told stands, whatever is said of the call later.
func TestAnswerBeforeSettlement(t *testing.T) {
	made := entries(t, "r1", creating(1, "a"), outcome(1, TypeAck, 5))
	later := entries(t, "r2", settled("r1", 1, record.Adopted, 9))
	k := Known([]*Record{made, later})
	if got := seen(k, "a"); got != "[{interval/a 5 }]" || k.Sent["interval/a"]["password"].Doubtful {
		t.Errorf("%s %+v", got, k.Sent)
	}
}
