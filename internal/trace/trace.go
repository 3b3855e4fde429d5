package trace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"

	"pbxsync/internal/api"
	"pbxsync/internal/report"
	"pbxsync/internal/survey"
	"pbxsync/schema"
)

// Trace writes each call and its answer as a JSON line.
type Trace struct {
	mask    Mask
	names   survey.Names
	secrets map[string]bool // fields whose values are never written
	values  bool
	start   time.Time

	mu   sync.Mutex
	to   io.WriteCloser
	next int
	err  error
}

// Mask takes secrets out of texts.
type Mask interface{ Text(s string) string }

// New begins a trace with a line that says what it is of. With values, bodies are written
// too.
func New(to io.WriteCloser, c *schema.Catalogue, m Mask, values bool, tool, command string) *Trace {
	t := &Trace{mask: m, names: survey.NamesOf(c), secrets: secretNames(c), values: values, start: time.Now(), to: to}
	t.write(map[string]any{"trace": 1, "tool": tool, "command": command, "values": values})
	return t
}

// line is one exchange.
type line struct {
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
func (t *Trace) Ready() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Note writes one exchange.
func (t *Trace) Note(e api.Exchange) {
	l := line{At: e.Start.Sub(t.start).Milliseconds(), Method: e.Method, Path: e.Path, Status: e.Status, Took: e.Took.Milliseconds(),
		Out: len(e.Sent), In: e.Size}
	if !t.values {
		l.Path = withoutValues(e.Path)
	}
	l.Sent, l.SentValues = t.body(e.Sent, int64(len(e.Sent)))
	l.Answer, l.AnswerValues = t.body(e.Received, e.Size)
	if e.Err != nil {
		l.Error = e.Err.Error()
	}
	t.write(&l)
}

// body gives the shape of a body, and its values where they are wanted.
func (t *Trace) body(data []byte, size int64) (string, any) {
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
func (t *Trace) open(v any) any {
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

func (t *Trace) secret(name string) bool {
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
func (t *Trace) write(v any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return
	}
	if l, ok := v.(*line); ok {
		t.next++
		l.Number = t.next
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if t.err = e.Encode(v); t.err == nil {
		_, t.err = t.to.Write(report.EscapeFormat([]byte(t.mask.Text(b.String()))))
	}
}

// Close ends the trace, and says whether it is whole. That of none is.
func (t *Trace) Close() error {
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
