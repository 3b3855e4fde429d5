package risk

// Way is the direction of a change.
type Way string

// The directions of a field's x-risk, and those of a kind's.
const (
	To          Way = "to"          // becomes the value that is named
	From        Way = "from"        // stops being it
	Any         Way = "any"         // is another value than before
	Set         Way = "set"         // was not set, and is
	Cleared     Way = "cleared"     // was set, and is not
	On          Way = "on"          // becomes true
	Off         Way = "off"         // stops being true
	Raised      Way = "raised"      // a greater number, or no limit any more
	Lowered     Way = "lowered"     // a smaller number, or a limit where there was none
	Widened     Way = "widened"     // a list has, or covers, what it did not
	Narrowed    Way = "narrowed"    // a list lacks what it had or covered
	Reordered   Way = "reordered"   // the same list in another order
	Outside     Way = "outside"     // becomes a number that is none of the tenant's own short ones
	Host        Way = "host"        // becomes a URL on another host
	Unencrypted Way = "unencrypted" // becomes a URL that is called without encryption

	Created Way = "created" // the object is made
	Deleted Way = "deleted" // the object goes
)

// Meant is a direction with its meaning.
type Meant struct {
	Way  Way
	Text string
	Kind bool // it is said of objects and not of fields
}

// Ways returns all directions with their meaning.
func Ways() []Meant {
	return []Meant{
		{Way: To, Text: "becomes the value that is named"},
		{Way: From, Text: "was the value that is named, and is no longer"},
		{Way: Any, Text: "is another value than before"},
		{Way: Set, Text: "was not set, and is"},
		{Way: Cleared, Text: "was set, and is no longer"},
		{Way: On, Text: "becomes true"},
		{Way: Off, Text: "was true, and is no longer"},
		{Way: Raised, Text: "a greater number, or no limit any more"},
		{Way: Lowered, Text: "a smaller number, or a limit where there was none"},
		{Way: Widened, Text: "a list has or covers what it did not"},
		{Way: Narrowed, Text: "a list lacks what it had or covered"},
		{Way: Reordered, Text: "the same list in another order"},
		{Way: Outside, Text: "becomes a number that is none of the tenant's own short ones"},
		{Way: Host, Text: "becomes a URL on another host"},
		{Way: Unencrypted, Text: "becomes a URL that is called without encryption"},
		{Way: Created, Text: "the object is made", Kind: true},
		{Way: Deleted, Text: "the object goes", Kind: true},
	}
}
