package run

import (
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// deepKinds is the catalogue with the made-up kinds that stand under each other.
func deepKinds(t *testing.T) *schema.Catalogue {
	t.Helper()
	c, err := schema.Load(os.DirFS("../../schema/kinds"), os.DirFS("../../testdata/kinds/deep"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The items of a sequence are read as they are now, none where what they stand under is
// gone; a server that does not answer is no server without items.
func TestSequenceNow(t *testing.T) {
	const list = "/client/12/desk/5/lines/"
	c := deepKinds(t)
	desk := &schema.Object{Kind: c.Kind("desk"), Key: "a", ID: 5}
	lines := &schema.Object{Kind: c.Kind("line"), Parent: desk}
	for _, tt := range []struct {
		name   string
		answer error
		items  []int64
		err    string
	}{
		{"two", nil, []int64{7, 8}, ""},
		{"gone", canned.Status(http.StatusNotFound), nil, ""},
		{"busy", canned.Status(http.StatusServiceUnavailable), nil, "looking at it before it is written to: the server answered 503"},
	} {
		l := canned.NewServer()
		l.Tenant[list] = []map[string]any{{"id": canned.Num(7), "text": "x"}, {"id": canned.Num(8), "text": "y"}}
		if tt.answer != nil {
			l.Refuse = map[string]error{list: tt.answer}
		}
		r := &sending{api: l, knowledge: knowledge{tenant: plan.TenantID{ID: 12}, plan: &plan.Plan{Live: diff.NewLive(12, "acme", "12037")}, ids: map[string]int64{desk.Symbol(): 5}}}
		now, err := r.readNow(t.Context(), nil, lines)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: %v", tt.name, err)
			}
		case err != nil || (now == nil) != (tt.items == nil) || now != nil && !reflect.DeepEqual(now.Items, tt.items):
			t.Errorf("%s: %+v, %v", tt.name, now, err)
		}
		if got := r.checked.Load(); got != 1 {
			t.Errorf("%s: %d calls are counted", tt.name, got)
		}
	}
}

// The ids of all that stands above an object are noted, but for what exists once and has none.
func TestNaming(t *testing.T) {
	c := deepKinds(t)
	desk := &schema.Object{Kind: c.Kind("desk"), Key: "a", ID: 5}
	board := &schema.Object{Kind: c.Kind("board"), Parent: desk}
	page := &schema.Object{Kind: c.Kind("page"), Parent: board, Key: "b", ID: 6}
	button := &schema.Object{Kind: c.Kind("button"), Parent: page, Key: "1"}
	r := &knowledge{ids: map[string]int64{}}
	r.naming([]*schema.Object{{Kind: c.Kind("lamp"), Parent: button}})
	if want := map[string]int64{desk.Symbol(): 5, page.Symbol(): 6}; !reflect.DeepEqual(r.ids, want) {
		t.Errorf("%v, wanted %v", r.ids, want)
	}
}
