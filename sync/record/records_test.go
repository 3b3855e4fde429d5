package record_test

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/record"
)

// Records that are not there say nothing of any object.
func TestNoRecords(t *testing.T) {
	var none *record.Records
	if v, known := none.VersionSent("a", "f", 1); v != 0 || known {
		t.Errorf("version %d", v)
	}
	if !none.Empty() || !(&record.Records{None: true}).Empty() || (&record.Records{}).Empty() {
		t.Error("there are records, or there are none")
	}
	if names := none.Names(schema.Builtin().Root()); names != nil {
		t.Errorf("%v", names)
	}
	if said := none.Missing() + ", " + (&record.Records{}).Missing(); said != "no run records, no run records" {
		t.Error(said)
	}
	k := &record.Records{Where: "DIR"}
	if said := k.Missing() + ", " + k.Missing(); said != "no run records in DIR, no such records" {
		t.Error(said)
	}
}

// A version counts for the object that it was sent to, where that is on record.
func TestVersionSent(t *testing.T) {
	k := &record.Records{Sent: map[string]map[string]record.Sent{"a": {"f": {Version: 3, ID: 7}, "g": {Version: 2}, "zero": {ID: 7}}}}
	for _, test := range []struct {
		address, field string
		id             int64
		want           string
	}{
		{"a", "f", 7, "3 true"}, {"a", "f", 8, "0 false"}, {"a", "f", 0, "0 false"}, {"a", "g", 7, "2 true"}, {"a", "g", 0, "2 true"},
		{"a", "h", 7, "0 false"}, {"b", "f", 7, "0 false"}, {"a", "h", 0, "0 false"}, {"a", "zero", 7, "0 true"},
	} {
		v, known := k.VersionSent(test.address, test.field, test.id)
		if got := fmt.Sprint(v, " ", known); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// What was begun and not settled is found by the name in the tenant, and can be looked for
// where the API lists the kind, or an administrator the tenants.
func TestUnsettled(t *testing.T) {
	c := schema.Builtin()
	listed, only := c.Kind("extension"), c.Kind("task_scheduler")
	k := &record.Records{}
	for i, kind := range []string{listed.Word, only.Word, "door", c.Root().Word, listed.Word, c.Limits().Word} {
		k.Open = append(k.Open, record.Open{Run: "R", Step: i + 1, Intent: record.Intent{Kind: kind, Key: fmt.Sprint("k", i%2)}})
	}
	if o := k.Unsettled(&schema.Object{Kind: only, Key: "k1"}); o == nil || o.String() != "run R, step 2" {
		t.Errorf("%v", o)
	}
	for _, o := range []*schema.Object{{Kind: only, Key: "k0"}, {Kind: listed, Key: "k1"}} {
		if x := k.Unsettled(o); x != nil {
			t.Errorf("%s: %v", o.Key, x)
		}
	}
	var got []string
	for _, o := range k.Lookable(c) {
		got = append(got, o.String())
	}
	if text := fmt.Sprint(got); text != "[run R, step 1 run R, step 4 run R, step 5]" {
		t.Error(text)
	}
}

// Names are those of one kind, in order.
func TestNames(t *testing.T) {
	c := schema.Builtin()
	k := &record.Records{Seen: map[record.Name][]record.Seen{}}
	for _, key := range strings.Split("hcadgbfe", "") {
		k.Seen[record.Name{Kind: "sound", Key: key}], k.Seen[record.Name{Kind: "did", Key: key + "2"}] = nil, nil
	}
	if got := fmt.Sprint(k.Names(c.Kind("sound"))); got != "[{sound a} {sound b} {sound c} {sound d} {sound e} {sound f} {sound g} {sound h}]" {
		t.Error(got)
	}
	o := &schema.Object{Kind: c.Kind("sound"), Key: "handle", Name: "a"}
	if n := record.NameOf(o); n != (record.Name{Kind: "sound", Key: "a"}) {
		t.Errorf("%v", n)
	}
}
