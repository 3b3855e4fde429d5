package rehearsal

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/faults"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/simulator"
	"pbxsync/internal/staging"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
)

// rehearsal is what the simulator does beyond answering: faults and a history.
type rehearsal struct {
	c       *console.Console
	sim     *simulator.Server
	rules   []faults.Rule
	history io.WriteCloser // nil: none
	err     error          // of the history
}

// rehearse reads the faults and opens the history, where they are asked for.
func (o *Options) rehearse(sim *simulator.Server, c *console.Console) (*rehearsal, error) {
	r := &rehearsal{c: c, sim: sim}
	var set faults.Set
	if o.Faults != "" {
		var err error
		if set, err = o.faults(sim); err != nil {
			return nil, err
		}
	}
	if o.History != "" {
		f, err := staging.Private(o.History, os.O_APPEND)
		if err != nil {
			return nil, exit.Fail(exit.Error, "the history cannot be written (%w); name another file with --history", err)
		}
		r.history = f
	}
	if r.rules = set.Rules; len(set.Rules) > 0 {
		sim.Rehearse(set)
	}
	if r.history != nil || len(r.rules) > 0 {
		sim.Record(r.record)
	}
	return r, nil
}

func (o *Options) faults(sim *simulator.Server) (faults.Set, error) {
	data, err := folder.Named(o.Faults, folder.Faults, o.Stop)
	if errors.Is(err, fs.ErrNotExist) {
		return faults.Set{}, exit.Fail(exit.Error, "the faults of the simulator, %s, are not there; correct --faults", o.Faults)
	} else if err != nil {
		return faults.Set{}, input.Unread("", err)
	}
	set, problems := faults.Parse(file.File{Name: filepath.ToSlash(o.Faults), Data: data},
		faults.API{Catalogue: o.Catalogue, Paths: sim.Paths()})
	return set, problems.Err()
}

// record is called for one call at a time.
func (r *rehearsal) record(rec simulator.Record) {
	if rec.What != simulator.RecordEdit && len(rec.Faults) > 0 {
		var met []string
		for _, f := range rec.Faults {
			met = append(met, string(f.Do)+" ("+r.rules[f.Rule-1].Place.String()+")")
		}
		r.c.Log.Linef("call %d: %s %s: %s", rec.Number, rec.Method, orToken(rec.Path), strings.Join(met, ", "))
	}
	if rec.What == simulator.RecordEdit && rec.Error != "" {
		r.c.Log.Linef("call %d: %s %s was not made: %s", rec.Number, rec.Faults[0].Do, rec.Kind, rec.Error)
	}
	if r.history == nil || r.err != nil {
		return
	}
	line := json.NewEncoder(r.history)
	line.SetEscapeHTML(false) // queries stay readable
	r.err = line.Encode(rec)
}

func orToken(path string) string {
	if path == "" {
		return faults.TokenPath
	}
	return path
}

// end says which rules met nothing, since a rehearsal without its fault proves
// nothing, and closes the history.
func (r *rehearsal) end() error {
	seen, fired := r.sim.Fired()
	for i, rule := range r.rules {
		if fired[i] == 0 {
			r.c.Log.Linef("%s: %s was never met; %s matched", rule.Place, rule.Do, wording.CountOf(seen[i], "call"))
		}
	}
	if n := r.sim.Late(); n > 0 {
		r.c.Log.Linef("%s not carried out, since the simulator ended before", wording.CountOf(n, "late call"))
	}
	r.sim.Record(nil)
	if r.history == nil {
		return nil
	}
	if err := errors.Join(r.err, r.history.Close()); err != nil {
		return exit.Fail(exit.Error, "the history is not whole: %w", err)
	}
	return nil
}
