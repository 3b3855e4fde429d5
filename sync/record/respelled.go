package record

// Respelled is a value that was sent, and what the server keeps in its place. That of a
// key has the field that the key begins with, and the whole key.
type Respelled struct {
	Address string `json:"address"` // as the files call the object
	ID      int64  `json:"id,omitempty"`
	Field   string `json:"field"`
	Sent    any    `json:"sent"`
	Kept    any    `json:"kept"`
}
