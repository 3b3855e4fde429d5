package diff

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"

	"pbxsync/schema"
	"pbxsync/schema/format"
	"pbxsync/schema/wording"
)

// This file decides which object a row of an answer is and whose. What cannot be told is
// an error: taken for an absence, or for somebody else's, it would be made once more.

// WholeID returns the id that a value of an answer is: a whole number above zero, which
// some lists write as text.
func WholeID(v any) (int64, bool) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = v
	case int64:
		return v, schema.IsID(v)
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && schema.IsID(id) && strconv.FormatInt(id, 10) == text
}

// RowID returns the number by which a row is told from others. It is the server's, or, of
// an object that the API finds by texts, one that is made of these: then it is never sent.
func RowID(k *schema.Kind, row map[string]any) (int64, bool) {
	if len(k.ID) == 0 {
		return WholeID(row["id"])
	}
	h := fnv.New64a()
	for _, f := range k.ID {
		text, ok := f.Picked(row[f.Answer]).(string)
		if !ok || !schema.FitsPath(text) {
			return 0, false
		}
		_, _ = fmt.Fprintf(h, "%d %s", len(text), text)
	}
	const most = 1<<53 - 1
	return int64(h.Sum64()%most) + 1, true
}

// unset reports whether a value of an answer says that there is no id.
func unset(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "0"
	case json.Number:
		return v == "0"
	case int64:
		return v == 0
	}
	return false
}

// identify reads what tells an object from others: its id, and whose it is.
func identify(o *schema.Object, row map[string]any) error {
	for _, f := range o.Kind.Fields {
		if v := f.Picked(row[f.Answer]); o.Kind.IsKey(f) && !keyable(v) {
			return wrong(row, f.Answer, v, "a text was expected")
		}
	}
	if v := row["id"]; v != nil && len(o.Kind.ID) == 0 {
		id, ok := WholeID(v)
		if !ok {
			return wrong(row, "id", v, "a whole number above zero was expected")
		}
		o.ID = id
	} else if len(o.Kind.ID) > 0 {
		o.ID, _ = RowID(o.Kind, row)
	}
	for _, f := range o.Kind.Fields {
		if f.Ref != nil && f.RefBy == "" && f.Type == "integer" && !isOwner(f.Picked(row[f.Answer])) {
			return wrong(row, f.Answer, row[f.Answer], "an id or null was expected")
		}
	}
	own := o.Kind.Owner
	for _, name := range []string{own.Dealer, own.Client} {
		if name != "" && !isOwner(row[name]) {
			return wrong(row, name, row[name], "an id or null was expected")
		}
	}
	if f := o.Kind.TenantField(); f != nil && !isOwner(row[f.Answer]) {
		return wrong(row, f.Answer, row[f.Answer], "an id or null was expected")
	}
	o.Shared = own.Dealer != "" && !unset(row[own.Dealer]) && (own.Client == "" || unset(row[own.Client]))
	return nil
}

// NeedsID reports whether nothing can be done with an object of the kind without its id.
func NeedsID(k *schema.Kind) bool {
	return k.Item != "" && !k.Singleton() && k.Behaviour != schema.KnownFromRecords
}

func isOwner(v any) bool {
	_, ok := WholeID(v)
	return ok || unset(v)
}

// keyable reports whether a value can be part of a name. A number is its digits.
func keyable(v any) bool {
	switch v := v.(type) {
	case nil, string:
		return true
	case int64:
		return v >= 0
	case json.Number:
		return format.WholeNumber(v.String())
	}
	return false
}

func wrong(row map[string]any, name string, v any, due string) error {
	at := ""
	if id, ok := WholeID(row["id"]); ok && name != "id" {
		at = fmt.Sprintf("the row with the id %d: ", id)
	}
	return fmt.Errorf("%s%s is %s, %s", at, name, plainly(v), due)
}

// describe names a row that has no id by its key.
func describe(row map[string]any, k *schema.Kind) string {
	for _, p := range k.Key {
		if text, ok := row[p.Field.Answer].(string); ok && text != "" {
			return fmt.Sprintf("the row with the %s %s", p.Field.Answer, plainly(text))
		}
	}
	return "a row"
}

// plainly writes a foreign value for people, cut where it is long.
func plainly(v any) string {
	return wording.Cut(wording.InWords(v), wording.Longest, wording.Longest)
}
