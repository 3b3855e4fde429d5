package process

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"unicode"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
)

// canaries are secrets that can be recognised in any form.
type canaries struct {
	all   map[string]string // what it is -> the secret
	begin map[[4]byte][]form
	known int // how many of them begin has
}

// signs are what makes the forms of a secret differ.
var signs = []string{"", `"'\`, "&+=/%?#", "<é>ü", " {$X} ", "😀~|^"}

func (c *canaries) add(what string) string {
	n := len(c.all)
	text := fmt.Sprintf("K%dnary%sQz%dXw%dvB", n, signs[n%len(signs)], n*7919+100003, n*104729+1000003)
	c.all[what] = text
	return text
}

// forms are those in which a secret may leave. Halves are there too, since a text that
// is cut is not the secret any more, and still gives half of it away.
func forms(secret string) map[string]string {
	out := map[string]string{"first half": secret[:len(secret)/2], "second half": secret[len(secret)/2:]}
	quoted := quotedText(secret)
	for name, s := range map[string]string{"": secret, "of JSON": quoted[1 : len(quoted)-1]} {
		twice, _ := json.Marshal(s)
		out["raw "+name], out["JSON "+name], out["URL "+name], out["path "+name] = s, string(twice[1:len(twice)-1]), url.QueryEscape(s), url.PathEscape(s)
		out["hex "+name], out["HEX "+name] = fmt.Sprintf("%x", s), fmt.Sprintf("%X", s)
		for i, code := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for shift := range 3 {
				text := code.EncodeToString(append(make([]byte, shift), s...))
				out[fmt.Sprintf("base64 %d %d %s", i, shift, name)] = text[(shift*8+5)/6 : (shift+len(s))*8/6]
			}
		}
	}
	return out
}

// form is one form of one secret.
type form struct{ what, name, text string }

// starts are the forms of all secrets by their first bytes, so that a text is gone through
// once and not for each of them.
func (c *canaries) starts() map[[4]byte][]form {
	if c.known == len(c.all) {
		return c.begin
	}
	c.known, c.begin = len(c.all), map[[4]byte][]form{}
	for _, what := range keys(c.all) {
		for name, text := range forms(c.all[what]) {
			start := [4]byte([]byte(text))
			c.begin[start] = append(c.begin[start], form{what, name, text})
		}
	}
	return c.begin
}

// hits returns where the secrets stand in a text.
func (c *canaries) hits(where, text string) []string {
	found, starts := map[string]bool{}, c.starts()
	joined := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	for _, text := range []string{text, joined} {
		for i := range max(0, len(text)-3) {
			for _, f := range starts[[4]byte{text[i], text[i+1], text[i+2], text[i+3]}] {
				if strings.HasPrefix(text[i:], f.text) {
					found[fmt.Sprintf("%s (%s) stands in %s", f.what, f.name, where)] = true
				}
			}
		}
	}
	return keys(found)
}

// searched is a run of the program whose every trace is kept.
type searched struct {
	*lab
	canaries
	mu    gosync.Mutex
	texts int // that were searched
	found []string
	urls  strings.Builder
	argv  strings.Builder
	seen  string // the last argument list
	calls int    // of this run
	echo  string // how the server answers writes: "" as it should, or an echo in this form
}

// ServeHTTP stands before the simulator: it learns the tokens, keeps what stands in
// URLs, and repeats in its errors what it was sent.
func (s *searched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	fmt.Fprintln(&s.urls, r.URL, r.Header.Get("Referer"))
	for _, pid := range s.started() {
		argv, _ := os.ReadFile(fmt.Sprintf("/proc/%s/cmdline", pid))
		if s.seen != string(argv) { // a run makes many calls
			s.seen = string(argv)
			fmt.Fprintln(&s.argv, s.seen)
		}
	}
	echo := s.echo
	s.mu.Unlock()
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	token := strings.HasSuffix(r.URL.Path, "/token")
	switch {
	case token && echo != "token":
		rec := httptest.NewRecorder()
		s.sim.ServeHTTP(rec, r)
		var answer struct {
			Token string `json:"access_token"`
		}
		if json.Unmarshal(rec.Body.Bytes(), &answer) == nil && answer.Token != "" {
			s.mu.Lock()
			s.all["token "+answer.Token[:4]] = answer.Token
			s.mu.Unlock()
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	case token || echo != "" && echo != "token" && (r.Method != http.MethodGet || echo == "location"):
		s.repeat(w, r, string(body), echo)
	default:
		s.sim.ServeHTTP(w, r)
	}
}

// started returns them for the first calls of each run: what they were started with stays.
func (s *searched) started() []string {
	if s.calls++; s.calls > 3 {
		return nil
	}
	return s.running()
}

// running returns the processes that were started for the lab.
func (s *searched) running() []string {
	found, _ := filepath.Glob("/proc/[0-9]*/exe")
	var out []string
	for _, exe := range found {
		if to, err := os.Readlink(exe); err == nil && to == binary {
			out = append(out, filepath.Base(filepath.Dir(exe)))
		}
	}
	return out
}

// repeat is a server that says in its error what it was sent.
func (s *searched) repeat(w http.ResponseWriter, r *http.Request, body, how string) {
	var sent struct{ Password string }
	_ = json.Unmarshal([]byte(body), &sent)
	all := fmt.Sprintf("%s %v", body, r.Header)
	status, text := http.StatusBadRequest, all
	switch how {
	case "value":
		text = "password " + sent.Password + " is not good enough, " + r.Header.Get("Authorization")
	case "cut": // so that the secret stands where a long text is cut off
		text = strings.Repeat("x", 190) + sent.Password
	case "url":
		text = url.QueryEscape(all) + " " + url.PathEscape(all)
	case "base64":
		text = base64.StdEncoding.EncodeToString([]byte(all))
	case "hex":
		text = fmt.Sprintf("%x", all)
	case "500":
		status = http.StatusInternalServerError
	case "401", "token":
		status = http.StatusUnauthorized
	case "location":
		w.Header().Set("Location", "https://elsewhere.example/?"+url.QueryEscape(all))
		status = http.StatusFound
	case "plain":
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, all)
		return
	}
	answer, _ := json.Marshal(map[string]any{"message": text, "error": "invalid_client", "error_description": text, "errors": map[string]string{"password": text}})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

// newSearched makes a tenant whose secrets come in every way there is.
func newSearched(t *testing.T) *searched {
	s := &searched{canaries: canaries{all: map[string]string{}}}
	s.lab = newLab(t, simulator.Options{}, nil)
	s.lab.sim = simulator.New(simulator.Options{AppID: appID, AppSecret: s.add("app secret")})
	s.seed()
	front := httptest.NewServer(s)
	t.Cleanup(front.Close)
	var b, inFolder, outside strings.Builder
	base := head + "extension_groups: {g: {}}\nextensions: {\"101\": {label: A, type: queue, status: active}}\n"
	s.write("base.yaml", base)
	b.WriteString(base + "users:\n")
	for _, kind := range []string{"client", "extension", "extension_group"} {
		fmt.Fprintf(&b, "  %s:\n", kind)
		for i := range 16 {
			login := fmt.Sprintf("%s%02d", strings.ReplaceAll(kind, "_", ""), i)
			ref := ""
			switch i % 3 {
			case 0:
				name := strings.ToUpper(login)
				s.env = append(s.env, name+"="+s.add(login+" from the environment"))
				ref = "{env: " + name + "}"
			case 1:
				fmt.Fprintf(&inFolder, "%s: %s\n", login, quotedText(s.add(login+" from a file")))
				ref = "{file: _secrets.yaml, key: " + login + "}"
			case 2:
				fmt.Fprintf(&outside, "%s: %s\n", login, quotedText(s.add(login+" from --secrets-dir")))
				ref = "{file: more.yaml, key: " + login + "}"
			}
			of := map[string]string{"client": "access: full", "extension": "access: full, extension: \"101\"", "extension_group": "access: full, extension_group: g"}[kind]
			fmt.Fprintf(&b, "    %s: {name: N, email: %s@a.example, status: active, %s, password: %s}\n", login, login, of, ref)
		}
	}
	s.write("tenant.yaml", b.String())
	s.write("_secrets.yaml", inFolder.String())
	if err := os.Mkdir(filepath.Join(s.dir, "outside"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.write("outside/more.yaml", outside.String())
	s.write("_app_secret", s.all["app secret"]+"\n")
	s.write("own.yaml.profile", "endpoint: "+front.URL+"\napp_id: "+appID+"\napp_secret_file: _app_secret\n")
	s.env = append(s.env, "PBXSYNC_ENDPOINT="+front.URL, "PBXSYNC_APP_SECRET="+s.all["app secret"], "PBXSYNC_SECRETS_DIR="+filepath.Join(s.dir, "outside"))
	return s
}

// quotedText writes a text as YAML has it in double quotes.
func quotedText(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)
	return strings.TrimSpace(b.String())
}

func (l *lab) seed() {
	l.Helper()
	if err := seedInto(l.sim); err != nil {
		l.Fatal(err)
	}
}

// exec runs a command that ends in one way, and searches what it says.
func (s *searched) exec(f *faults, want int, args ...string) { s.ends(f, []int{want}, args...) }

// ends runs a command that may end in several ways, and searches what it says.
func (s *searched) ends(f *faults, want []int, args ...string) {
	s.mu.Lock()
	s.calls = 0
	s.mu.Unlock()
	code, stdout, stderr := s.lab.run(args...)
	what := strings.Join(args, " ")
	f.check(slices.Contains(want, code), "%s (%s): exit %d, want %d: %s", what, s.echo, code, want, stderr)
	s.mu.Lock()
	defer s.mu.Unlock()
	for where, text := range map[string]string{"stdout": stdout, "stderr": stderr} {
		s.texts++
		s.found = append(s.found, s.hits(fmt.Sprintf("%s of %s (%s)", where, what, s.echo), text)...)
	}
}

// files searches every file but those that secrets come from.
func (s *searched) search(f *faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		if err != nil || !d.Type().IsRegular() || name == "_secrets.yaml" || name == "more.yaml" || name == "_app_secret" {
			return err
		}
		data, err := os.ReadFile(path)
		s.texts++
		s.found = append(s.found, s.hits(path, string(data))...)
		return err
	})
	f.check(err == nil, "%v", err)
	s.found = append(s.found, s.hits("a URL", s.urls.String())...)
	s.found = append(s.found, s.hits("an argument list", s.argv.String())...)
	f.check(strings.Contains(s.argv.String(), "apply"), "no argument list was seen")
}

// TestCanaries lets secrets come in every way there is, runs every command against a
// server that behaves and against servers that repeat what they were sent, and searches
// all that is printed, written, asked for or passed on.
func TestCanaries(t *testing.T) {
	s, f := newSearched(t), &faults{}
	given := len(s.all)
	s.exec(f, 0, "apply", "--auto-approve", "base.yaml")
	for i, echo := range []string{"json", "value", "cut", "url", "base64", "hex", "500", "401", "plain", "location", "token"} {
		s.echo = echo
		s.sim.ExpireTokens()
		formats := []string{"text", "json"}
		if !evidence.More() {
			formats = formats[i%2:][:1]
		}
		for _, format := range formats {
			want := []int{1}
			if echo == "500" { // 7 where the run has stopped while a create was still looked for
				want = append(want, 7)
			}
			s.ends(f, want, "apply", "--auto-approve", "--settle", "1ms", "--format", format, "tenant.yaml")
			if echo == "500" {
				s.forget(f)
			}
		}
	}
	s.echo = ""
	for _, format := range []string{"--format=text", "--format=json"} {
		s.exec(f, 0, "validate", format, "tenant.yaml")
		s.exec(f, 0, "plan", format, "--out", "plan.json", "tenant.yaml")
		s.exec(f, 0, "show", format, "plan.json")
	}
	s.exec(f, 0, "apply", "plan.json")
	s.exec(f, 0, "check", "--config", "own.yaml.profile", "tenant.yaml")
	s.exec(f, 0, "check", "--deep", "--record", "shapes.json", "tenant.yaml")
	s.traced(f)
	for _, format := range []string{"--format=text", "--format=json"} {
		s.exec(f, 0, "apply", format, "--auto-approve", "--send-secrets", "client_user/*", "tenant.yaml")
		s.exec(f, 0, "drift", format, "tenant.yaml")
		s.exec(f, 0, "runs", format, "tenant.yaml")
		s.exec(f, 0, "import", format, filepath.Join("imported", format[9:]))
	}
	s.exec(f, 0, "import", "--snapshot", "live.json")
	s.search(f)
	for _, wrong := range f.list {
		t.Error(wrong)
	}
	right := len(s.all)
	if len(s.found) > 0 {
		right = 0
	}
	report(t, "canaries", &tally{tried: len(s.all), right: right, wrong: clip(s.found)}, fmt.Sprintf("%d secrets (%d given, the others tokens) in %d forms each, searched for in %d outputs and files, in all URLs and argument lists: %d hits",
		len(s.all), given, len(forms("x")), s.texts, len(s.found)))
	if given < 49 || !evidence.Full() && s.texts < 60 {
		t.Errorf("%d secrets, %d texts: too few", given, s.texts)
	}
}

// traced writes traces, of values too, with servers that behave and that repeat what they
// were sent. They are files like all others, and search reads them.
func (s *searched) traced(f *faults) {
	for _, echo := range []string{"", "json", "cut", "base64", "token"} {
		s.echo = echo
		s.sim.ExpireTokens()
		want := 0
		if echo != "" {
			want = 1
		}
		for _, values := range []string{"false", "true"} {
			file := "calls-" + echo + values + ".jsonl"
			s.exec(f, want, "apply", "--auto-approve", "--send-secrets", "*_user/*", "--trace", file, "--trace-values="+values, "tenant.yaml")
			data, err := os.ReadFile(filepath.Join(s.dir, file))
			f.check(err == nil && strings.Count(string(data), "\n") > 1, "%s: %v, %d bytes", file, err, len(data))
			f.check(echo == "token" || strings.Contains(string(data), "\"sent\":"), "%s tells of no body", file)
		}
	}
	s.echo = ""
	data, err := os.ReadFile(filepath.Join(s.dir, "shapes.json"))
	f.check(err == nil && strings.Contains(string(data), "client_user"), "shapes.json: %v", err)
}

// A secret is seen in each of its forms, also where lines were broken in it.
func TestCanariesAreSeen(t *testing.T) {
	c := canaries{all: map[string]string{}}
	for range 2 * len(signs) {
		c.add(fmt.Sprint("secret ", len(c.all)))
	}
	for _, what := range keys(c.all) {
		for name, text := range forms(c.all[what]) {
			want := fmt.Sprintf("%s (%s) stands in x", what, name)
			joined := strings.Join(strings.Fields(text), "")
			if found := c.hits("x", "before "+text+" after"); !slices.Contains(found, want) {
				t.Errorf("%s: found %q", want, found)
			}
			if found := c.hits("x", joined[:5]+"\n    "+joined[5:]); joined == text && !slices.Contains(found, want) {
				t.Errorf("%s, broken: found %q", want, found)
			}
		}
	}
	if found := c.hits("x", "nothing of it"); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}

// forget settles what is not known, so that the next run is not about it.
func (s *searched) forget(f *faults) {
	f.check(os.RemoveAll(filepath.Join(s.dir, ".pbxsync")) == nil, "the records could not be removed")
}

func clip(list []string) []string {
	if len(list) > 12 {
		return append(list[:12:12], fmt.Sprintf("... and %d more", len(list)-12))
	}
	return list
}
