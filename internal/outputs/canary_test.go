package outputs

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"pbxsync/internal/evidence"
	"pbxsync/internal/report/forms"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// canaries are secrets that can be recognised in any form, and what has been searched for them.
type canaries struct {
	*world
	mu     gosync.Mutex
	all    map[string]string // what it is -> the secret
	echo   string            // in which form the server repeats what it was sent; "": it does not
	bodies []string          // that people were told
	found  []string
	texts  int
	bytes  int
	files  int
	tokens int
	read   map[string]string // by path, as it was searched last
}

// signs are what makes the forms of a secret differ.
var signs = []string{"<é&>ü", `"'\`, "&+=/%?#", " {$X} ", "😀~|^", "``*_[x](y)"}

func (c *canaries) add(what string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.all)
	c.all[what] = fmt.Sprintf("K%dnary%sQz%dXw%dvB", n, signs[n%len(signs)], n*7919+100003, n*104729+1000003)
	return c.all[what]
}

// RoundTrip is the network: it learns the tokens, and answers as a server that repeats what it was sent.
func (c *canaries) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(sent)))
	}
	token := strings.HasSuffix(r.URL.Path, "/token")
	repeats := r.Method != http.MethodGet && !token
	switch c.echo {
	case "":
		repeats = false
	case "token":
		repeats = token
	case "read":
		repeats = !token
	}
	if repeats {
		return c.repeat(r, string(sent)), nil
	}
	answer, err := simulator.Transport(c.server).RoundTrip(r)
	if err == nil && token {
		data, _ := io.ReadAll(answer.Body)
		var got struct {
			Token string `json:"access_token"`
		}
		if json.Unmarshal(data, &got) == nil && got.Token != "" {
			c.mu.Lock()
			c.all["token "+got.Token[:4]] = got.Token
			c.tokens++
			c.mu.Unlock()
		}
		answer.Body = io.NopCloser(strings.NewReader(string(data)))
	}
	return answer, err
}

// repeat says in an error what was sent.
func (c *canaries) repeat(r *http.Request, body string) *http.Response {
	text := fmt.Sprintf("%s %v", body, r.Header)
	switch c.echo {
	case "value":
		var sent struct{ Password string }
		_ = json.Unmarshal([]byte(body), &sent)
		text = "password " + sent.Password + " is not good enough for " + r.Header.Get("Authorization")
	case "html":
		text = html.EscapeString(text)
	case "url":
		text = url.QueryEscape(text)
	case "base64":
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]any{"message": text, "error": "invalid_client", "error_description": text, "errors": map[string]string{"password": text}})
	return w.Result()
}

// newCanaries makes a tenant with a secret in each place that a secret may come from.
func newCanaries(t *testing.T) *canaries {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join(home, "internal", "outputs", "testdata", "canaries.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	c := &canaries{world: newWorld(t, "canaries"), all: map[string]string{}, read: map[string]string{}}
	c.transport = c
	app := c.add("app secret")
	c.server = simulator.New(simulator.Options{AppID: "app", AppSecret: app})
	c.env["PBXSYNC_APP_SECRET"] = app
	c.all["conference PIN"] = "9074180365"
	for _, f := range a.Files {
		if f.Name == "seed.yaml" {
			c.seed(f.Data)
			continue
		}
		text := strings.ReplaceAll(string(f.Data), "PIN", c.all["conference PIN"])
		for strings.Contains(text, "CANARY") {
			quoted, _ := json.Marshal(c.add(fmt.Sprintf("%s %d", f.Name, len(c.all))))
			text = strings.Replace(text, "CANARY", string(quoted), 1)
		}
		for _, m := range regexp.MustCompile(`\{env: (\w+)`).FindAllStringSubmatch(text, -1) {
			c.env[m[1]] = c.add(m[1])
		}
		c.write(f.Name, []byte(text))
	}
	c.planted()
	return c
}

// planted makes sure that each field of the catalogue that is a secret, or is never shown, is stated.
func (c *canaries) planted() {
	data, err := os.ReadFile("tenant.yaml")
	c.check(err)
	t, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: data}})
	c.check(problems.Err())
	for _, k := range schema.Builtin().Kinds {
		for _, f := range k.Fields {
			if !(f.Secret() || f.Mask) || !k.Managed() {
				continue
			}
			if !slices.ContainsFunc(t.Objects, func(o *schema.Object) bool {
				return o.Kind == k && (o.Values[f.Name] != nil || o.Secrets[f.Name] != (schema.SecretRef{}))
			}) {
				c.Errorf("no canary is planted in %s.%s", k.Word, f.Name)
			}
		}
	}
}

// inbox is a service that takes messages. Its address is a credential.
func (c *canaries) inbox() string {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.bodies = append(c.bodies, string(body))
	}))
	c.Cleanup(server.Close)
	return "generic://" + strings.TrimPrefix(server.URL, "http://") + "/hook?disabletls=yes&token=" + url.QueryEscape(c.add("address to notify"))
}

// texts are the forms in which a secret may leave, its halves among them: a text that is cut still gives half of it away.
func codes(secret string) []string {
	quoted, _ := json.Marshal(secret)
	out := []string{secret, secret[:len(secret)/2], secret[len(secret)/2:], url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), string(quoted[1 : len(quoted)-1]), fmt.Sprintf("%x", secret)}
	for _, code := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			text := code.EncodeToString(append(make([]byte, shift), secret...))
			out = append(out, text[(shift*8+5)/6:(shift+len(secret))*8/6])
		}
	}
	return out
}

var escaped = regexp.MustCompile(`\\([^\w\s])`)

// readings are a text as somebody may read it: as it is, without what breaks lines, and unescaped.
func readings(text string) []string {
	joined := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	out := []string{text, joined, html.UnescapeString(text), escaped.ReplaceAllString(text, "$1")}
	if s, err := url.PathUnescape(text); err == nil {
		out = append(out, s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// search looks for every secret in a text; for those alone that only reports keep back in what is no report.
func (c *canaries) search(where, text string, all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts++
	c.bytes += len(text)
	read := readings(text)
	for what, secret := range c.all {
		if !all && what == "conference PIN" {
			continue
		}
		forms := codes(secret)
		if what == "conference PIN" { // no secret, so that nobody looks for it in other codes
			forms = forms[:1]
		}
		for _, form := range forms {
			if slices.ContainsFunc(read, func(s string) bool { return strings.Contains(s, form) }) {
				c.found = append(c.found, fmt.Sprintf("%s stands in %s as %s", what, where, form))
				break
			}
		}
	}
}

// exec runs a command once for each form on standard output, the first time with a file in each form too, and searches what it says.
func (c *canaries) exec(want int, line string, names []string, args ...string) {
	c.Helper()
	maps.DeleteFunc(c.all, func(what, _ string) bool { return strings.HasPrefix(what, "token ") }) // of runs that are over, and searched
	for i, f := range names {
		with := append(slices.Clone(args), "--format", f)
		for _, other := range forms.Names() {
			if i == 0 && slices.Contains(reporting, args[0]) {
				with = append(with, "--report", other+"=reports/"+other)
			}
		}
		out := c.run(want, line, f, with)
		where := fmt.Sprintf("%v (%s, echo %q)", args, f, c.echo)
		c.search("standard output of "+where, string(out), true)
		c.search("messages of "+where, c.said, true)
	}
	c.onDisk(fmt.Sprintf("%v (echo %q)", args, c.echo))
}

// onDisk searches every file but those that secrets come from. Plans and records hold what is to
// be written, but no secret; reports hold neither.
func (c *canaries) onDisk(where string) {
	c.Helper()
	c.check(filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == "_secrets.yaml" || d.Name() == "more.yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if c.read[path] == string(data) {
			return err
		}
		c.read[path] = string(data)
		c.files++
		c.search(path+" after "+where, string(data), filepath.Base(filepath.Dir(path)) == "reports" || strings.HasSuffix(path, ".prom"))
		return err
	}))
	for _, b := range c.bodies {
		c.search("what was told after "+where, b, true)
	}
	c.bodies = nil
}

// No secret leaves in any form of report, on standard output, in a file or to whoever is told,
// whatever the server repeats of what it was sent.
func TestCanaries(t *testing.T) {
	c := newCanaries(t)
	all, list := forms.Names(), []string{"text", "json"}
	c.check(os.Mkdir("reports", 0o755))
	told := []string{"--notify", c.inbox(), "--metrics", "figures.prom", "--link", "https://ci.example/1"}
	with := func(args ...string) []string { return append(args, told...) }
	given := len(c.all)
	c.exec(0, "apply", []string{"text"}, with("apply", "--secrets-dir", "outside", "--auto-approve", "base.yaml")...)
	for _, c.echo = range []string{"json", "value", "html", "url", "base64", "token"} {
		c.server.ExpireTokens()
		names := []string{"text", "jsonl"}
		if c.echo == "json" && evidence.Full() {
			names = all
		}
		c.exec(1, "apply", names, with("apply", "--secrets-dir", "outside", "--auto-approve", "tenant.yaml")...)
	}
	c.echo = "read"
	c.exec(1, "plan", all, with("plan", "tenant.yaml")...)
	c.exec(1, "drift", list, with("drift", "tenant.yaml")...)
	c.exec(1, "apply", list, with("apply", "--secrets-dir", "outside", "--auto-approve", "tenant.yaml")...)
	c.echo = ""
	c.exec(0, "validate", all, "validate", "tenant.yaml")
	c.exec(0, "drift", all, with("drift", "tenant.yaml")...)
	c.exec(6, "plan", all, with("plan", "--fail-on", "opens,cuts", "--out", "plan.json", "tenant.yaml")...)
	c.exec(0, "show", all, "show", "plan.json")
	c.exec(0, "apply", []string{"jsonl"}, with("apply", "--secrets-dir", "outside", "--auto-approve", "--verbose", "tenant.yaml")...)
	c.check(c.server.Edit("phone", c.id("extension", "101"), map[string]any{"conference_pin": "9074180365"}))
	c.write("tenant.yaml", []byte(strings.Replace(string(must(os.ReadFile("tenant.yaml"))), "9074180365", "1111111111", 1)))
	c.exec(0, "apply", list, with("apply", "--secrets-dir", "outside", "--auto-approve", "--send-secrets", "client_user/*", "tenant.yaml")...)
	c.check(c.server.Edit("phone", c.id("extension", "101"), map[string]any{"conference_pin": "9074180365"}))
	c.exec(2, "drift", all, with("drift", "--verbose", "--all", "tenant.yaml")...)
	c.exec(6, "pull", list, "pull", "tenant.yaml")
	c.exec(0, "pull", list[1:], "pull", "--auto-approve", "tenant.yaml")
	c.write("tenant.yaml", []byte(strings.Replace(string(must(os.ReadFile("tenant.yaml"))), "9074180365", "1111111111", 1)))
	c.exec(0, "pull", list, "pull", "--auto-approve", "tenant.yaml")
	c.exec(0, "runs", list, "runs", "tenant.yaml")
	for _, hit := range c.found[:min(20, len(c.found))] {
		t.Error(hit)
	}
	t.Logf("%d canaries planted, and %d tokens, in %d codes each, in %d forms of report: %d texts of %d bytes searched, %d of them files: %d hits",
		given, c.tokens, len(codes("xx")), len(all), c.texts, c.bytes, c.files, len(c.found))
	if c.texts < 200 || given < 9 {
		t.Error("too few")
	}
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}
