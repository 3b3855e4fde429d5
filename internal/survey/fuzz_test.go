package survey_test

import (
	"errors"
	"net/http"
	"testing"

	"pbxsync/internal/survey"
	"pbxsync/internal/survey/playback"
	"pbxsync/schema"
)

// FuzzRecord: a record of somebody else is refused, or can be played back and judged.
func FuzzRecord(f *testing.F) {
	for _, text := range []string{
		`{"format_version":1,"tool":"x","sample":1,"answers":[{"kind":"did","path":"/client/{client_id}/did/","page":1,"asked":2,"status":200,"rows":1,"row":{"object":{"count":2,"members":{"id":{"int":2}}}}}]}`,
		`{"format_version":1,"answers":[{"kind":"extension","path":"/client/{client_id}/extension/","status":200,"map":true,"rows":1,"row":{"list":{"count":2,"length":[1,2],"total":3,"items":{"text":{"count":3,"length":[1,2],"words":{"x":1}}}}}}]}`,
		`{"format_version":1,"answers":[{"kind":"ani","path":"/client/{client_id}/ani/","single":true,"alone":true,"status":200,"rows":0},{"kind":"did","path":"/client/{client_id}/did/","status":0,"rows":0}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := survey.Decode(data)
		if err != nil {
			return
		}
		again, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := survey.Decode(again); err != nil {
			t.Fatalf("%v: %s", err, again)
		}
		defer func() {
			e := recover()
			if err, ok := e.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				return // a call without an answer
			}
			if e != nil {
				panic(e)
			}
		}()
		o := options()
		o.PageSize = 2
		survey.Compare(schema.Builtin(), read(t, playback.New(r), o))
	})
}
