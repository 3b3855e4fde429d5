package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api"
	"pbxsync/internal/report"
	"pbxsync/internal/survey"
	"pbxsync/schema"
)

// trace writes each call and its answer as a JSON line: shapes, and values where they
// were asked for. Secrets are in neither.
type trace struct {
	mask    *report.Mask
	names   survey.Names
	secrets map[string]bool // fields whose values are never written
	values  bool
	start   time.Time

	mu   sync.Mutex
	to   io.WriteCloser
	next int
	err  error
}

// traceLine is one exchange.
type traceLine struct {
	Number int    `json:"n"`
	At     int64  `json:"at_ms"` // since the trace began
	Method string `json:"method"`
	Path   string `json:"path"`
	Status int    `json:"status"` // 0: no answer
	Took   int64  `json:"ms"`
	Out    int    `json:"sent_bytes"`
	In     int64  `json:"bytes"`
	Sent   string `json:"sent,omitempty"`
	Answer string `json:"answer,omitempty"`
	Error  string `json:"error,omitempty"`

	SentValues   any `json:"sent_values,omitempty"`
	AnswerValues any `json:"answer_values,omitempty"`
}

// openTrace opens the file of --trace before the first call, nil without one.
func (p *Program) openTrace(c *ucli.Context) (api.Tracer, error) {
	name := c.String("trace")
	switch {
	case name == "" && c.Bool("trace-values"):
		return nil, fail(exitError, "--trace-values says what stands in the file of --trace; name one")
	case name == "":
		return nil, nil
	case p.tracing != nil:
		return p.tracing, nil
	}
	f, err := privateFile(name, os.O_APPEND)
	if err != nil {
		return nil, fail(exitError, "the trace cannot be written (%w); name another file with --trace", err)
	}
	t := &trace{mask: &p.mask, names: survey.NamesOf(p.Catalogue), secrets: secretNames(p.Catalogue), values: c.Bool("trace-values"), start: time.Now(), to: f}
	t.write(map[string]any{"trace": 1, "tool": "pbxsync " + version, "command": c.Command.Name, "values": t.values})
	if err := t.Ready(); err != nil {
		return nil, fail(exitError, "the trace cannot be written (%w); name another file with --trace", err)
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

// secretNames are the fields that nobody can read back.
func secretNames(c *schema.Catalogue) map[string]bool {
	names := map[string]bool{}
	for _, k := range c.Kinds {
		for _, f := range k.Fields {
			if f.Secret() {
				names[f.API] = true
			}
		}
	}
	return names
}

// Ready reports why the trace cannot be written any more.
func (t *trace) Ready() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Note writes one exchange.
func (t *trace) Note(e api.Exchange) {
	line := traceLine{At: e.Start.Sub(t.start).Milliseconds(), Method: e.Method, Path: e.Path, Status: e.Status, Took: e.Took.Milliseconds(),
		Out: len(e.Sent), In: e.Size}
	if !t.values {
		line.Path = withoutValues(e.Path)
	}
	line.Sent, line.SentValues = t.body(e.Sent, int64(len(e.Sent)))
	line.Answer, line.AnswerValues = t.body(e.Received, e.Size)
	if e.Err != nil {
		line.Error = report.Clean(e.Err.Error())
	}
	t.write(&line)
}

// body gives the shape of a body, and its values where they are wanted.
func (t *trace) body(data []byte, size int64) (string, any) {
	if len(data) == 0 {
		return "", nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return fmt.Sprintf("%d bytes, no JSON", size), nil
	}
	s := &survey.Shape{}
	t.names.Add(s, v, nil)
	if !t.values {
		return s.Brief(), nil
	}
	return s.Brief(), t.open(v)
}

const masking = "[secret]"

var userInfo = regexp.MustCompile(`://[^/?#\s]*@`)

// open copies values without those that are secret.
func (t *trace) open(v any) any {
	switch x := v.(type) {
	case string:
		return userInfo.ReplaceAllString(x, "://"+masking+"@")
	case []any:
		out := make([]any, len(x))
		for i, item := range x {
			out[i] = t.open(item)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for name, item := range x {
			if out[name] = t.open(item); t.secret(name) {
				out[name] = masking
			}
		}
		return out
	}
	return v
}

func (t *trace) secret(name string) bool {
	lower := strings.ToLower(name)
	return t.secrets[name] || strings.Contains(lower, "passw") || strings.Contains(lower, "secret") || strings.Contains(lower, "token")
}

var plainSegment = regexp.MustCompile(`^([0-9]*|[a-z_]+|ver1\.0|@me)$`)

// withoutValues leaves the words and the ids of a path, and the names of its query.
func withoutValues(path string) string {
	path, query, asked := strings.Cut(path, "?")
	segs := strings.Split(path, "/")
	for i, seg := range segs {
		if !plainSegment.MatchString(seg) {
			segs[i] = "{text}"
		}
	}
	path = strings.Join(segs, "/")
	if !asked {
		return path
	}
	var names []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		names = append(names, name)
	}
	return path + "?" + strings.Join(names, "&")
}

// write appends a line; the first failure stays.
func (t *trace) write(v any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return
	}
	if line, ok := v.(*traceLine); ok {
		t.next++
		line.Number = t.next
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if t.err = e.Encode(v); t.err == nil {
		_, t.err = io.WriteString(t.to, t.mask.Text(b.String()))
	}
}

// close ends the trace.
func (t *trace) close() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	closed := t.to.Close()
	if t.err == nil {
		t.err = closed
	}
	if t.err != nil {
		return fmt.Errorf("the trace is not whole: %w", t.err)
	}
	return nil
}
