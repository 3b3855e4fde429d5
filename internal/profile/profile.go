package profile

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/internal/secretfile"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
)

// Simulator names the built-in simulator where a URL could stand.
const Simulator = "simulator"

// Server is where calls go and with which credentials. Both come from one source.
type Server struct {
	Endpoint  string
	AppID     string
	AppSecret string
	Seed      string // of the built-in simulator: a file beside the tenant's files
	Beside    bool   // named beside the tenant's files, by whoever wrote these
	source    string // for messages
	inEnv     bool   // the credentials are those of the environment
}

// Finder is where a server can be named.
type Finder struct {
	Getenv    func(string) string
	ConfigDir func() (string, error) // the user's configuration folder
	Stop      <-chan struct{}        // closed when nobody waits any more; nil: never
}

// Asked is what flags say of a server.
type Asked struct {
	Endpoint string
	Stated   bool   // Endpoint was stated, if only as nothing
	Config   string // a profile, or ""
}

// From says where the credentials come from.
func (s *Server) From() string {
	if s.inEnv {
		return "PBXSYNC_APP_ID and PBXSYNC_APP_SECRET or PBXSYNC_APP_SECRET_FILE"
	}
	return s.source
}

// Builtin reports whether it is the simulator in the program.
func (s *Server) Builtin() bool { return s.Endpoint == Simulator }

// Server decides which server is meant. The order is: flag, the profile beside
// the tenant's files, environment, --config, the user's profile.
func (f Finder) Server(asked Asked, dir string) (*Server, error) {
	beside, err := f.besideProfile(dir)
	if err != nil {
		return nil, err
	}
	switch {
	case asked.Stated:
		return f.fromEnvironment(asked.Endpoint, "--endpoint", beside)
	case beside != nil && f.Getenv("PBXSYNC_ENDPOINT") != "":
		return nil, exit.Fail(exit.Error, "%s names the endpoint %s and PBXSYNC_ENDPOINT names %s; say which with --endpoint", beside.source, beside.Endpoint, f.Getenv("PBXSYNC_ENDPOINT"))
	case beside != nil:
		return beside, nil
	case f.Getenv("PBXSYNC_ENDPOINT") != "":
		return f.fromEnvironment(f.Getenv("PBXSYNC_ENDPOINT"), "PBXSYNC_ENDPOINT", nil)
	}
	return f.userProfile(asked.Config)
}

// fromEnvironment takes the credentials from the environment: flags and
// environment count as one source.
func (f Finder) fromEnvironment(endpoint, source string, beside *Server) (*Server, error) {
	s := &Server{Endpoint: endpoint, AppID: f.Getenv("PBXSYNC_APP_ID"), AppSecret: f.Getenv("PBXSYNC_APP_SECRET"), source: source, inEnv: true}
	if s.Builtin() {
		if beside != nil {
			s.Seed = beside.Seed
		}
		return s, nil
	}
	if file := f.Getenv("PBXSYNC_APP_SECRET_FILE"); file != "" && s.AppSecret == "" {
		data, err := secretfile.ReadMounted(file, f.Stop)
		if err != nil {
			return nil, exit.Fail(exit.Error, "environment variable PBXSYNC_APP_SECRET_FILE: %w", err)
		}
		s.AppSecret = secretfile.WithoutEnd(data)
		if err := secretfile.Whole(s.AppSecret, file); err != nil {
			return nil, exit.Fail(exit.Error, "environment variable PBXSYNC_APP_SECRET_FILE: %w", err)
		}
	}
	if s.AppID == "" || s.AppSecret == "" {
		hint := "set PBXSYNC_APP_ID and PBXSYNC_APP_SECRET"
		if profile, err := f.userProfile(""); err == nil && profile.AppID != "" {
			hint = "the credentials in " + profile.source + " go only to its own endpoint; " + hint + ", or leave " + source + " out"
		}
		return nil, exit.Fail(exit.Error, "%s names %s, and the environment has no credentials for it; %s", source, endpoint, hint)
	}
	if err := secretfile.Whole(s.AppSecret, "environment variable PBXSYNC_APP_SECRET"); err != nil {
		return nil, exit.Fail(exit.Error, "%v", err)
	}
	return s, nil
}

// besideProfile reads pbxsync.yaml beside the tenant's files. Whoever changes the files can
// change it, so it may name nothing but this machine, and no credentials: they would go where
// it says.
func (f Finder) besideProfile(dir string) (*Server, error) {
	if dir == "" {
		return nil, nil
	}
	name := filepath.ToSlash(filepath.Join(dir, input.ProfileName))
	data, err := folder.At(dir, f.Stop).Read(input.ProfileName, folder.Profile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, input.Unread("", err)
	}
	words, err := profileWords(name, data)
	if err != nil {
		return nil, err
	}
	for _, word := range credentials {
		if _, there := words[word]; there {
			return nil, exit.Fail(exit.Error, "%s: %s has no place in a profile beside tenant files, since whoever changes these says where it goes; take it out, and name the credentials in the environment (PBXSYNC_APP_ID, PBXSYNC_APP_SECRET_FILE) with --endpoint, or in a profile of your own (--config FILE)", name, word)
		}
	}
	s := &Server{Endpoint: words["endpoint"], Seed: words["seed"], source: name, Beside: true}
	if !s.Builtin() && !Loopback(s.Endpoint) {
		return nil, exit.Fail(exit.Error, "%s names %s; beside tenant files a profile may name only simulator or an address of this machine; put it into your own profile or use --endpoint", name, wording.Excerpt(s.Endpoint))
	}
	if s.Seed != "" && !filepath.IsLocal(s.Seed) {
		return nil, exit.Fail(exit.Error, "%s: seed %s leaves the folder; name a file beside the tenant's files", name, wording.Excerpt(s.Seed))
	}
	if !s.Builtin() { // a simulator on a port takes any
		s.AppID, s.AppSecret = anybody, anybody
	}
	return s, nil
}

// anybody stands for both credentials where a profile beside tenant files names an address of
// this machine: whoever listens there learns nothing by it.
const anybody = "anybody"

// Loopback reports whether an endpoint is an address of this machine.
func Loopback(endpoint string) bool {
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
func (f Finder) userProfile(config string) (*Server, error) {
	if config == "" {
		dir, err := f.ConfigDir()
		if err != nil {
			return nil, noServer()
		}
		config = filepath.Join(dir, "pbxsync", input.ProfileName)
		if _, err := os.Stat(config); err != nil {
			return nil, noServer()
		}
	}
	s, err := f.ownProfile(config)
	if errors.Is(err, errNoProfile) {
		return nil, exit.Fail(exit.Error, "--config %s: no such file; make it, or name another", config)
	} else if err != nil {
		return nil, err
	}
	if !s.Builtin() && (s.AppID == "" || s.AppSecret == "") {
		hint := ""
		if f.Getenv("PBXSYNC_APP_ID") != "" {
			hint = "; those in the environment belong to PBXSYNC_ENDPOINT or --endpoint and do not go to this one"
		}
		return nil, exit.Fail(exit.Error, "%s names %s without app_id and app_secret (or app_secret_file)%s", s.source, s.Endpoint, hint)
	}
	return s, nil
}

func noServer() error {
	return exit.Fail(exit.Error, "no server is named; use --endpoint URL with PBXSYNC_APP_ID and PBXSYNC_APP_SECRET, or a profile (--config FILE), or --endpoint simulator")
}

// errNoProfile says that a profile itself is missing, and not a file that it names.
var errNoProfile = errors.New("there is no profile")

// credentials are the words of a profile that say who may call, or where that stands.
var credentials = []string{"app_id", "app_secret", "app_secret_file"}

// profileWords reads what a profile says: texts, by words that are known.
func profileWords(name string, data []byte) (map[string]string, error) {
	m, err := file.ParseMap(file.File{Name: name, Data: data})
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	known := slices.Concat([]string{"endpoint"}, credentials, []string{"seed"})
	for _, word := range slices.Sorted(maps.Keys(m)) {
		text, ok := m[word].(string)
		if !slices.Contains(known, word) || !ok {
			return nil, exit.Fail(exit.Error, "%s: %q is not known here or is no text; known: %s", name, wording.Excerpt(word), strings.Join(known, ", "))
		}
		words[word] = text
	}
	if words["endpoint"] == "" {
		return nil, exit.Fail(exit.Error, "%s: endpoint is missing; write endpoint: URL, or endpoint: simulator", name)
	}
	return words, nil
}

// ownProfile reads a profile of the person who runs the program, who may keep it in a pipe.
func (f Finder) ownProfile(path string) (*Server, error) {
	data, err := folder.Named(path, folder.Profile, f.Stop)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoProfile
	} else if err != nil {
		return nil, input.Unread("", err)
	}
	words, err := profileWords(filepath.ToSlash(path), data)
	if err != nil {
		return nil, err
	}
	s := &Server{Endpoint: words["endpoint"], AppID: words["app_id"], AppSecret: words["app_secret"], Seed: words["seed"], source: filepath.ToSlash(path)}
	if s.AppSecret != "" { // so the profile is itself a file of secrets
		return s, cmp.Or(input.Unread("", secretfile.Private(path)), secretfile.Whole(s.AppSecret, "app_secret in "+path))
	}
	file := words["app_secret_file"]
	if file == "" {
		return s, nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(path), file)
	}
	secret, err := secretfile.Read(file, f.Stop)
	if err != nil {
		return nil, exit.Fail(exit.Invalid, "app_secret_file in %s: %w", path, err)
	}
	s.AppSecret = secretfile.WithoutEnd(secret)
	return s, secretfile.Whole(s.AppSecret, file)
}
