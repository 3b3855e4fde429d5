package call

import (
	"encoding/json"
	"hash/maphash"
)

// Sum hashes a decoded value, an object whatever the order of its keys. It is the same within
// one process.
func Sum(v any) uint64 {
	switch v := v.(type) {
	case map[string]any:
		total := uint64(len(v))
		for key, x := range v {
			total += maphash.Comparable(seed, [2]uint64{maphash.String(seed, key), Sum(x)})
		}
		return total
	case []any:
		total := maphash.Comparable(seed, len(v))
		for _, x := range v {
			total = maphash.Comparable(seed, [2]uint64{total, Sum(x)})
		}
		return total
	case json.Number: // 1 is not "1"
		return maphash.Comparable(seed, [2]string{"number", v.String()})
	}
	return maphash.Comparable(seed, v) // text, true, false, null
}

var seed = maphash.MakeSeed()
