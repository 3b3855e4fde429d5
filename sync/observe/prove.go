package observe

import (
	"context"
	"errors"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// Prove plans the files from the snapshot: nothing may differ, and nothing that can be
// compared may be missing. It makes no calls. The files of objects are read back from
// the folder of the options.
func (w *Import) Prove(ctx context.Context, files []file.File, o Options, full bool) (*State, error) {
	desired, problems := file.Parse(o.Catalogue, files)
	problems = append(problems, desired.Contents(o.Folder)...)
	if err := problems.Err(); err != nil {
		return nil, unproven(problems)
	}
	desired.Partial = w.Part != nil
	o.Tenant = w.Snapshot.Selector()
	s, err := Observe(ctx, w.Snapshot, desired, o.spare())
	if err != nil {
		return nil, err
	}
	s.Calls = Calls{}
	s.Problems = append(s.Problems, problems...) // warnings
	problems = s.Problems
	for _, ch := range s.Diff.Changes {
		problems = append(problems, differences(ch)...)
	}
	for _, st := range s.Diff.Stuck {
		problems = append(problems, schema.Problem{Address: st.Address, Message: st.Field + " would read back as another value"})
	}
	if c := s.Diff.Coverage; full && c.Compared != c.Fields {
		problems = append(problems, schema.Problem{Message: "the files state less than can be compared"})
	}
	if full {
		for _, stray := range s.Diff.Strays {
			problems = append(problems, schema.Problem{Address: stray.Object.Address(), Message: "is in no file"})
		}
	}
	if problems.Err() != nil {
		return s, unproven(problems)
	}
	return s, nil
}

func differences(ch *diff.Change) schema.Problems {
	if len(ch.Fields) == 0 {
		return schema.Problems{{Address: ch.Address(), Message: "the files would " + string(ch.Action) + " it"}}
	}
	var out schema.Problems
	for _, f := range ch.Fields {
		out = append(out, schema.Problem{Address: ch.Address(), Message: f.Name + " would read back as another value"})
	}
	return out
}

// unproven is an error of the program itself: no file is kept.
func unproven(problems schema.Problems) error {
	return errors.New("internal: the files do not say what the tenant has, so none was kept; please report this\n" + problems.Error())
}
