package schema

// Pair is a start and an end of which the start may not come later, unless it
// wraps. Last and First are the values at which a span that passes the end is
// cut in two; Shifts are the wrapping fields and dates that the second part moves
// on by one, and Days the fields of the days in a month, which it moves on as well.
type Pair struct {
	From   string   `yaml:"from"`
	To     string   `yaml:"to"`
	Wraps  bool     `yaml:"wraps"`
	Last   string   `yaml:"last"`
	First  string   `yaml:"first"`
	Shifts []string `yaml:"shifts"`
	Days   struct {
		From  string `yaml:"from"`
		To    string `yaml:"to"`
		Month string `yaml:"month"`
	} `yaml:"days"`
}
