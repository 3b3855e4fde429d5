package contrary

import (
	"slices"
	"strings"
)

// respelled is the form in which a server keeps a value. Doing it twice changes nothing.
func (d Dialect) respelled(collection, name string, v any) any {
	if !d.Respell {
		return v
	}
	switch x := v.(type) {
	case string:
		return respelledText(name, x)
	case []any:
		for i := range x {
			if m, ok := x[i].(map[string]any); ok {
				for k := range m {
					m[k] = d.respelled(collection, k, m[k])
				}
				continue
			}
			x[i] = d.respelled(collection, name, x[i])
		}
		if name == "network_address" {
			slices.SortFunc(x, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		}
	}
	return v
}

func respelledText(name, x string) any {
	switch name {
	case "login", "email":
		return strings.ToLower(x)
	case "name", "label", "comment", "title", "caller_id_name":
		return strings.TrimSpace(x)
	case "start_time", "end_time":
		if strings.Count(x, ":") == 1 {
			return x + ":00"
		}
	case "external_number", "number", "transfer_caller_id_number":
		return strings.TrimPrefix(x, "+")
	case "timezone":
		if x == "Europe/Kyiv" {
			return "Europe/Kiev"
		}
	case "network_address":
		if !strings.Contains(x, "/") && !strings.Contains(x, ":") {
			return x + "/32"
		}
	case "geo_list":
		codes := strings.Fields(x)
		slices.Sort(codes)
		return strings.Join(codes, " ")
	}
	return x
}
