package simulator

import (
	"fmt"
	"testing"
)

func TestPages(t *testing.T) {
	b := newBox(t, Options{PageCap: 100})
	for i := range 298 { // two are there
		b.Insert("extension", m{"name": fmt.Sprint(1000 + i), "type": "queue"})
	}
	for query, want := range map[string]int{
		"": 50, "?per_page=10": 10, "?per_page=200": 100, "?per_page=100&page=3": 100, "?per_page=100&page=4": 0,
		"?per_page=70&page=5": 20, "?page=6": 50, "?page=7": 0, "?page=9223372036854775807": 0,
	} {
		if got := len(b.rows(ext + query)); got != want {
			t.Errorf("%q: %d rows, want %d", query, got, want)
		}
	}
	b.Insert("extension", m{"id": 7, "name": "777", "type": "queue"})
	last := int64(0)
	for page := 1; ; page++ {
		rows := b.rows(fmt.Sprintf("%s?per_page=30&page=%d", ext, page))
		if len(rows) == 0 {
			break
		}
		for _, row := range rows {
			if id := row["id"].(int64); id <= last {
				t.Fatalf("id %d comes after %d", id, last)
			} else {
				last = id
			}
		}
	}
	for _, query := range []string{"?page=0", "?per_page=0", "?page=x", "?per_page=-1"} {
		b.refused("GET", ext+query, nil, 400, "page")
	}
	b.refused("GET", "/client/12/interval/?page=1", nil, 400, "page: unknown query parameter")
}

func TestFilters(t *testing.T) {
	b := newBox(t, Options{})
	b.ok("PUT", "/client/12/did/201", m{"extension_id": 501})
	for path, want := range map[string]int{
		ext + "?name=12037*101":                       1,
		ext + "?name=101":                             0, // only the full name counts
		ext + "?name=12037*101&name=12037*102":        2,
		ext + "?type=phone&status=active":             1,
		ext + "?type=phone&status=blocked":            0,
		ext + "?id=501":                               1,
		"/client/12/did/?extension_id=501":            1,
		"/client/12/did/?domain=x.example":            1,
		"/client/12/did/?domain=y.example":            1,
		"/client/12/did/?id=201&id=202&per_page=1":    1,
		"/client/12/agent/local/?extension_id=501":    1,
		"/client/12/agent/local/?extension_id=502":    0,
		"/client/12/sound/?title=Jazz&own_only=true":  0,
		"/client/12/user/extension/?access=read_only": 0,
	} {
		if got := len(b.rows(path)); got != want {
			t.Errorf("%s: %d rows, want %d", path, got, want)
		}
	}
	b.refused("GET", "/client/12/did/?id=x", nil, 400, "id: has to be a whole number")
	b.refused("GET", "/client/12/did/?colour=red", nil, 400, "colour: unknown query parameter")
	b.refused("GET", "/client/12/did/201?id=1", nil, 400, "id: unknown query parameter")
	b.refused("POST", ext+"?name=x", m{}, 400, "name: unknown query parameter")
	b.refused("GET", ext+"?name=%zz", nil, 400, "query")
}
