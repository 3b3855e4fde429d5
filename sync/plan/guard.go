package plan

import (
	"strings"

	"pbxsync/schema/wording"
)

// Guard is a refusal that protects the tenant: what was found, and the way out.
type Guard struct {
	ID      string   `json:"id"`               // what kind of refusal it is, in one word that stays
	Flag    string   `json:"flag,omitempty"`   // that lets it pass; none: nothing does
	Values  []string `json:"values,omitempty"` // of the flag, once for each
	Message string   `json:"message"`
	Hint    string   `json:"hint,omitempty"`
}

// Error returns the refusal with its way out.
func (g *Guard) Error() string {
	if g.Hint == "" {
		return g.Message
	}
	return g.Message + "; " + g.Hint
}

// Needs is a refusal that a flag lets pass. The hint says so, after what else can be done.
func Needs(id, flag string, values []string, instead, message string) *Guard {
	g := &Guard{ID: id, Flag: flag, Values: values, Message: message}
	var words []string
	for _, v := range values {
		words = append(words, flag+" "+wording.ShellWord(v))
	}
	g.Hint = instead + "apply needs " + strings.Join(words, " ")
	return g
}
