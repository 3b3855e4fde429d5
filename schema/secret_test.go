package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretCannotBePrinted(t *testing.T) {
	s := NewSecret("hunter2")
	type box struct {
		Open   Secret
		closed Secret
		to     *Secret
		all    map[SecretRef]Secret
	}
	b := box{s, s, &s, map[SecretRef]Secret{{Env: "X"}: s}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%10v", "%!"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", b)
		fmt.Fprintf(&out, verb+"\n", &b)
	}
	fmt.Fprintln(&out, fmt.Errorf("bad: %w %v", fmt.Errorf("%v", b), s), s.String(), s.GoString())
	for _, v := range []any{s, b, map[string]any{"password": s}, []Secret{s}} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("sent", "password", s, "box", b)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("sent", "password", s, "box", b)
	if text := out.String() + log.String(); strings.Contains(text, "hunter2") || strings.Contains(text, fmt.Sprintf("%x", "hunter2")) || strings.Count(text, hidden) < 20 {
		t.Errorf("%s", text)
	}
	if s.Reveal() != "hunter2" || (Secret{}).Reveal() != "" {
		t.Error("it is lost")
	}
}
