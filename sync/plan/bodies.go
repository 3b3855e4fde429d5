package plan

import (
	"pbxsync/diff"
	"pbxsync/schema"
)

// bodies says what calls carry, with symbols for ids.
type bodies struct {
	desired *schema.Tenant
	live    *diff.Live
	ids     map[string]int64
}

// putCreate puts what a create sends of one field: what is stated and not null.
func (b *bodies) putCreate(body map[string]any, o *schema.Object, f *schema.Field) {
	if !f.InCreate() {
		return
	}
	if ref, ok := o.Secrets[f.Name]; ok {
		body[f.API] = SecretOf{ref, ref.String()}
		return
	}
	v, ok := o.Values[f.Name]
	if f.Once {
		v, ok = o.Once[f.Name]
	}
	if o.Kind.IsKey(f) && len(o.Kind.Key) == 1 {
		v, ok = o.NaturalKey(), true
	}
	if ok && b.missing(f, v) {
		return
	}
	if ok && (v != nil || f.Nullable && f.Default != nil) {
		body[f.API] = b.form(o, f, v)
	}
}

// ownForms are the fields that bodies have in a form of their own.
var ownForms = []func(*bodies, *schema.Object, *schema.Field, any) (any, bool){(*bodies).file, (*bodies).bundle}

// form is what a body has for the value of a field at an object.
func (b *bodies) form(o *schema.Object, f *schema.Field, v any) any {
	for _, own := range ownForms {
		if x, is := own(b, o, f, v); is {
			return x
		}
	}
	return b.wire(f, v)
}

// body holds the new values of fields.
func (b *bodies) body(ch *diff.Change, fields []diff.Field) map[string]any {
	body := map[string]any{}
	for _, fc := range fields {
		f := ch.Desired.Kind.Field(fc.Name)
		body[f.API] = b.form(ch.Desired, f, fc.New)
	}
	for name := range ch.Desired.Resend {
		ref := ch.Desired.Secrets[name]
		body[ch.Desired.Kind.Field(name).API] = SecretOf{ref, ref.String()}
	}
	return body
}

// carried returns the value of a field that every update carries and this one
// does not change.
func (b *bodies) carried(ch *diff.Change, f *schema.Field) any {
	if ch.Object().Kind.IsKey(f) {
		return ch.Object().NaturalKey()
	}
	if ch.Desired != nil {
		if v, ok := ch.Desired.Values[f.Name]; ok && v != nil {
			return v
		}
	}
	if ch.Live == nil || ch.Makes() {
		return f.Default
	}
	return ch.Live.Values[f.Name]
}

// wire returns a value as a body carries it, with symbols for ids.
func (b *bodies) wire(f *schema.Field, v any) any {
	switch x := v.(type) {
	case nil:
		return f.Wire(nil)
	case []any:
		if f.Items != nil {
			out := make([]any, len(x))
			for i := range x {
				out[i] = b.wire(f.Items, x[i])
			}
			return out
		}
	case map[string]any:
		if f.Ref == nil && f.Refers {
			return b.wireObject(f, x)
		}
	}
	if f.Ref == nil {
		return f.Wire(v)
	}
	key, ok := v.(string)
	if f.RefBy != "" {
		if o := b.desired.Find(f.Ref, key); o != nil {
			return o.NaturalKey()
		}
		return v
	}
	if ok {
		if o := b.target(f.Ref, key); o != nil {
			b.name(o)
			return IDOf{o.Symbol()}
		}
	}
	return b.live.IDOf(f, v)
}

// wireObject does the same for an object with references in it.
func (b *bodies) wireObject(f *schema.Field, v map[string]any) map[string]any {
	out := make(map[string]any, len(v))
	for name, x := range v {
		if sub := f.Sub(name); sub != nil {
			out[sub.API] = b.wire(sub, x)
		}
	}
	return out
}

// target returns the object that a key names: live, or to be made.
func (b *bodies) target(k *schema.Kind, key string) *schema.Object {
	if o := b.live.Find(k, key); o != nil {
		return o
	}
	return b.desired.Find(k, key)
}

// name notes the id of a live object that the plan names.
func (b *bodies) name(o *schema.Object) {
	if o != nil && o.ID > 0 {
		b.ids[o.Symbol()] = o.ID
	}
}

func (b *bodies) nameObject(ch *diff.Change) {
	b.name(ch.Live)
	b.nameParents(ch.Object())
}

func (b *bodies) nameParents(o *schema.Object) {
	for p := o.Parent; p != nil; p = p.Parent {
		b.name(b.live.Object(p.Address()))
	}
}
