package diff

import (
	"encoding/json"
	"reflect"
	"testing"

	"pbxsync/schema"
)

// object is an object of a kind that has a field for each value, with the key it
// needs: call_status, whose list takes anything here.
func object(v map[string]any) *schema.Object {
	return &schema.Object{Kind: schema.Builtin().Kind("extension"), Key: "101", Values: v}
}

func TestFields(t *testing.T) {
	for _, tt := range []struct {
		name       string
		want, have map[string]any
		fields     []string
	}{
		{"nothing stated", nil, map[string]any{"label": "x"}, nil},
		{"equal", map[string]any{"label": "x"}, map[string]any{"label": "x", "status": "active"}, nil},
		{"nil and nothing", map[string]any{"label": nil}, nil, nil},
		{"nil and a value", map[string]any{"label": nil}, map[string]any{"label": "x"}, []string{"label"}},
		{"a value and null", map[string]any{"label": "x"}, map[string]any{"label": nil}, []string{"label"}},
		{"a value and what is not shown", map[string]any{"label": "x"}, nil, nil},
		{"the key is never a field", map[string]any{"name": "102"}, map[string]any{"name": "101"}, nil},
		{"what the kind does not know", map[string]any{"colour": "red"}, nil, nil},
		{"text and number", map[string]any{"label": "1", "dial_rule_limit": int64(1)}, map[string]any{"label": int64(1), "dial_rule_limit": int64(1)}, []string{"label"}},
		{"a list inside", map[string]any{"label": []any{"a", map[string]any{"b": int64(1)}}}, map[string]any{"label": []any{"a", map[string]any{"b": int64(2)}}}, []string{"label"}},
		{"a longer list", map[string]any{"label": []any{"a"}}, map[string]any{"label": []any{"a", "b"}}, []string{"label"}},
		{"references", map[string]any{"dial_rule": map[string]any{"dealer": "A"}, "extension_group": "g"},
			map[string]any{"dial_rule": map[string]any{"id": int64(1)}, "extension_group": "g"}, []string{"dial_rule"}},
		{"many, sorted", map[string]any{"status": "a", "label": "b", "extra_params": nil}, map[string]any{"extra_params": "x", "label": nil, "status": nil}, []string{"extra_params", "label", "status"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range fields(object(tt.want), object(tt.have), "") {
				got = append(got, f.Name)
				if !reflect.DeepEqual(f.Old, tt.have[f.Name]) || !reflect.DeepEqual(f.New, tt.want[f.Name]) || f.Unknown {
					t.Errorf("%+v", f)
				}
			}
			if !reflect.DeepEqual(got, tt.fields) {
				t.Errorf("%v, wanted %v", got, tt.fields)
			}
		})
	}
}

// FuzzFields: any two objects that JSON can hold can be compared, and the way
// there is empty exactly if the way back is.
func FuzzFields(f *testing.F) {
	for _, s := range []string{`{}`, `{"label": null}`, `{"label": "x", "status": 1}`, `{"label": [1, {"a": null}], "dial_rule": {"dealer": "D"}}`, `{"label": 1.5, "name": "k"}`, `{"label": {"a": []}}`} {
		for _, r := range []string{`{}`, `{"label": "x"}`, `{"label": [1, {"a": 0}]}`} {
			f.Add(s, r)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		var want, have map[string]any
		if json.Unmarshal([]byte(a), &want) != nil || json.Unmarshal([]byte(b), &have) != nil {
			return
		}
		for name := range want { // both state the same fields, so that the two ways see the same
			if _, ok := have[name]; !ok {
				delete(want, name)
			}
		}
		for name := range have {
			if _, ok := want[name]; !ok {
				delete(have, name)
			}
		}
		there, back := fields(object(want), object(have), ""), fields(object(have), object(want), "")
		if len(there) != len(back) {
			t.Fatalf("%v there, %v back", there, back)
		}
		for i := range there {
			if there[i].Name != back[i].Name || !reflect.DeepEqual(there[i].Old, back[i].New) || !reflect.DeepEqual(there[i].New, back[i].Old) {
				t.Errorf("%+v there, %+v back", there[i], back[i])
			}
			if i > 0 && there[i-1].Name >= there[i].Name {
				t.Errorf("%v is not sorted", there)
			}
		}
		if same := fields(object(want), object(want), ""); len(same) > 0 {
			t.Errorf("%v differs from itself: %v", want, same)
		}
	})
}
