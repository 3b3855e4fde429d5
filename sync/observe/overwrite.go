package observe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// A change of many objects at once is more often a mistake than meant: beyond this
// share of a kind, somebody has to say how many it is.
const (
	manyObjects = 10 // of a kind, below which nothing is asked
	manyPercent = 30
)

// Overwrite says how many of the objects of a kind lose a value that somebody has
// set: neither null nor what the server fills in.
type Overwrite struct {
	Kind    *schema.Kind
	Objects int // that are overwritten
	Of      int // live objects of the kind
}

// Overwrites returns the kinds of which the changes overwrite too many objects to do
// it unasked, by word. Objects that this plan makes are none of them.
func Overwrites(s *State) []Overwrite {
	counts := map[*schema.Kind]int{}
	for _, ch := range s.Diff.Changes {
		if (ch.Action == diff.Update || ch.Action == diff.Rename) && overwrites(ch) {
			counts[ch.Live.Kind]++
		}
	}
	var out []Overwrite
	for k, n := range counts {
		if of := max(population(s.Live, k), n); of >= manyObjects && n*100 > of*manyPercent {
			out = append(out, Overwrite{k, n, of})
		}
	}
	slices.SortFunc(out, func(a, b Overwrite) int { return cmp.Compare(a.Kind.Word, b.Kind.Word) })
	return out
}

// overwrites reports whether a change takes a set value away from an object that was there before.
func overwrites(ch *diff.Change) bool {
	return ch.Live != nil && slices.ContainsFunc(ch.Fields, func(fc diff.Field) bool {
		f := ch.Live.Kind.Field(fc.Name)
		return !fc.Unknown && !blank(fc.Old) && !(f.HasDefault && schema.Equal(fc.Old, f.Normal(f.Default)))
	})
}

// blank reports whether nothing was set.
func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// population is the number of live objects of a kind. Those that come with their
// parents are as many as these, however many of them were read.
func population(l *diff.Live, k *schema.Kind) int {
	n := 0
	for _, o := range l.Objects {
		switch {
		case o.Shared:
		case k.Implicit() && slices.Contains(k.Parents, o.Kind) && o.Misfit(k) == "", !k.Implicit() && o.Kind == k:
			n++
		}
	}
	return n
}

// OverwriteGuard refuses to overwrite many objects unless their exact number was
// allowed. It is nil where there is nothing to refuse.
func OverwriteGuard(list []Overwrite, allowed int) *plan.Guard {
	var parts []string
	n := 0
	for _, o := range list {
		parts = append(parts, fmt.Sprintf("%d of %d (%s)", o.Objects, o.Of, o.Kind.Word))
		n += o.Objects
	}
	if n == allowed || n == 0 {
		return nil
	}
	return plan.Needs("overwrites", "--allow-updates", []string{fmt.Sprint(n)}, "",
		fmt.Sprintf("this overwrites what is set at %s, over %d %% of a kind", strings.Join(parts, " and "), manyPercent))
}
