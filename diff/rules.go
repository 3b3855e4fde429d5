package diff

import (
	"fmt"
	"slices"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// rename makes an update of one that changes the key too.
func (c *comparison) rename(ch *Change) {
	f := ch.Desired.Kind.Key[0].Field
	old := ch.Live.NaturalKey()
	ch.Action, ch.Why = Rename, fmt.Sprintf("was called %s", old)
	ch.Fields = append([]Field{{Name: f.Name, Old: old, New: ch.Desired.NaturalKey(), Place: ch.Desired.PlaceOf(f.Name)}}, ch.Fields...)
	slices.SortStableFunc(ch.Fields, byName)
}

// replace makes a replace of the create of an object that takes the place of others.
func (c *comparison) replace(o *schema.Object) {
	old := c.live.Predecessors(o)
	if len(old) == 0 {
		return
	}
	ch := c.result.Changes[len(c.result.Changes)-1]
	ch.Action, ch.Live, ch.Why = Replace, old[0], why(o, old[0])
	for i, f := range ch.Fields {
		if was := old[0].Values[f.Name]; !schema.Equal(was, f.New) {
			ch.Fields[i].Old, ch.Fields[i].Unknown = was, false
		}
	}
	c.gone(o, old[1:])
}

// why says why an object is replaced.
func why(o, old *schema.Object) string {
	switch {
	case slices.Contains(o.Replaces, old.NaturalKey()) && o.NaturalKey() != old.NaturalKey():
		return "replaces " + old.NaturalKey()
	case len(o.Replaces) > 0:
		return "only create can do it"
	}
	return "goes with what it refers to, and is made again"
}

// leftovers deletes what an object that is there already takes the place of.
func (c *comparison) leftovers(o *schema.Object) { c.gone(o, c.live.Predecessors(o)) }

func (c *comparison) gone(heir *schema.Object, old []*schema.Object) {
	for _, live := range old {
		c.result.Changes = append(c.result.Changes, &Change{Action: Delete, Live: live, Why: "replaced by " + heir.Address()})
	}
}

// withoutAwaited takes out the fields that wait for something that is not there yet.
func (c *comparison) withoutAwaited(o *schema.Object, fs []Field) []Field {
	return slices.DeleteFunc(fs, func(f Field) bool { return c.awaits(o, f.Name) })
}

// awaits notes a field that refers to something awaited that is not there yet.
func (c *comparison) awaits(o *schema.Object, name string) bool {
	target := c.missing(o, name)
	if target != nil {
		c.result.Awaiting = append(c.result.Awaiting, Awaiting{Address: o.Address(), For: target.Address(), Field: name, Place: o.PlaceOf(name)})
	}
	return target != nil
}

// missing returns the awaited object that a field refers to, if it is not there yet.
func (c *comparison) missing(o *schema.Object, name string) *schema.Object {
	f := o.Kind.Field(name)
	if f == nil {
		return nil
	}
	for _, target := range c.desired.Targets(f, o.Values[name]) {
		if target.Awaited && c.live.Object(target.Address()) == nil {
			return target
		}
	}
	return nil
}

// reason says why an object is updated.
func (c *comparison) reason(o *schema.Object, fs []Field) string {
	for _, fc := range fs {
		f := o.Kind.Field(fc.Name)
		if f.Ref == nil || fc.Old == nil {
			continue
		}
		if target := c.live.Target(f, fc.Old); target != nil && target.ReplacedBy != nil && fc.New == target.ReplacedBy.ReferredTo() {
			return "moves with " + target.ReplacedBy.Address()
		}
	}
	return "differs"
}

// createOnlyHint is the way out where only create may set what differs.
func createOnlyHint(o *schema.Object, f Field) string {
	back := fmt.Sprintf("write %s: %s", f.Name, wording.Value(f.Old))
	if !o.Kind.Replaceable() {
		return back + ", or delete the object (absent: true) and declare it anew once it is gone"
	}
	return fmt.Sprintf("%s, or replaces: [%q] to delete the object and make it anew", back, o.NaturalKey())
}
