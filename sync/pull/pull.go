package pull

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/amend"
	"pbxsync/schema/file/export"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
)

// What has become of an object in the files, or of one of its fields.
const (
	Changed  = "changed"
	Appeared = "appeared"
	Gone     = "gone"
)

// Taken is something that the files say otherwise now.
type Taken struct {
	How     string       `json:"how"`
	Address string       `json:"address"`
	Field   string       `json:"field,omitempty"`
	Place   schema.Place `json:"place,omitzero"` // in the files as they were
}

// Pulled is what taking a tenant over into its files has come to.
type Pulled struct {
	Files []file.File     // that say something else, with their new bytes
	Taken []Taken         // sorted by address and field
	Left  schema.Problems // what stays different, and why
	Stay  int             // changes of the files that no run has applied yet, and that stay
	State *observe.State  // of the files as they were
}

// Pull compares the files of a tenant, or the part that patterns choose, with what a server
// says, and changes them in memory until they say the same.
func Pull(ctx context.Context, api call.Reader, files []file.File, only []string, o observe.Options) (*Pulled, error) {
	o.SkipContent = true // what files hold stays as it is
	p := &pulling{api: remembering(api), files: files, patterns: only, options: o, taking: newTaking()}
	if err := p.compare(ctx); err != nil {
		return nil, err
	}
	out := &Pulled{State: p.first}
	fresh, taken, err := p.write()
	if err != nil {
		return nil, err
	}
	out.Files, out.Taken = fresh, taken
	if err := p.prove(ctx, fresh); err != nil {
		return nil, err
	}
	out.Stay = p.unapplied()
	for _, address := range slices.Sorted(maps.Keys(p.left)) {
		out.Left = append(out.Left, p.left[address])
	}
	return out, nil
}

type pulling struct {
	*taking
	api      *memory
	files    []file.File
	patterns []string
	options  observe.Options

	first, last *observe.State // of the files as they were, and of what they are to say
	whole       *schema.Tenant // what they are to say, also where it was not chosen
}

// compare looks until nothing differs that can be taken.
func (p *pulling) compare(ctx context.Context) error {
	for {
		s, err := p.look(ctx, p.files)
		if err != nil {
			return err
		}
		if p.first == nil {
			p.first = s
			p.only = p.patterns
			p.know(s)
		}
		if p.last = s; !p.take(s) {
			return errors.Join(s.Problems.Reading().Err(), p.unchosen())
		}
	}
}

// look compares files, with what was taken until now.
func (p *pulling) look(ctx context.Context, files []file.File) (*observe.State, error) {
	t, problems := file.Parse(p.options.Catalogue, files)
	if err := problems.Err(); err != nil {
		return nil, problems.Errors()
	}
	p.apply(t)
	p.whole = t
	part, err := chosen(t, p.patterns)
	if err != nil {
		return nil, err
	}
	defer p.api.next()
	s, err := observe.Observe(ctx, p.api, part, p.options)
	if err == nil && (s.Live.New || s.Live.ID == 0) {
		err = errors.New("there is no such tenant, so there is nothing to take from it")
	}
	return s, err
}

// chosen is the part of a tenant that patterns choose.
func chosen(t *schema.Tenant, only []string) (*schema.Tenant, error) {
	if len(only) == 0 {
		return t, nil
	}
	part, problems := t.OnlyOrStray(only)
	return part, problems.Err()
}

// unchosen is the error where a pattern names nothing on either side.
func (p *pulling) unchosen() error {
	used := map[string]bool{}
	for _, pattern := range p.patterns {
		for _, o := range slices.Concat(p.first.Desired.Objects, p.first.Live.Objects) {
			used[pattern] = used[pattern] || schema.Matches(pattern, o)
		}
		used[pattern] = used[pattern] || strings.Contains(pattern, "*")
	}
	return schema.Unchosen(p.patterns, used).Err()
}

// write changes the files.
func (p *pulling) write() ([]file.File, []Taken, error) {
	c, live := p.options.Catalogue, &p.last.Live.Tenant
	stated, _ := file.Parse(c, p.files)
	pieces := export.PiecesOf(c, live, func(o *schema.Object) bool { return p.whole.Object(o.Address()) != nil }, stated.Defaults)
	a, err := amend.Open(c, p.files, stated, live, pieces)
	if err != nil {
		return nil, nil, err
	}
	taken := slices.Concat(p.writeFields(a, stated), p.writeGone(a, stated), p.writeAdded(a, stated))
	slices.SortFunc(taken, func(x, y Taken) int { return strings.Compare(x.Address+" "+x.Field, y.Address+" "+y.Field) })
	fresh := a.Changed()
	if len(a.Problems) > 0 {
		return nil, nil, a.Problems.Sort()
	}
	return fresh, taken, nil
}

func (p *pulling) writeFields(a *amend.Files, stated *schema.Tenant) (taken []Taken) {
	for _, address := range slices.Sorted(maps.Keys(p.fields)) {
		o := stated.Object(address)
		if o == nil || p.out(o) {
			continue // of what was taken as a whole, or is gone
		}
		for _, name := range slices.Sorted(maps.Keys(p.fields[address])) {
			at := o.PlaceOf(name)
			if why := a.Field(o, p.last.Live.Object(address), name); why != "" {
				p.left[address+"."+name] = schema.Problem{Place: at, Address: address, Message: name + " stays as it is: " + why, Warning: schema.WarnLeftOut}
				continue
			}
			taken = append(taken, Taken{Changed, address, name, at})
		}
	}
	return taken
}

func (p *pulling) writeGone(a *amend.Files, stated *schema.Tenant) (taken []Taken) {
	for _, o := range stated.Objects {
		if p.gone[o.Address()] && !p.out(o.Parent) {
			a.Remove(o)
			taken = append(taken, Taken{Gone, o.Address(), "", o.Place})
		}
	}
	return taken
}

func (p *pulling) writeAdded(a *amend.Files, stated *schema.Tenant) (taken []Taken) {
	for _, live := range p.added {
		if live.Parent != nil && p.known[live.Parent.Address()] {
			continue // it stands in the block of its parent
		}
		var parent *schema.Object
		if live.Parent != nil {
			parent = stated.Object(live.Parent.Address())
		}
		live = p.last.Live.Object(live.Address())
		if why := a.Add(live, parent); why != "" {
			p.left[live.Address()] = schema.Problem{Address: live.Address(), Message: "is left out: " + why, Warning: schema.WarnLeftOut}
			continue
		}
		taken = append(taken, Taken{How: Appeared, Address: live.Address()})
	}
	return taken
}

// prove compares the new files with what was read: what was taken may not differ.
func (p *pulling) prove(ctx context.Context, fresh []file.File) error {
	files := slices.Clone(p.files)
	for i, f := range files {
		if j := slices.IndexFunc(fresh, func(n file.File) bool { return n.Name == f.Name }); j >= 0 {
			files[i] = fresh[j]
		}
	}
	taking := p.taking
	p.taking = newTaking()
	s, err := p.look(ctx, files)
	p.taking = taking
	if problems := (schema.Problems{}); errors.As(err, &problems) {
		return append(schema.Problems{{Message: "after it the files would not be in order, so nothing is written",
			Hint: "where something refers to what is gone, take that too (--only); else change it by hand"}}, problems...)
	} else if err != nil {
		return err
	}
	var differ []string
	for _, ch := range s.Diff.Changes {
		if p.kept(ch.Object(), "") {
			continue
		}
		if len(ch.Fields) == 0 {
			differ = append(differ, ch.Address())
		}
		for _, f := range ch.Fields {
			if !p.kept(ch.Object(), f.Name) {
				differ = append(differ, ch.Address()+"."+f.Name)
			}
		}
	}
	if len(differ) > 0 {
		return errors.New("internal: the new files would still differ, so nothing was written; please report this: " + strings.Join(differ, ", "))
	}
	return nil
}
