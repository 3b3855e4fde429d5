package cli

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"pbxsync/internal/api"
	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/profile"
	"pbxsync/internal/rehearsal"
	"pbxsync/internal/simulator"
	"pbxsync/internal/staging"
	"pbxsync/internal/trace"
	"pbxsync/sync/call"
	"pbxsync/sync/local"
)

// connection is a server that can be called.
type connection struct {
	client      *api.Client
	builtin     bool
	beside      bool   // an address of this machine that is named beside the tenant's files
	server      string // for people: the endpoint
	credentials string // for people: where they come from
	host        string // names the server in the run records
	close       func() error
}

// dialer opens servers.
type dialer struct {
	*Program
	o *common
}

// connect opens the server that flags, environment and profiles name.
func (p *dialer) connect(dir, state string) (*connection, error) {
	o := p.o
	s, err := (profile.Finder{Getenv: p.Getenv, ConfigDir: p.ConfigDir, Stop: p.Stop}).Server(o.asked, dir)
	if err != nil {
		return nil, err
	}
	conn := &connection{builtin: s.Builtin(), beside: s.Beside && !s.Builtin(), server: s.Endpoint, credentials: s.From(), close: func() error { return nil }}
	if conn.builtin {
		if err := p.startSimulator(conn, s, dir, state); err != nil {
			return nil, err
		}
	}
	tracer, err := p.openTrace()
	if err != nil {
		return nil, errors.Join(err, conn.close())
	}
	if !conn.builtin && !conn.beside {
		p.Mask.Hide(s.AppSecret)
	}
	conn.client, err = api.New(api.Config{Endpoint: s.Endpoint, BasePath: o.basePath, TokenPath: o.tokenPath,
		AppID: s.AppID, AppSecret: s.AppSecret, PageSize: o.pageSize, Parallelism: o.parallelism, Rate: o.rate, Transport: p.Transport, Mask: &p.Mask, Tracer: tracer})
	if err != nil {
		return nil, err
	}
	if conn.host == "" {
		u, _ := url.Parse(s.Endpoint) // api.New has parsed it
		conn.host = local.Name(u.Host)
	}
	return conn, nil
}

// openTrace opens the file of --trace before the first call, nil without one.
func (p *dialer) openTrace() (api.Tracer, error) {
	o := p.o
	name := o.trace
	switch {
	case name == "" && o.traceValues:
		return nil, exit.Fail(exit.Error, "--trace-values says what stands in the file of --trace; name one")
	case name == "":
		return nil, nil
	case p.tracing != nil:
		return p.tracing, nil
	}
	f, err := staging.Private(name, os.O_APPEND)
	if err != nil {
		return nil, exit.Fail(exit.Error, "the trace cannot be written (%w); name another file with --trace", err)
	}
	t := trace.New(f, p.Catalogue, &p.Mask, o.traceValues, "pbxsync "+version, o.command)
	if err := t.Ready(); err != nil {
		return nil, exit.Fail(exit.Error, "the trace cannot be written (%w); name another file with --trace", err)
	}
	p.tracing = t
	return t, nil
}

// startSimulator starts the built-in simulator. Its tenant is made of the seed
// beside the files, and lives on in the run records.
func (p *dialer) startSimulator(conn *connection, s *profile.Server, dir, state string) error {
	sim := simulator.New(simulator.Options{Catalogue: p.Catalogue})
	conn.host = profile.Simulator
	file := filepath.Join(state, conn.host, "state.json")
	if err := folder.CheckBelow(state, filepath.Dir(file)); err != nil {
		return err
	}
	found, err := rehearsal.Restore(sim, file, p.Stop)
	if err != nil {
		return err
	}
	if !found && s.Seed != "" {
		data, err := folder.At(dir, p.Stop).Read(s.Seed, folder.Seed)
		if err := rehearsal.Seed(sim, filepath.Join(dir, s.Seed), data, err); err != nil {
			return err
		}
	}
	before := sim.Counts()
	endpoint, stop, err := sim.Listen()
	if err != nil {
		return err
	}
	s.Endpoint, s.AppID, s.AppSecret = endpoint, "built-in", "built-in"
	conn.close = func() error {
		stop()
		if !sim.Dirty() || sim.Counts().Writes == before.Writes {
			return nil
		}
		if err := folder.MakeState(state); err != nil {
			return err
		}
		if err := folder.MakeBelow(state, filepath.Dir(file)); err != nil {
			return err
		}
		return sim.Save(file)
	}
	return nil
}

// unseeded says what a built-in simulator needs that has no tenant.
func unseeded(j *job, err error) error {
	if j.conn == nil || !j.conn.builtin || call.Status(err) != http.StatusNotFound {
		return err
	}
	return exit.Fail(exit.Of(err), "the built-in simulator has no such tenant (%w); name a file that says what exists with seed: in %s beside the files, or make the tenant with --create-tenant NAME", err, input.ProfileName)
}
