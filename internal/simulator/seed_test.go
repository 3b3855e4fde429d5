package simulator

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestSeedErrors(t *testing.T) {
	one := func(word string, v any) m {
		return m{"tenants": l{m{"settings": m{"id": 1, "prefix": "1"}, word: v}}}
	}
	for want, doc := range map[string]m{
		"clients: unknown":                            {"clients": l{}},
		"tenants: has to be a list":                   {"tenants": m{}},
		"tenants[0]: has to be a map":                 {"tenants": l{1}},
		"settings.prefix: is missing":                 {"tenants": l{m{}}},
		"tenants[0].door: is no kind":                 one("door", l{}),
		"tenants[0].phone: is no kind":                one("phone", l{}),
		"did[0].id: has to be a number above 0":       one("did", l{m{"id": "x"}}),
		"tenants[0].did: has to be a list":            one("did", m{}),
		"tenants[0].did[0].colour: unknown field":     one("did", l{m{"colour": "red"}}),
		"tenants[0].did[0].dealer: unknown field":     one("did", l{m{"dealer": true}}),
		"tenants[0].did[0].name: has to be text":      one("did", l{m{"name": 49}}),
		"did[1]: there is another did with id 5":      one("did", l{m{"id": 5, "name": "1"}, m{"id": 5, "name": "2"}}),
		"refers to extension 9, which is not there":   one("did", l{m{"name": "1", "extension_id": 9}}),
		"extension 101 is there 2 times":              one("extension", l{m{"name": "101"}, m{"name": "101"}}),
		"extension[0].phone: this object has none":    one("extension", l{m{"name": "101", "type": "queue", "phone": m{}}}),
		"extension[0].phone.colour: unknown field":    one("extension", l{m{"name": "101", "type": "phone", "phone": m{"colour": 1}}}),
		"interval[0].conditions[0].x: unknown field":  one("interval", l{m{"name": "i", "conditions": l{m{"x": 1}}}}),
		"local_agent[0].events[0].x: unknown field":   one("local_agent", l{m{"name": "a", "events": l{m{"x": 1}}}}),
		"settings.colour: unknown field":              {"tenants": l{m{"settings": m{"prefix": "1", "colour": 1}}}},
		"two tenants have the id 1":                   {"tenants": l{m{"settings": m{"id": 1, "prefix": "1"}}, m{"settings": m{"id": 1, "prefix": "2"}}}},
		"extension 1*101 (id 7) has the id of":        {"tenants": l{m{"settings": m{"prefix": "1"}, "extension": l{m{"id": 7, "name": "101"}}}, m{"settings": m{"prefix": "1"}, "extension": l{m{"id": 7, "name": "101"}}}}},
		"tenants[0].limit: has to be a map":           one("limit", l{}),
		"tenants[0].limit.extension_limit: has to be": one("limit", m{"extension_limit": "many"}),
	} {
		s := New(Options{})
		if err := s.Seed(doc); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if len(s.tenants) != 0 || s.Dirty() {
			t.Errorf("%q: a refused seed left something", want)
		}
	}
}

func TestSeedAssignsIDsBeyondTheGivenOnes(t *testing.T) {
	s := New(Options{})
	err := s.Seed(m{"tenants": l{m{"settings": m{"prefix": "1"}, "did": l{m{"name": "1"}, m{"id": 5000, "name": "2"}}, "ani": m{"default": "1"}}}})
	if err != nil {
		t.Fatal(err)
	}
	rows := s.Rows("did")
	if rows[0]["id"] != int64(5000) || rows[1]["id"].(int64) < 5001 {
		t.Errorf("%v", rows)
	}
	if ani := s.Rows("ani"); ani[0]["default"] != "1" {
		t.Errorf("%v", ani)
	}
}

func TestSaveAndLoad(t *testing.T) {
	b := newBox(t, Options{})
	b.ok("POST", "/client/12/interval/", m{"name": "Office", "timezone": "UTC", "conditions": l{m{"start_dow": 2}}})
	b.ok("POST", "/client/12/user/client/", m{"name": "A", "login": "alice", "password": "hunter2", "email": "a@b"})
	b.ok("PUT", "/client/12/ani/", m{"ani_number": "4930123456"})
	path := filepath.Join(t.TempDir(), "state.json")
	if !b.Dirty() {
		t.Error("not dirty after a seed")
	}
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := b.Save(path); err != nil || b.Dirty() {
		t.Fatalf("save: %v, dirty %v", err, b.Dirty())
	}
	b.ok("GET", "/client/12/did/", nil)
	b.refused("PUT", ext+"501", m{"x": 1}, 400, "x")
	if b.Dirty() {
		t.Error("dirty without a change")
	}
	first, _ := os.ReadFile(path)
	if strings.Contains(string(first), "hunter2") {
		t.Error("the password is in the file")
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	other := &box{Server: New(Options{}), t: t}
	if err := other.reload(path); err != nil {
		t.Fatalf("restore: %v", err)
	}
	if other.Dirty() {
		t.Error("dirty after load")
	}
	other.login()
	sameAnswers(t, b, other)
	if err := other.Save(path); err != nil {
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(path); string(second) != string(first) {
		t.Error("the bytes differ")
	}
	other.refused("DELETE", ext+"501", nil, 400, "is used by")
	other.refused("POST", ext, m{"name": "101", "type": "phone"}, 400, "already exists")
	if id := other.ok("POST", ext, m{"name": "150", "type": "phone"})["id"]; id != b.ok("POST", ext, m{"name": "150", "type": "phone"})["id"] {
		t.Errorf("the counter differs: %v", id)
	}
	if !other.Dirty() {
		t.Error("not dirty after a create")
	}
}

func sameAnswers(t *testing.T, a, b *box) {
	t.Helper()
	for _, k := range a.cat.Kinds {
		if x, y := a.Rows(k.Word), b.Rows(k.Word); !reflect.DeepEqual(x, y) {
			t.Errorf("%s: %v, %v", k.Word, x, y)
		}
	}
}

// reload restores what was saved in a file.
func (b *box) reload(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return b.Restore(data)
}

func TestRestoreRefusesWhatItDoesNotKnow(t *testing.T) {
	s := New(Options{})
	for text, want := range map[string]string{
		"{":             "unexpected EOF",
		`{"version":2}`: "version 2",
		`{"version":1,"tenants":[{"id":1,"objects":{"door":[]}}]}`:                                                  "no kind",
		`{"version":1,"tenants":[{"id":1,"objects":{"phone":[{"id":5,"parent_kind":"extension","parent_id":5}]}}]}`: "not there",
	} {
		if err := s.Restore([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestSeedTakesDecodedJSON(t *testing.T) {
	data, err := json.Marshal(seed())
	if err != nil {
		t.Fatal(err)
	}
	var doc m
	if err := json.Unmarshal(data, &doc); err != nil { // numbers are float64
		t.Fatal(err)
	}
	s := New(Options{})
	if err := s.Seed(doc); err != nil {
		t.Fatal(err)
	}
	sameAnswers(t, newBox(t, Options{}), &box{Server: s, t: t})
}
