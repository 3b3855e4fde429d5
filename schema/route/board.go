package route

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pbxsync/schema"
)

// Source is the object that says something, and where.
type Source struct {
	Address string
	Place   schema.Place
}

// Board is what a switchboard does with calls.
type Board struct {
	Zone       *time.Location
	Zoned      bool      // the tenant says its zone
	Numbers    []*Number // in the order of their names
	Extensions []*Extension
	Hours      []*Hours  // all of them
	Dials      *DialList // of the tenant, for outgoing calls; nil: none
	Shows      string    // number that outgoing calls show, "" where that is not said
	Blocked    bool      // no call arrives or leaves
	Unread     []Part    // what holds for every call and is not followed

	numbers    map[string]*Number
	extensions map[string]*Extension
	owners     map[string]*Extension // by the addresses of their steps
}

// Part is something that may have a say in a call and is not followed.
type Part struct {
	Source
	Of    string   // whose it is, for people
	Names []string // in words
}

// Number is what people outside call: a DID, or an alias.
type Number struct {
	Source
	Name   string
	Alias  bool
	To     Target
	Unsaid bool // where it leads is not in what was read
}

// Target is where a call is sent: an extension, or a number that is dialled.
type Target struct {
	Extension *Extension
	Number    string // of outside; "" with an extension, and where a call goes nowhere
}

// Nowhere reports that it is sent nowhere.
func (t Target) Nowhere() bool { return t.Extension == nil && t.Number == "" }

// String names the target for people.
func (t Target) String() string {
	if t.Extension != nil {
		return t.Extension.String()
	}
	return t.Number
}

// Extension is an internal number.
type Extension struct {
	Source
	Name, Label, Type string
	Blocked           bool
	Rules             []*Rule
	Phone             *Phone // nil: nothing is said of it
	Queue             *Queue
	Menu              *Menu
	Dials             *DialList // its own, nil: none
	Shows             string    // its own number for outgoing calls, "" for the tenant's
	Unread            []string  // what it may have and nobody reads
	Assumed           []string  // what is taken for what is not in what was read
}

// String names the extension for people.
func (e *Extension) String() string {
	if e.Label == "" {
		return e.Name
	}
	return e.Label + " (" + e.Name + ")"
}

// Phone is what rings behind an extension.
type Phone struct {
	Source
	Diverted  Target // where calls go instead
	DivertsAt schema.Place
	Rings     int64 // seconds, 0 where that is not said
	Voicemail bool
	VoiceAt   schema.Place
	Shows     string   // number that forwarded calls show
	With      []string // other extensions whose phones ring along
	Screens   bool     // callers are announced first
	Unsaid    bool     // what it does is not in what was read
}

// What a rule does.
const (
	Busy           = "busy"
	Hangup         = "hangup"
	Transfer       = "transfer"
	SimpleTransfer = "simple_transfer"
	Play           = "playfile"
	ToVoicemail    = "voicemail"
	Cascade        = "cascade"
	SimpleCascade  = "simple_cascade"
)

// Rule is an incoming rule of an extension.
type Rule struct {
	Source
	Name   string
	Does   string
	To     []Delayed
	Plays  string // name of a sound
	After  string // result of the step before: busy, no_answer; "" any
	Caller *Caller
	Hours  *Hours // nil: always
}

// Delayed is a target that rings some seconds after the first.
type Delayed struct {
	Target
	Delay int64
}

// Caller is a condition on who calls.
type Caller struct {
	Pattern   string
	Not       bool // all that the pattern does not take
	Anonymous bool
}

// Queue is where callers wait for agents.
type Queue struct {
	Source
	Strategy  string
	Agents    []*Agent
	Unread    bool // which agents it has is not known
	Waits     int64
	Late      Exit // after Waits seconds
	Idle      int64
	Unmanned  Exit // when no agent can answer
	Leaves    bool // callers leave at once when no agent can answer
	Key       string
	Exit      Exit // after the key
	After     Exit // when the agent hangs up
	Announces string
}

// Exit is a way out, and where it is said.
type Exit struct {
	To Target
	At schema.Place
}

// Agent answers callers of queues.
type Agent struct {
	Source
	Name  string
	To    Target
	Rings int64
}

// Menu is what callers hear who choose by keys.
type Menu struct {
	Source
	Entry    *Context // nil: not said
	Lifetime int64
	Late     Exit
}

// Context is a level of a menu.
type Context struct {
	Source
	Name    string
	Options []*Option
}

// The options that every context has.
const (
	OnStart   = "start"
	OnTimeout = "timeout"
	OnInvalid = "invalid"
)

// Option returns the one with the key, or nil.
func (c *Context) Option(key string) *Option {
	for _, o := range c.Options {
		if o.Key == key {
			return o
		}
	}
	return nil
}

// Option is what follows a key.
type Option struct {
	Source
	Key   string
	Steps []*Action
}

// What an action of a menu does that sends a call somewhere; others are heard or noted.
const (
	Jump         = "jump_to_context"
	AskVariable  = "transfer_from_variable"
	AskServer    = "call_interactive"
	HelpsByVoice = "voice_helper"
)

// Action is one step of an option.
type Action struct {
	Source
	Does    string
	Says    string // what it is about: a sound, a number, an address
	To      []Delayed
	Context *Context
	Option  string   // of Context
	Answers []string // keys of options that a spoken word leads to
}

// DialList is a list of dial rules.
type DialList struct {
	Source
	Name   string
	Unread bool // its rules are not in what was read
	Rules  []*DialRule
}

// DialRule rewrites a dialled number.
type DialRule struct {
	Source
	Match, Becomes, Comment string
}

// Index makes numbers and extensions findable. It is called once all are there.
func (b *Board) Index() {
	b.numbers, b.extensions, b.owners = map[string]*Number{}, map[string]*Extension{}, map[string]*Extension{}
	slices.SortFunc(b.Numbers, func(x, y *Number) int {
		return cmp.Or(cmp.Compare(len(x.Name), len(y.Name)), cmp.Compare(x.Name, y.Name))
	})
	slices.SortFunc(b.Extensions, func(x, y *Extension) int { return cmp.Compare(x.Name, y.Name) })
	for _, n := range b.Numbers {
		b.numbers[n.Name] = n
	}
	for _, e := range b.Extensions {
		b.extensions[e.Name] = e
		e.own(b.owners)
	}
}

// own notes whose the addresses of an extension are.
func (e *Extension) own(owners map[string]*Extension) {
	owners[e.Address] = e
	for _, r := range e.Rules {
		if r.Address != "" {
			owners[r.Address] = e
		}
	}
	if e.Phone != nil && e.Phone.Address != "" {
		owners[e.Phone.Address] = e
	}
	if e.Queue != nil && e.Queue.Address != "" {
		owners[e.Queue.Address] = e
	}
	if e.Menu != nil && e.Menu.Address != "" {
		owners[e.Menu.Address] = e
	}
}

// Owner returns the extension that has a step, nil where it is of none.
func (b *Board) Owner(s *Step) *Extension { return b.owners[s.Address] }

// Number returns the number of the tenant that a text means, as people write numbers: with a plus,
// blanks and hyphens. Nil if it has none of that name.
func (b *Board) Number(text string) *Number {
	if n := b.numbers[text]; n != nil {
		return n
	}
	return b.numbers[Digits(text)]
}

// Extension returns the extension of that name, or nil.
func (b *Board) Extension(name string) *Extension { return b.extensions[name] }

// Target returns what a number means inside the tenant: an extension, or else the number itself.
func (b *Board) Target(number string) Target {
	if e := b.extensions[number]; e != nil {
		return Target{Extension: e}
	}
	return Target{Number: number}
}

// Digits takes what people write into numbers out of one.
func Digits(text string) string { return strings.TrimPrefix(unspaced(text), "+") }

func unspaced(text string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "/", "").Replace(text)
}
