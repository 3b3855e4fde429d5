package risk

import "fmt"

// Keeps says of a kind that one of its objects has to stay as it is: who takes the last one
// away takes more than an object.
type Keeps struct {
	Field, Is string // what the one has to have
	Else      string // what is the matter where none has it, in words
}

func keepsOf(data any) (*Keeps, error) {
	if data == nil {
		return nil, nil
	}
	m, _ := data.(map[string]any)
	k := &Keeps{}
	for name, to := range map[string]*string{"field": &k.Field, "is": &k.Is, "else": &k.Else} {
		text, ok := m[name].(string)
		if !ok || text == "" || len(m) != 3 {
			return nil, fmt.Errorf("x-risk: keeps: {field, is, else} are due, each a text")
		}
		*to = text
	}
	return k, nil
}

// Has reports whether an object with these values is one that has to stay.
func (k *Keeps) Has(values map[string]any) bool { return named(values[k.Field], k.Is) }
