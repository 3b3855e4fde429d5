package sync

import (
	"reflect"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/run"
)

// Options are handed on to two rooms field by field: none may be forgotten there.
func TestOptionsAreHandedOn(t *testing.T) {
	o := Options{Journal: struct{ run.Journal }{}, Folder: struct{ schema.Folder }{}}
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
	for _, room := range []any{o.Reading(), o.running()} {
		v := reflect.ValueOf(room)
		for i := range v.NumField() {
			name := v.Type().Field(i)
			if !name.IsExported() {
				continue
			}
			handed[name.Name] = true
			if given := all.FieldByName(name.Name); !given.IsValid() || v.Field(i).IsZero() {
				t.Errorf("%s.%s is not handed on", v.Type(), name.Name)
			}
		}
	}
	for i := range all.NumField() {
		if name := all.Type().Field(i).Name; !handed[name] {
			t.Errorf("no room takes %s", name)
		}
	}
}
