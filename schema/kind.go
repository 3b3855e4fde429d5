package schema

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema/reserved"
	"pbxsync/schema/risk"
)

// Verb is something that the API offers for a kind.
type Verb string

// The verbs of a kind's x-verbs.
const (
	List   Verb = "list"   // GET on the collection
	Create Verb = "create" // POST on the collection
	Read   Verb = "read"   // GET on the item
	Update Verb = "update" // PUT on the item
	Delete Verb = "delete" // DELETE on the item
)

// Form is how objects of a kind are written in a tenant file.
type Form string

// The forms of a kind's x-form.
const (
	FormMap    Form = "map"    // key: {fields}
	FormList   Form = "list"   // [{fields}], the key is made of fields
	FormSingle Form = "single" // {fields}, one object under its parent

	FormSequence Form = "sequence" // [{fields}] in the order of the server: see Each
)

// Kind is a type of object: everything that the program knows of it.
type Kind struct {
	Word        string   // address word, such as extension
	Section     []string // where it stands in a tenant file; for a child, below its parent
	Form        Form
	Value       string // field whose bare value stands for the whole object, or ""
	Title       string
	Description string
	Parents     []*Kind          // empty: the tenant itself
	Sparse      bool             // most parents have none, so that import does not say where there is none
	When        map[string]OneOf // parent's fields that must have one of these values
	Key         []KeyPart
	Each        *Kind // of a sequence: the kind of its items, else nil
	Order       Order
	Collection  string   // path of list and create, "" if there is none
	Item        string   // path of read, update and delete, "" if there is none
	ID          []*Field // whose values stand in the item's path; empty: the id that the server gave
	Routes      []*Route // the paths under each parent
	Pages       bool     // the list is read by page
	Nameless    bool     // there may be objects without a name
	ListAsMap   bool     // the list may come as a map of keys to values
	Filters     []Param
	DeleteQuery []Param
	OnDelete    []Param // what files decide beside absent: true
	DeleteAll   bool    // DELETE on the collection deletes every object; the program never sends it
	Owner       Owner
	Tenant      TenantFields
	Behaviour   string // a named behaviour written in Go, or ""
	Batch       string // of ManyInOneCall: the key that holds the list in the body, else ""
	Content     *Content
	Bundle      *Bundle
	Loses       string // what deleting an object loses besides itself
	HintCreate  string // the way out where the API cannot create
	HintDelete  string // the way out where the API cannot delete
	Limit       Limit
	HoldsLimits bool     // its one object has the tenant's limits
	Stray       Policy   // what strays count as in files that import writes, "" for the usual
	Also        []string // what people call the section who do not know its name
	First       int      // its place among the sections that come first in files that import writes, 0 for none
	Admin       AdminItem
	Guards      *Guards    // of kinds that only say what goes with others, else nil
	Guarded     []*Kind    // of which rows go with an object of this kind
	Unread      Unread     // what is not read of its objects, or of who refers to them
	Risks       risk.Rules // what making and deleting an object can do to people
	Fields      []*Field
	Children    []*Kind

	Verbs  []Verb // what the API offers
	byName map[string]*Field
}

// KeyPart is one field of a key. An optional part is appended as "@value" when it is set.
type KeyPart struct {
	Field    *Field
	Optional bool
}

// Param is a query parameter that the API takes.
type Param struct {
	Name    string
	Type    string
	Default any
}

// Owner names the answer's fields that tell a dealer's shared object from the tenant's own.
type Owner struct{ Dealer, Client string }

// Limit is the field of the limits that bounds the number of objects, and the
// field or parent within which they are counted.
type Limit struct {
	Name, Per string
	Unsure    bool      // the documents leave open whether it bounds these objects at all
	Or        *OtherWay // the documents leave open whether this is what is counted, or nil
}

// OtherWay is another way to count what a limit bounds.
type OtherWay struct {
	Items *Field  // the items of this list are counted, over all objects
	With  []*Kind // or objects of these kinds too, over the whole tenant
	Word  string  // what is counted
}

// Listing says how a list is asked for, and in which shapes it may come: always as a bare
// list or as an object with one list, and with Key also as a map, whose members become
// rows of Key and Value.
type Listing struct {
	Pages      bool
	Key, Value string // names in answers
}

// Listing returns how the kind's list is read.
func (k *Kind) Listing() Listing {
	l := Listing{Pages: k.Pages}
	if k.ListAsMap {
		l.Key, l.Value = k.Key[0].Field.Answer, k.Field(k.Value).Answer
	}
	return l
}

// Has reports whether the API offers verb for the kind.
func (k *Kind) Has(v Verb) bool { return slices.Contains(k.Verbs, v) }

// Field returns the field by its name in tenant files, or nil.
func (k *Kind) Field(name string) *Field { return k.byName[name] }

// Managed reports whether tenant files may declare objects of the kind.
func (k *Kind) Managed() bool { return len(k.Section) > 0 }

// Singleton reports whether there is one object per parent that exists with it.
func (k *Kind) Singleton() bool { return k.Form == FormSingle }

// Implicit reports whether objects come into being with their parent, so that there is no create.
func (k *Kind) Implicit() bool { return k.Singleton() && len(k.Parents) > 0 }

// KeyFields returns the fields of which the key is made.
func (k *Kind) KeyFields() []*Field {
	fields := make([]*Field, len(k.Key))
	for i, p := range k.Key {
		fields[i] = p.Field
	}
	return fields
}

// IsKey reports whether f is part of the kind's key.
func (k *Kind) IsKey(f *Field) bool {
	return slices.ContainsFunc(k.Key, func(p KeyPart) bool { return p.Field == f })
}

// YAML returns the place of the kind in a tenant file as people write it, such
// as users.extension or extensions.*.phone.
func (k *Kind) YAML() string {
	own := strings.Join(k.Section, ".")
	if len(k.Parents) == 0 {
		return own
	}
	p := k.Parents[0]
	if p.Form == FormMap {
		return p.YAML() + ".*." + own
	}
	return p.YAML() + "." + own
}

// Field is one property of a kind.
type Field struct {
	Name        string // in tenant files: the API's name, without _id where it is a reference
	API         string // in requests
	Answer      string // in answers
	AnswerType  string // type in answers where it differs from Type, else ""
	Pick        string // member that stands for the value when the answer is an object
	Type        string // string, integer, boolean, array, object
	Nullable    bool   // the API takes null, so the field can be cleared
	Enum        []string
	Words       []Word
	Format      string
	Default     any
	HasDefault  bool
	Minimum     *int64
	Maximum     *int64
	Description string
	ReadOnly    bool
	WriteOnly   bool
	Required    bool   // the API requires it on create
	Decide      bool   // has to be decided on create although the API has a default
	CreateOnly  bool   // only create may set it
	Once        bool   // acts instead of being a state; stands under on_create
	Always      bool   // every update has to carry it
	Length      string // field of the tenant itself that says how long the value is, or ""
	NumberOf    *Kind  // holds a number that may be the name of an object of this kind
	Prefixed    bool   // answers put "prefix*" before the value
	Set         bool   // a list whose order does not matter
	Apart       bool   // calls of their own read and write the value: it stands in no other body or answer
	Takes       string // what files write where the type does not say it, in words, or ""
	Members     *Field // of a bundle: the reference that each key of the value is, with the fields of requests and answers
	Shared      bool   // the objects of a bundle have one value
	Personal    bool   // belongs to one object, and says nothing of others
	Risks       risk.Rules
	Mask        bool // no report shows the value, though it is no secret to those who may read the tenant
	Unset       []int64
	Unique      string // name space in which the value is unique
	Ref         *Kind  // the kind it refers to
	In          *Kind  // the target stands under the object of this kind that the own one is or stands under; nil: at the top
	Refers      bool   // it, or what it consists of, refers to something
	RoutesTo    bool   // the object rings what the field refers to
	RefBy       string // field of the kind referred to that is sent, "" for the id
	OrText      bool   // what names no object of the tenant is text, such as a number from outside
	Items       *Field // of an array
	Counts      string // the list, by its name in requests, of whose entries an answer has the number here, or ""
	Whole       bool   // of an object: what it does not state is what the server fills in
	Fields      []*Field
	Overrides   []string // when all are set, the other fields of the object are ignored
	Pairs       []Pair
	With        With
	Joined      bool   // of a list: answers may have its values in one text
	Admin       string // how the administrator's item has it: only, shown or both; "": not at all

	byName map[string]*Field
	normal func(any) any // how a stated value becomes normal, nil for the usual way
	keep   func(any) any // what of an answer may be written down, nil for the usual way
}

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
	Days   PairDays `yaml:"days"`
}

// PairDays are the fields of a start and an end that are days of a month, and of the month.
type PairDays struct {
	From  string `yaml:"from"`
	To    string `yaml:"to"`
	Month string `yaml:"month"`
}

// Word is a value that is called one thing in files and another in the API.
type Word struct {
	File string
	API  any
}

// Secret reports whether the value is never written in files, only where to find it.
func (f *Field) Secret() bool { return f.WriteOnly && !f.Once }

// InCreate reports whether a create may carry the field.
func (f *Field) InCreate() bool { return !f.ReadOnly }

// InUpdate reports whether an update may carry the field.
func (f *Field) InUpdate() bool { return f.InCreate() && !f.CreateOnly }

// InAnswer reports whether answers to reading the object hold the value.
func (f *Field) InAnswer() bool { return !f.WriteOnly && !f.Once && !f.Apart }

// NeverNull reports whether files may not write null.
func (f *Field) NeverNull() bool { return f.Type == "array" || f.Apart }

// Clearable reports whether a request may say that the field is not set.
func (f *Field) Clearable() bool { return f.Nullable || f.Type == "array" }

// MeansNull reports whether a live value is what the server has where nothing was ever
// said, of a field that no request can clear: the documented default, and off where the
// documents name none. Old objects may show null there and new ones that value.
func (f *Field) MeansNull(live any) bool {
	if f.Clearable() || f.Ref != nil || f.Type == "object" {
		return false
	}
	if f.Default != nil {
		return live == f.Live(f.Default, "")
	}
	return live == false
}

// Comparable reports whether the field can be written and read back, so that it
// counts in the coverage.
func (f *Field) Comparable() bool { return f.InCreate() && !f.WriteOnly && !f.Once }

// Sub returns the field of an object or of the objects in a list by its name, or nil.
func (f *Field) Sub(name string) *Field {
	if f.Items != nil {
		f = f.Items
	}
	return f.byName[name]
}

// Child returns the kind of children that stands under the name, or nil.
func (k *Kind) Child(name string) *Kind {
	for _, c := range k.Children {
		if c.Section[0] == name {
			return c
		}
	}
	return nil
}

// Entries returns what may stand at an object of the kind.
func (k *Kind) Entries() []string {
	var names []string
	for _, f := range k.Fields {
		if f.InCreate() && !f.Once {
			names = append(names, f.Name)
		}
	}
	for _, c := range k.Children {
		names = append(names, c.Section[0])
	}
	for _, p := range k.OnDelete {
		names = append(names, p.Name)
	}
	if k.Deletable() {
		names = append(names, reserved.Absent)
	}
	if slices.ContainsFunc(k.Fields, func(f *Field) bool { return f.Once }) {
		names = append(names, reserved.OnCreate)
	}
	return append(names, RuleWords(k)...)
}

// KeyOf makes the key of an object from its values.
func (k *Kind) KeyOf(values map[string]any) string {
	var b strings.Builder
	for i, p := range k.Key {
		text, _ := values[p.Field.Name].(string)
		if p.Optional {
			if text != "" {
				b.WriteString("@" + text)
			}
			continue
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	return b.String()
}

// Pattern returns the member that is a pattern, which a tenant may have although its server
// cannot use it: files may keep such a one as it is. Nil if there is none.
func (f *Field) Pattern() *Field {
	for _, sub := range f.Fields {
		if sub.Format == "pcre" {
			return sub
		}
	}
	return nil
}

// Bounds says between which numbers a value of a field is.
func Bounds(f *Field) string {
	switch {
	case f.Maximum == nil:
		return fmt.Sprintf("at least %d", *f.Minimum)
	case f.Minimum == nil:
		return fmt.Sprintf("at most %d", *f.Maximum)
	}
	return fmt.Sprintf("from %d to %d", *f.Minimum, *f.Maximum)
}
