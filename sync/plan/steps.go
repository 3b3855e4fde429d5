package plan

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
)

// node is a step on its way into the plan: what it serves, and the nodes that
// have to come before it, with what makes them come before.
type node struct {
	Step
	id      int64
	content bool // replaces the content of a file
	changes []*diff.Change
	before  map[*node]edge
}

// edge says why one node waits for another. A soft edge hangs on references that
// can be set by a later call of their own.
type edge struct {
	soft      []*schema.Field // references that could be put off
	letGo     []*schema.Field // references that could be cleared first
	preferred bool            // it would be better so, and nothing more
}

// hard reports whether the edge cannot be broken.
func (e edge) hard() bool { return len(e.soft) == 0 && len(e.letGo) == 0 && !e.preferred }

// builder makes nodes of changes.
type builder struct {
	bodies
	nodes   []*node
	by      map[string]*node         // address -> the node that creates or updates it, or deletes what no file declares
	ends    map[*schema.Object]*node // live object -> the node that deletes it
	clears  map[*diff.Change][]*node // nodes that clear references first
	leaving map[*schema.Object]bool
	batches map[*schema.Kind]*node
	items   map[*node]*itemUse
	links   map[*schema.Object]*node // main object of a bundle -> the node that says what belongs to it
	tenant  *node                    // the call that creates the tenant itself, or nil
}

// ordering puts the calls in an order that the API allows.
type ordering struct {
	builder
	selfish []selfReference
}

// selfReference is a new object that refers to itself.
type selfReference struct {
	node *node
	edge edge
}

func (b *builder) add(n *node) *node {
	n.id = int64(len(b.nodes))
	n.before = map[*node]edge{}
	b.nodes = append(b.nodes, n)
	return n
}

// carries reports whether the call of the node sends the field: a change may
// need two.
func (n *node) carries(f *schema.Field) bool {
	_, ok := n.Body[f.API]
	return ok
}

// wait makes n come after other. An edge that cannot be broken wins; others add up.
func (n *node) wait(other *node, e edge) {
	if n == nil || other == nil || other == n {
		return
	}
	old, ok := n.before[other]
	if ok && old.hard() || e.hard() {
		n.before[other] = edge{}
		return
	}
	n.before[other] = edge{soft: append(old.soft, e.soft...), letGo: append(old.letGo, e.letGo...), preferred: old.preferred || e.preferred}
}

// steps makes the node of each change. Changes come sorted by address.
func (b *builder) steps(changes []*diff.Change) {
	for _, ch := range changes {
		if n := b.step(ch); n != nil {
			b.serve(n, ch)
			b.by[ch.Address()] = n
		}
	}
	for _, ch := range changes {
		if ch.Action == diff.Delete && b.by[ch.Address()] == nil {
			b.follow(ch)
		}
	}
}

// step makes the node of a change, nil where another step does it.
func (b *builder) step(ch *diff.Change) *node {
	switch ch.Action {
	case diff.Delete:
		return b.delete(ch)
	case diff.Replace:
		return b.replace(ch)
	}
	for _, special := range ownSteps {
		if n := special(b, ch); n != nil {
			return n
		}
	}
	if ch.Action == diff.Create {
		return b.create(ch)
	}
	return b.update(ch)
}

// ownSteps make the node where what is created or updated needs a call of its own kind. Those
// that do not know the object make none.
var ownSteps = []func(*builder, *diff.Change) *node{(*builder).sequence, (*builder).batch, (*builder).createTenant}

// serve notes that a node is for a change.
func (b *builder) serve(n *node, ch *diff.Change) {
	n.changes = append(n.changes, ch)
	n.Changes = append(n.Changes, ch.Address())
}

// follow hangs a child that goes with its parent on the parent's step.
func (b *builder) follow(ch *diff.Change) {
	for p := ch.Live.Parent; p != nil; p = p.Parent {
		if n := b.ends[p]; n != nil {
			b.serve(n, ch)
			return
		}
	}
}

func (b *builder) create(ch *diff.Change) *node {
	o := ch.Desired
	body := map[string]any{}
	for _, f := range o.Kind.Fields {
		b.putCreate(body, o, f)
	}
	b.nameParents(o)
	return b.add(&node{Step: Step{Method: http.MethodPost, Path: o.Kind.CollectionPath(o.Parent), Body: body, Subject: o, Makes: o, Baseline: b.live.IDsNamed(o)}})
}

func (b *builder) update(ch *diff.Change) *node {
	own, admin := parts(ch)
	b.nameObject(ch)
	var n *node
	if len(own) > 0 || len(admin) == 0 {
		n = b.updateItem(ch, own)
	}
	if len(admin) == 0 {
		return n
	}
	return b.updateAdmin(ch, admin, n)
}

// ownCalls make the calls of an update that are for one field alone, and name that.
var ownCalls = []func(*builder, *diff.Change) (*node, *schema.Field){(*builder).unlink, (*builder).replaceContent}

// updateItem is the call that sets fields at the kind's own item.
func (b *builder) updateItem(ch *diff.Change, fields []diff.Field) *node {
	o := ch.Desired
	var apart *node
	rest := slices.Clone(fields)
	for _, own := range ownCalls {
		if n, f := own(b, ch); n != nil {
			apart = n
			rest = slices.DeleteFunc(rest, func(fc diff.Field) bool { return fc.Name == f.Name })
		}
	}
	if len(rest) == 0 && len(o.Resend) == 0 && apart != nil {
		return apart
	}
	n := b.add(&node{Step: Step{Method: http.MethodPut, Path: o.ItemPath(), Body: b.body(ch, rest), Subject: o}})
	b.carryAlways(n, ch, nil)
	return n
}

func (b *builder) delete(ch *diff.Change) *node {
	if diff.Gone(b.leaving, ch.Live.Parent) {
		return nil
	}
	b.nameObject(ch)
	n := b.add(&node{Step: Step{Method: http.MethodDelete, Path: deletePath(ch)}})
	b.ends[ch.Live] = n
	return n
}

func describe(nodes []*node) string {
	var parts []string
	for _, n := range nodes {
		parts = append(parts, fmt.Sprintf("%s %s", verb(n.Method), cmp.Or(n.Deletes, strings.Join(n.Changes, ", "))))
	}
	return strings.Join(parts, " needs ")
}

func verb(method string) string {
	switch method {
	case http.MethodPost:
		return "creating"
	case http.MethodDelete:
		return "deleting"
	}
	return "updating"
}
