package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"
	"unicode"
)

// FuzzDecodeAPI reads any answer: no panic, what is taken is whole, and what is said of
// the rest can be shown.
func FuzzDecodeAPI(f *testing.F) {
	for _, body := range []string{`{"id":1,"name":"a"}`, `[]`, `[{"id":1},{"id":1}]`, `null`, ``, `<html>`, "\ufeff{}", `{"id":1}x`, `{"a":1,"a":2}`, `[{"id":-1}]`, `{"id":1e400}`, `{"message":"` + "\x1b[2J" + `"}`, `[[[[[[`, `{"id":9007199254740993}`, "{\"\xff\":1}"} {
		f.Add("GET", "application/json", 200, []byte(body))
		f.Add("POST", "text/html", 500, []byte(body))
	}
	f.Fuzz(func(t *testing.T, method, kind string, status int, body []byte) {
		resp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, ContentLength: int64(len(body))}
		v, err := parseAnswer(method, resp, body)
		if err != nil {
			for _, r := range err.Error() {
				if unicode.IsControl(r) {
					t.Fatalf("%q is said of %q", err, body)
				}
			}
		} else if _, none := v.(nothing); !none {
			again, bad := decode(mustJSON(t, v))
			if bad != nil || !reflect.DeepEqual(again, v) {
				t.Fatalf("%q gives %v, and %v when it is read again (%v)", body, v, again, bad)
			}
		}
		_ = serverText(status, body)
	})
}

func mustJSON(t *testing.T, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
