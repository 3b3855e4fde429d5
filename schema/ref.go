package schema

import "encoding/json"

// Ref is a reference in normal form: what it names is said in one of three ways. As a value
// it is a key alone, {id: N} where the files do not call the object anything, or
// {dealer: KEY} for one that is not the tenant's own.
type Ref struct {
	Key    string // of an object of the tenant; its address below a parent
	ID     int64
	Dealer string // key of an object that the dealer shares
}

// RefOf reads a value of a reference. Anything else, and nothing, is the zero Ref.
func RefOf(v any) Ref {
	switch v := v.(type) {
	case string:
		return Ref{Key: v}
	case map[string]any:
		key, _ := v["dealer"].(string)
		return Ref{ID: wholeNumber(v["id"]), Dealer: key}
	}
	return Ref{}
}

// Value returns the value that RefOf reads, nil for the zero Ref.
func (r Ref) Value() any {
	switch {
	case r.ID != 0:
		return map[string]any{"id": r.ID}
	case r.Dealer != "":
		return map[string]any{"dealer": r.Dealer}
	case r.Key != "":
		return r.Key
	}
	return nil
}

// wholeNumber reads a number of a file, an answer, or a saved plan.
func wholeNumber(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case json.Number:
		i, _ := v.Int64()
		return i
	}
	return 0
}
