package schema

import "fmt"

// Secret is a text that cannot be printed: whatever formats, logs or writes it gets
// [secret] instead. It hides behind a function, so that a look into a struct which
// holds one in an unexported field shows nothing either.
type Secret struct{ reveal func() string }

const hidden = "[secret]"

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{func() string { return text }} }

// Reveal returns the text, for who has to send it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// String is [secret].
func (Secret) String() string { return hidden }

// GoString is [secret].
func (Secret) GoString() string { return hidden }

// Format writes [secret], whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText is [secret], in JSON and in logs too.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
