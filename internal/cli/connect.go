package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api"
	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/simulator"
	"pbxsync/internal/trace"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/local"
	"pbxsync/sync/observe"
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

// connect opens the server that flags, environment and profiles name.
func (p *Program) connect(c *ucli.Context, dir, state string) (*connection, error) {
	s, err := p.server(c, dir)
	if err != nil {
		return nil, err
	}
	conn := &connection{builtin: s.builtin(), beside: s.beside && !s.builtin(), server: s.endpoint, credentials: s.from(), close: func() error { return nil }}
	if conn.builtin {
		if err := p.startSimulator(conn, s, dir, state); err != nil {
			return nil, err
		}
	}
	tracer, err := p.openTrace(c)
	if err != nil {
		return nil, errors.Join(err, conn.close())
	}
	if !conn.builtin && !conn.beside {
		p.mask.Hide(s.appSecret)
	}
	conn.client, err = api.New(api.Config{Endpoint: s.endpoint, BasePath: c.String("base-path"), TokenPath: c.String("token-path"),
		AppID: s.appID, AppSecret: s.appSecret, PageSize: c.Int("page-size"), Parallelism: c.Int("parallelism"), Rate: c.Float64("rate"), Transport: p.Transport, Mask: &p.mask, Tracer: tracer})
	if err != nil {
		return nil, err
	}
	if conn.host == "" {
		u, _ := url.Parse(s.endpoint) // api.New has parsed it
		conn.host = local.Name(u.Host)
	}
	return conn, nil
}

// openTrace opens the file of --trace before the first call, nil without one.
func (p *Program) openTrace(c *ucli.Context) (api.Tracer, error) {
	name := c.String("trace")
	switch {
	case name == "" && c.Bool("trace-values"):
		return nil, exit.Fail(exit.Error, "--trace-values says what stands in the file of --trace; name one")
	case name == "":
		return nil, nil
	case p.tracing != nil:
		return p.tracing, nil
	}
	f, err := privateFile(name, os.O_APPEND)
	if err != nil {
		return nil, exit.Fail(exit.Error, "the trace cannot be written (%w); name another file with --trace", err)
	}
	t := trace.New(f, p.Catalogue, &p.mask, c.Bool("trace-values"), "pbxsync "+version, c.Command.Name)
	if err := t.Ready(); err != nil {
		return nil, exit.Fail(exit.Error, "the trace cannot be written (%w); name another file with --trace", err)
	}
	p.tracing = t
	return t, nil
}

// privateFile opens a regular file that only its owner can read, and no other.
func privateFile(name string, how int) (*os.File, error) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", name)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|how, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(0o600); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// startSimulator starts the built-in simulator. Its tenant is made of the seed
// beside the files, and lives on in the run records.
func (p *Program) startSimulator(conn *connection, s *server, dir, state string) error {
	sim := simulator.New(simulator.Options{Catalogue: p.Catalogue})
	conn.host = simulatorEndpoint
	file := filepath.Join(state, conn.host, "state.json")
	if err := folder.CheckBelow(state, filepath.Dir(file)); err != nil {
		return err
	}
	found, err := p.loadState(sim, file)
	if err != nil {
		return err
	}
	if !found && s.seed != "" {
		data, err := folder.At(dir, p.Stop).Read(s.seed, folder.Seed)
		if err := seed(sim, filepath.Join(dir, s.seed), data, err); err != nil {
			return err
		}
	}
	before := sim.Counts()
	endpoint, stop, err := sim.Listen()
	if err != nil {
		return err
	}
	s.endpoint, s.appID, s.appSecret = endpoint, "built-in", "built-in"
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

// loadState gives a simulator the state that it had; found says whether there is one.
func (p *Program) loadState(sim *simulator.Server, file string) (found bool, err error) {
	data, err := folder.NamedFile(file, folder.State, p.Stop)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.Is(err, folder.ErrInterrupted):
		return false, input.Unread("", err)
	case err == nil:
		err = sim.Restore(data)
	}
	if err != nil {
		return false, exit.Fail(exit.Error, "%s is no state of the simulator (%w); delete it or name another file", file, err)
	}
	return true, nil
}

// seed fills a simulator with what a file says, from what reading it has given.
func seed(sim *simulator.Server, path string, data []byte, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return exit.Fail(exit.Error, "the seed of the simulator, %s, is not there; correct seed: in the profile or --seed", path)
	} else if err != nil {
		return input.Unread("", err)
	}
	doc, err := file.ParseMap(file.File{Name: filepath.ToSlash(path), Data: data})
	if err != nil {
		return err
	}
	if err := sim.Seed(doc); err != nil {
		return exit.Fail(exit.Invalid, "%s: %w", path, err)
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

// options returns how the engine reads and writes.
func (p *Program) options(c *ucli.Context, dir string) sync.Options {
	return sync.Options{Catalogue: p.Catalogue, Tenant: observe.Selector(c.String("tenant")), Parallelism: c.Int("parallelism"), Create: c.String("create-tenant"), Delete: c.String("delete-tenant"),
		Folder: p.files().Folder(dir), SkipContent: c.Bool("skip-content"), SendSecrets: c.StringSlice("send-secrets"), TrustVersions: c.StringSlice("trust-version"),
		Allow: sync.Allowed{Deletes: c.Int("allow-deletes"), Updates: c.Int("allow-updates"), Loss: c.StringSlice("allow-loss"), Hangup: c.StringSlice("allow-hangup"),
			Fewer: c.StringSlice("allow-fewer"), Overwrite: c.StringSlice("overwrite")}}
}
