package file

import (
	"bytes"
	"math"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
	"pbxsync/schema/published"
)

// What the program says of a value and what the schema of its kind says, as a library reads
// it, are the same: at each place of each kind, for values of every type and those about the
// bounds of the field.
func TestJudgeAgreesWithTheSchema(t *testing.T) {
	cases, refused := 0, 0
	for _, k := range schema.Builtin().Kinds {
		if !k.Managed() {
			continue
		}
		s := compiled(t, k)
		for _, f := range k.Fields {
			if !f.InCreate() || f.Once || f.Secret() || k.Form == schema.FormMap && k.IsKey(f) {
				continue
			}
			for _, at := range placesIn(f) {
				for _, x := range samples(at.field) {
					plain := map[string]any{f.Name: at.around(x)}
					want, got := hasBroken(s.Validate(plain)), judged(k, plain)
					cases++
					if want {
						refused++
					}
					if got != want {
						t.Errorf("%s.%s: %#v: the program refuses it: %t, the schema: %t (%v)", k.Word, f.Name, plain, got, want, s.Validate(plain))
					}
				}
			}
		}
	}
	if cases < 4000 || refused < cases/10 || refused > cases*9/10 {
		t.Errorf("%d values, %d refused", cases, refused)
	}
	t.Logf("%d values, %d refused by both", cases, refused)
}

func compiled(t *testing.T, k *schema.Kind) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	for _, name := range format.Names() {
		compiler.Formats[name] = func(v any) bool {
			s, ok := v.(string)
			return !ok || format.Check(name, s) == nil
		}
	}
	if err := compiler.AddResource(published.URL, bytes.NewReader(published.Strict(k))); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile(published.URL + "#/definitions/" + k.Word)
}

// hasBroken reports whether the library found more than what is missing beside a value.
func hasBroken(err error) bool {
	ve, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return false
	}
	broken := false
	for _, leaf := range leaves(ve) {
		broken = broken || !bytes.HasSuffix([]byte(leaf.KeywordLocation), []byte("/required"))
	}
	return broken
}

func leaves(ve *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(ve.Causes) == 0 {
		return []*jsonschema.ValidationError{ve}
	}
	var out []*jsonschema.ValidationError
	for _, cause := range ve.Causes {
		out = append(out, leaves(cause)...)
	}
	return out
}

func judged(k *schema.Kind, plain map[string]any) bool {
	d := newDecoder(schema.Builtin())
	o := &schema.Object{Kind: k}
	for name, x := range plain {
		d.weigh(o, k.Field(name), x, &yaml.Node{})
	}
	return len(d.problems) > 0
}

// placeIn is where scalars stand in the value of a field.
type placeIn struct {
	field  *schema.Field
	around func(x any) any
}

func placesIn(f *schema.Field) []placeIn {
	within := func(name string) func(any) any { return func(x any) any { return map[string]any{name: x} } }
	switch {
	case f.Ref != nil, f.Members != nil: // the reader takes no other values; what may be text is judged when all files are read
		return nil
	case f.Items != nil:
		return wrapped(placesIn(f.Items), func(x any) any { return []any{x} })
	case f.Type == "object":
		var out []placeIn
		for _, sub := range f.Fields {
			if !sub.ReadOnly {
				out = append(out, wrapped(placesIn(sub), within(sub.Name))...)
			}
		}
		return out
	}
	return []placeIn{{f, func(x any) any { return x }}}
}

func wrapped(places []placeIn, by func(any) any) []placeIn {
	var out []placeIn
	for _, p := range places {
		out = append(out, placeIn{p.field, func(x any) any { return by(p.around(x)) }})
	}
	return out
}

// samples are scalars of every type, those about the field's bounds among them.
func samples(f *schema.Field) []any {
	out := []any{nil, true, false, int64(0), int64(1), int64(-1), int64(math.MaxInt64), "", "x", "101", "true",
		"Europe/Berlin", "DE AT", "a@b.example", "https://a.example/x", "^1$", "(", "192.0.2.0/24", "08:00", "2026-02-30", "192.0.2.7:5060",
		"+4930", 1.5}
	for _, bound := range []*int64{f.Minimum, f.Maximum} {
		if bound != nil {
			out = append(out, *bound-1, *bound, *bound+1)
		}
	}
	for _, e := range f.Enum {
		out = append(out, e, e+"x")
	}
	for _, w := range f.Words {
		out = append(out, w.File, w.API)
	}
	return out
}

// The schema of each kind holds all that it refers to.
func TestEachKindCompiles(t *testing.T) {
	for _, k := range schema.Builtin().Kinds {
		if k.Managed() {
			compiled(t, k)
		}
	}
}
