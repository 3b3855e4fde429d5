package observe

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDigestTellsRowsApart(t *testing.T) {
	seen := map[uint64]string{}
	for _, text := range []string{`{}`, `{"":null}`, `{"a":null}`, `{"a":true}`, `{"a":1}`, `{"a":"1"}`, `{"a":""}`, `{"a":[]}`, `{"a":{}}`,
		`{"a":[1,2]}`, `{"a":[2,1]}`, `{"a":[[1],2]}`, `{"a":[1,[2]]}`, `{"a":1,"b":2}`, `{"a":2,"b":1}`, `{"a":{"b":1}}`, `{"a":"b"}`, `{"b":"a"}`} {
		var row map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&row); err != nil {
			t.Fatal(err)
		}
		got := digest([]map[string]any{row})[0]
		if other, ok := seen[got]; ok {
			t.Errorf("%s and %s", text, other)
		}
		seen[got] = text
	}
}
