package sync

import (
	"reflect"
	"slices"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// engines are the options that the engine itself reads.
var engines = []string{"FailOn", "Allow", "Secrets", "Only", "Judge", "RevertDrift", "Rules", "RereadAll"}

// rooms are what the engine gives the rooms besides, where the call is about it.
var rooms = []string{"Journal", "Run", "Keep", "Respelled", "Leave"}

// Options are handed on to two rooms field by field: none may be forgotten there.
func TestOptionsAreHandedOn(t *testing.T) {
	o := Options{Folder: struct{ schema.Folder }{}, Allow: Allowed{Hangup: []string{"x"}, Fewer: []string{"x"}}}
	all := reflect.ValueOf(&o).Elem()
	for i := range all.NumField() {
		switch f := all.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Int, reflect.Int64:
			f.SetInt(1)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		case reflect.Func:
			f.Set(reflect.MakeFunc(f.Type(), nil))
		}
		if all.Field(i).IsZero() {
			t.Fatalf("%s is not set here", all.Type().Field(i).Name)
		}
	}
	handed := map[string]bool{}
	w := (&Engine{Store: struct{ Store }{}}).work(nil, o, nil)
	w.saved = &Saved{Value: &plan.Value{}}
	for _, room := range []any{w.reading(), w.running()} {
		v := reflect.ValueOf(room)
		for i := range v.NumField() {
			name := v.Type().Field(i)
			if !name.IsExported() || slices.Contains(rooms, name.Name) {
				continue
			}
			handed[name.Name] = true
			if v.Field(i).IsZero() {
				t.Errorf("%s.%s is not handed on", v.Type(), name.Name)
			}
		}
	}
	for i := range all.NumField() {
		if name := all.Type().Field(i).Name; !handed[name] && !slices.Contains(engines, name) {
			t.Errorf("no room takes %s", name)
		}
	}
}
