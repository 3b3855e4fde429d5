package contrary

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// Dialect is how a server answers where the documents leave it open. The zero Dialect is
// the plain one.
type Dialect struct {
	Name string

	Nulls             bool   // not set is null also for yes or no: the tables print no default for them
	Zeros             bool   // a reference that is not set is 0, as the tables print it, and a text is ""
	Absent            uint64 // a seed: some fields are not shown, as on a server older than the page
	CreateRefusesNull bool   // only PUT takes null: the pages show it for PUT alone
	ResetsOmitted     bool   // PUT sets what it prints a default for, where it is left out

	Wrap       string // the word under which lists stand in an object; "": bare
	WrapPages  bool   // page, per_page, order and total_count stand beside it
	Variables  string // list, wrapped or map; no answer of GET variables is documented
	Extra      bool   // rows have fields that no page has: the API grows
	Newest     bool   // lists begin with the newest row: no order is documented
	PageCap    int    // rows of a page at most; no maximum is documented
	OwnIDs     bool   // ids count from 1 in each collection, so that rows of several have the same
	NamelessOK bool   // dial rule lists may have no name, as in older examples

	NumbersAsText bool   // figures are text, as extension_len is typed
	IDsAsText     bool   // ids are text
	Booleans      string // "", text, number or words: yes and no stand beside true and false in the pages
	AgentStatus   string // text, object, null: typed object, its form is not documented
	Domain        string // text, object, null: typed object here and string there

	Respell bool // logins, numbers, times, zones, addresses and lists are kept in the server's own form

	Refuse map[string]string // collections that are not for this application, and how that is said

	Created    int  // status of POST, 200 or 201; 0: 200
	PutEmpty   bool // PUT answers 204 without a body
	DeleteBody bool // DELETE answers 200 with an object
	NullOnGone bool // deleting sets references to null; else it is refused while there are any
	Admin      bool // the application is an administrator's
}

// older are fields that the documents had only in later editions, or that brands leave
// out; a server of before does not know them.
func (d Dialect) absent(collection string, f *field) bool {
	if d.Absent == 0 || f.Required || f.Name == "id" || slices.Contains(keyOf(collection), f.Name) {
		return false
	}
	if slices.Contains([]string{"status", "access", "type", "prefix", "name", "client_id", "dealer_id", "conditions", "timezone", "dial_rules", "extension_id",
		"extension_group_id", "email", "domain", "network_address", "property_list", "filename", "number", "url", "method", "event_type", "sound_type"}, f.Name) {
		return false
	}
	h := fnv.New64a()
	h.Write([]byte(collection + "." + f.Name))
	r := rand.New(rand.NewPCG(d.Absent, h.Sum64()))
	return r.IntN(3) == 0
}

// refuses answers a call to a collection that is refused.
func (d Dialect) refuses(w http.ResponseWriter, op *operation) bool {
	how, ok := d.Refuse[op.collection]
	if !ok {
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	switch how {
	case "403":
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"message":"Access denied"}`))
	case "404":
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"message":"Not found"}`))
	case "501":
		w.WriteHeader(http.StatusNotImplemented)
		_, _ = w.Write([]byte(`{"message":"Not implemented"}`))
	case "html":
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>Service page</body></html>"))
	default:
		_, _ = w.Write([]byte(how))
	}
	return true
}

// spell writes a value as this server writes it.
func (d Dialect) spell(f *field, v any) any {
	switch x := v.(type) {
	case nil:
		return d.notSet(f)
	case int64:
		if isID(f.Name) && d.IDsAsText || !isID(f.Name) && d.NumbersAsText {
			return itoa(x)
		}
	case bool:
		return d.truth(x)
	}
	return v
}

func (d Dialect) notSet(f *field) any {
	switch {
	case f.Type == "array":
		return nil
	case d.Zeros && refs[f.Name] != "":
		return d.spell(f, int64(0))
	case refs[f.Name] != "":
		return nil
	case f.fallback() != nil:
		return d.spell(f, f.fallback())
	case f.Type == "boolean" && !d.Nulls && !slices.Contains(cleared, f.Name):
		return d.truth(false)
	case f.Type == "string" && d.Zeros && len(f.Enum) == 0 && len(f.Default) == 0 && emptiable(f.Name):
		return ""
	}
	return nil
}

// emptiable are free texts; an empty word of a fixed list would be no word of it.
func emptiable(name string) bool {
	return slices.Contains([]string{"label", "caller_id_name", "extra_params", "comment"}, name)
}

func (d Dialect) truth(b bool) any {
	switch {
	case d.Booleans == "text" && b:
		return "true"
	case d.Booleans == "text":
		return "false"
	case d.Booleans == "words" && b:
		return "yes"
	case d.Booleans == "words":
		return "no"
	case d.Booleans == "number" && b:
		return 1
	case d.Booleans == "number":
		return 0
	}
	return b
}

func isID(name string) bool {
	return name == "id" || strings.HasSuffix(name, "_id") || refs[name] != ""
}
