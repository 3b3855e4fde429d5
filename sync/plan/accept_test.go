package plan

import (
	"encoding/json"
	"testing"

	"pbxsync/diff"
	"pbxsync/sync/record"
)

// What was answered for is as it was wanted, what was only begun is not known any more, and what
// certainly was not carried out is as before.
func TestAccept(t *testing.T) {
	done, begun, failed := Outcome{true, true}, Outcome{Begun: true}, Outcome{}
	object := func(address, key string, values map[string]any) record.Object {
		return record.Object{Address: address, Kind: "k", Key: key, Values: values}
	}
	for _, tt := range []struct {
		name   string
		action diff.Action
		wanted Wanted
		steps  []Outcome
		want   string
	}{
		{"updated", diff.Update, Wanted{Object: object("k/a", "a", map[string]any{"f": "new"})}, []Outcome{done}, `{"k/a":{"f":"new","g":"kept"}}`},
		{"perhaps updated", diff.Update, Wanted{Object: object("k/a", "a", map[string]any{"f": "new"})}, []Outcome{begun}, `{"k/a":{"g":"kept"}}`},
		{"in part", diff.Update, Wanted{Object: object("k/a", "a", map[string]any{"f": "new"})}, []Outcome{done, failed}, `{"k/a":{"g":"kept"}}`},
		{"not updated", diff.Update, Wanted{Object: object("k/a", "a", map[string]any{"f": "new"})}, []Outcome{failed}, `{"k/a":{"f":"old","g":"kept"}}`},
		{"deleted", diff.Delete, Wanted{Object: object("k/a", "a", nil), Absent: true}, []Outcome{done}, `{"k/a":"absent"}`},
		{"perhaps deleted", diff.Delete, Wanted{Object: object("k/a", "a", nil), Absent: true}, []Outcome{begun}, `{}`},
		{"pruned", diff.Delete, Wanted{Object: object("k/a", "a", nil), Absent: true, Pruned: true}, []Outcome{done}, `{}`},
		{"made again", diff.Replace, Wanted{Object: object("k/a", "a", map[string]any{"f": "new"})}, []Outcome{done, done}, `{"k/a":{"f":"new"}}`},
		{"renamed", diff.Rename, Wanted{Object: object("k/b", "b", map[string]any{"f": "old"}), Renamed: []string{"a"}}, []Outcome{done}, `{"k/b":{"f":"old","g":"kept"}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &Value{Wanted: []Wanted{tt.wanted}, Changes: []Change{{Action: tt.action, Address: tt.wanted.Address, Fields: []FieldChange{{Name: "f", New: "new"}}}}}
			steps := map[int]Outcome{}
			for i, o := range tt.steps {
				v.Steps = append(v.Steps, Step{Number: i + 1, Changes: []string{tt.wanted.Address}})
				steps[i+1] = o
			}
			objects := map[string]*record.Stated{"k/a": {Object: object("k/a", "a", map[string]any{"f": "old", "g": "kept"})}}
			v.Accept(objects, steps)
			got := map[string]any{}
			for a, o := range objects {
				if got[a] = o.Values; o.Absent {
					got[a] = "absent"
				}
			}
			if data, _ := json.Marshal(got); string(data) != tt.want {
				t.Errorf("%s, want %s", data, tt.want)
			}
		})
	}
}
