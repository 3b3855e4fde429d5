package plan_test

import (
	"encoding/json"

	"pbxsync/schema"
)

// required are the directions that the table has to have, by the types of the fields.
func required(c *schema.Catalogue) []fact {
	var out []fact
	for _, k := range c.Kinds {
		if !k.Managed() {
			continue
		}
		if k.Has(schema.Create) {
			out = append(out, fact{kind: k.Word, field: object, was: "-", is: "created"})
		}
		if k.Has(schema.Delete) || k.Admin.Has(schema.Delete) {
			out = append(out, fact{kind: k.Word, field: object, was: "-", is: "deleted"})
		}
		for _, f := range k.Fields {
			if !f.InCreate() {
				continue
			}
			add := func(was, is string) {
				out = append(out, fact{kind: k.Word, field: f.Name, was: was, is: is})
			}
			steps := stepsOf(f)
			for _, v := range values(steps) {
				if v != "null" && !f.Secret() {
					add("new", v)
				}
				if f.Once && k.Has(schema.Delete) {
					add("replaced", v)
				}
			}
			if f.Once || !f.InUpdate() || k.IsKey(f) {
				continue
			}
			for _, s := range steps {
				add(s[0], s[1])
			}
		}
	}
	return out
}

func values(steps [][2]string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range steps {
		if !seen[s[1]] {
			out, seen[s[1]] = append(out, s[1]), true
		}
	}
	return out
}

// stepsOf are the changes that a field can make, as JSON: one in each direction.
func stepsOf(f *schema.Field) [][2]string {
	a, b := samples(f)
	steps := [][2]string{{a, b}, {b, a}}
	if f.Nullable {
		steps = append(steps, [2]string{"null", a}, [2]string{a, "null"})
	}
	for i := 0; len(f.Enum) > 2 && i < len(f.Enum); i++ {
		next := f.Enum[(i+1)%len(f.Enum)]
		for _, s := range [][2]string{{quote(f.Enum[i]), quote(next)}, {quote(next), quote(f.Enum[i])}} {
			if s != steps[0] && s != steps[1] {
				steps = append(steps, s)
			}
		}
	}
	return append(steps, more[f.Format]...)
}

// more are directions that a format has besides.
var more = map[string][][2]string{
	"uri":          {{`"https://a.example/x"`, `"http://a.example/x"`}, {`"http://a.example/x"`, `"https://a.example/x"`}, {`"https://a.example/x"`, `"https://a.example/y"`}},
	"countries":    {{`"DE"`, `"*"`}, {`"*"`, `"DE"`}},
	"phone-number": {{`"+4930111"`, `"+4930222"`}},
}

// samples are two values of a field; of what has an order, the second is the greater.
func samples(f *schema.Field) (a, b string) {
	switch {
	case len(f.Enum) > 0:
		return quote(f.Enum[0]), quote(f.Enum[1])
	case f.Ref != nil:
		return `"a"`, `"b"`
	case f.Type == "boolean":
		return "false", "true"
	case f.Type == "integer":
		return "5", "9"
	case f.Type == "array" && f.Set:
		return `["10.0.0.0/24"]`, `["10.0.0.0/8"]`
	case f.Type == "array" && f.Items.Type == "object":
		return lists(f.Items)
	case f.Type == "array":
		return `["a"]`, `["a","b"]`
	case f.Type == "object":
		return `{"102":{"active":true}}`, `{"102":{"active":true},"103":{"active":true}}`
	}
	if s, ok := texts[f.Format]; ok {
		return s[0], s[1]
	}
	return `"x"`, `"y"`
}

// lists are two lists of objects, of which the second has one more.
func lists(item *schema.Field) (a, b string) {
	of := func(text string, day int) map[string]any {
		m := map[string]any{}
		for _, f := range item.Fields {
			switch {
			case f.Required:
				m[f.Name] = text
			case len(m) == 0 && f.Type == "integer":
				m[f.Name] = day
			}
		}
		return m
	}
	one, _ := json.Marshal([]any{of("1", 1)})
	two, _ := json.Marshal([]any{of("1", 1), of("2", 2)})
	return string(one), string(two)
}

var texts = map[string][2]string{
	"countries":    {`"DE"`, `"AT DE"`},
	"uri":          {`"https://a.example/x"`, `"https://b.example/x"`},
	"phone-number": {`"101"`, `"+4930111"`},
	"address-port": {`"10.0.0.1:5060"`, `"10.0.0.2:5060"`},
	"emails":       {`"a@x.example"`, `"a@x.example,b@x.example"`},
	"email":        {`"a@x.example"`, `"b@x.example"`},
	"timezone":     {`"Europe/Berlin"`, `"Asia/Tokyo"`},
	"digits":       {`"111"`, `"222"`},
}

func quote(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}
