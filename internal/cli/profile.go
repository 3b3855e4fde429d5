package cli

import (
	"cmp"
	"errors"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/secretfile"
	"pbxsync/schema"
)

// simulatorEndpoint names the built-in simulator where a URL could stand.
const simulatorEndpoint = "simulator"

// server is where calls go and with which credentials. Both come from one source.
type server struct {
	endpoint  string
	appID     string
	appSecret string
	seed      string // of the built-in simulator: a file beside the tenant's files
	source    string // for messages
	inEnv     bool   // the credentials are those of the environment
}

// from says where the credentials come from.
func (s *server) from() string {
	if s.inEnv {
		return "PBXSYNC_APP_ID and PBXSYNC_APP_SECRET or PBXSYNC_APP_SECRET_FILE"
	}
	return s.source
}

func (s *server) builtin() bool { return s.endpoint == simulatorEndpoint }

// server decides which server is meant. The order is: flag, the profile beside
// the tenant's files, environment, --config, the user's profile.
func (p *Program) server(c *ucli.Context, dir string) (*server, error) {
	beside, err := p.besideProfile(dir)
	if err != nil {
		return nil, err
	}
	switch {
	case c.IsSet("endpoint"):
		return p.fromEnvironment(c.String("endpoint"), "--endpoint", beside)
	case beside != nil && p.Getenv("PBXSYNC_ENDPOINT") != "":
		return nil, fail(exitError, "%s names the endpoint %s and PBXSYNC_ENDPOINT names %s; say which with --endpoint", beside.source, beside.endpoint, p.Getenv("PBXSYNC_ENDPOINT"))
	case beside != nil:
		return beside, nil
	case p.Getenv("PBXSYNC_ENDPOINT") != "":
		return p.fromEnvironment(p.Getenv("PBXSYNC_ENDPOINT"), "PBXSYNC_ENDPOINT", nil)
	}
	return p.userProfile(c.String("config"))
}

// fromEnvironment takes the credentials from the environment: flags and
// environment count as one source.
func (p *Program) fromEnvironment(endpoint, source string, beside *server) (*server, error) {
	s := &server{endpoint: endpoint, appID: p.Getenv("PBXSYNC_APP_ID"), appSecret: p.Getenv("PBXSYNC_APP_SECRET"), source: source, inEnv: true}
	if s.builtin() {
		if beside != nil {
			s.seed = beside.seed
		}
		return s, nil
	}
	if file := p.Getenv("PBXSYNC_APP_SECRET_FILE"); file != "" && s.appSecret == "" {
		data, err := secretfile.ReadMounted(file)
		if err != nil {
			return nil, fail(exitError, "environment variable PBXSYNC_APP_SECRET_FILE: %w", err)
		}
		s.appSecret = secretfile.WithoutEnd(data)
		if err := secretfile.Whole(s.appSecret, file); err != nil {
			return nil, fail(exitError, "environment variable PBXSYNC_APP_SECRET_FILE: %w", err)
		}
	}
	if s.appID == "" || s.appSecret == "" {
		hint := "set PBXSYNC_APP_ID and PBXSYNC_APP_SECRET"
		if profile, err := p.userProfile(""); err == nil && profile.appID != "" {
			hint = "the credentials in " + profile.source + " go only to its own endpoint; " + hint + ", or leave " + source + " out"
		}
		return nil, fail(exitError, "%s names %s, and the environment has no credentials for it; %s", source, endpoint, hint)
	}
	if err := secretfile.Whole(s.appSecret, "environment variable PBXSYNC_APP_SECRET"); err != nil {
		return nil, fail(exitError, "%v", err)
	}
	return s, nil
}

// besideProfile reads pbxsync.yaml beside the tenant's files. A pull request can
// change it, so it may name nothing but this machine.
func (p *Program) besideProfile(dir string) (*server, error) {
	if dir == "" {
		return nil, nil
	}
	s, err := readProfile(filepath.Join(dir, profileName))
	if errors.Is(err, errNoProfile) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !s.builtin() && !isLoopback(s.endpoint) {
		return nil, fail(exitError, "%s names %s; beside tenant files a profile may name only simulator or an address of this machine; put it into your own profile or use --endpoint", s.source, s.endpoint)
	}
	if s.seed != "" && !filepath.IsLocal(s.seed) {
		return nil, fail(exitError, "%s: seed %s leaves the folder; name a file beside the tenant's files", s.source, s.seed)
	}
	return s, nil
}

func isLoopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(u.Hostname())
	return err == nil && a.IsLoopback()
}

// userProfile reads the profile that --config names, or the user's own.
func (p *Program) userProfile(config string) (*server, error) {
	if config == "" {
		dir, err := p.ConfigDir()
		if err != nil {
			return nil, noServer()
		}
		config = filepath.Join(dir, "pbxsync", profileName)
		if _, err := os.Stat(config); err != nil {
			return nil, noServer()
		}
	}
	s, err := readProfile(config)
	if errors.Is(err, errNoProfile) {
		return nil, fail(exitError, "--config %s: no such file; make it, or name another", config)
	} else if err != nil {
		return nil, err
	}
	if !s.builtin() && (s.appID == "" || s.appSecret == "") {
		hint := ""
		if p.Getenv("PBXSYNC_APP_ID") != "" {
			hint = "; those in the environment belong to PBXSYNC_ENDPOINT or --endpoint and do not go to this one"
		}
		return nil, fail(exitError, "%s names %s without app_id and app_secret (or app_secret_file)%s", s.source, s.endpoint, hint)
	}
	return s, nil
}

func noServer() error {
	return fail(exitError, "no server is named; use --endpoint URL with PBXSYNC_APP_ID and PBXSYNC_APP_SECRET, or a profile (--config FILE), or --endpoint simulator")
}

// errNoProfile says that a profile itself is missing, and not a file that it names.
var errNoProfile = errors.New("there is no profile")

func readProfile(path string) (*server, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoProfile
	} else if err != nil {
		return nil, fail(exitError, "%s cannot be read as a profile (%w); name another with --config", path, withoutPath(err))
	}
	m, err := schema.ParseMap(schema.File{Name: filepath.ToSlash(path), Data: data})
	if err != nil {
		return nil, err
	}
	s := &server{source: filepath.ToSlash(path)}
	secretFile := ""
	words := map[string]*string{"endpoint": &s.endpoint, "app_id": &s.appID, "app_secret": &s.appSecret, "app_secret_file": &secretFile, "seed": &s.seed}
	for name, v := range m {
		text, ok := v.(string)
		if words[name] == nil || !ok {
			return nil, fail(exitError, "%s: %q is not known here or is no text; known: endpoint, app_id, app_secret, app_secret_file, seed", path, name)
		}
		*words[name] = text
	}
	if s.endpoint == "" {
		return nil, fail(exitError, "%s: endpoint is missing; write endpoint: URL, or endpoint: simulator", path)
	}
	return s, s.protect(path, secretFile)
}

// protect requires that secrets lie in files that only their owner reads.
func (s *server) protect(path, secretFile string) error {
	if s.appSecret != "" {
		return cmp.Or(invalid(secretfile.Private(path)), secretfile.Whole(s.appSecret, "app_secret in "+path))
	}
	if secretFile == "" {
		return nil
	}
	if !filepath.IsAbs(secretFile) {
		secretFile = filepath.Join(filepath.Dir(path), secretFile)
	}
	data, err := secretfile.Read(secretFile)
	if err != nil {
		return fail(exitInvalid, "app_secret_file in %s: %w", path, err)
	}
	s.appSecret = secretfile.WithoutEnd(data)
	return secretfile.Whole(s.appSecret, secretFile)
}

// invalid is an error that invalid input leads to.
func invalid(err error) error {
	if err == nil {
		return nil
	}
	return fail(exitInvalid, "%w", err)
}
