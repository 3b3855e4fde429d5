package survey

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
)

// What a finding is about, the worst first.
const (
	Refused = "refused" // a collection or an object cannot be read
	Form    = "form"    // rows stand otherwise than documented
	Type    = "types"   // a value has another type
	Word    = "word"    // a word that the documents do not have
	Null    = "null"    // a field that a request cannot set to null is null
	Missing = "missing" // a documented field is not there
	Unknown = "unknown" // a field is there that is not documented
	Pages   = "pages"   // pages are not as asked for
)

var order = []string{Refused, Form, Type, Word, Null, Missing, Unknown, Pages}

// Finding is one way in which a server leaves the catalogue.
type Finding struct {
	What  string `json:"what"`
	Where string `json:"where"`          // kind, or kind.field
	Text  string `json:"text"`           // says what was found
	Such  string `json:"such,omitempty"` // an example; of live answers only
	Met   int    `json:"met"`            // how often
	Of    int    `json:"of"`
}

// Report is what a survey found.
type Report struct {
	Findings    []Finding `json:"findings"`
	Collections int       `json:"collections"` // that could be read, single objects among them
	Rows        int       `json:"rows"`
	Fields      int       `json:"fields"`     // that rows had as the catalogue says
	Unread      []string  `json:"unread"`     // kinds that the API does not list
	Unanswered  int       `json:"unanswered"` // calls that had no answer at all
}

// Compare holds a record against the catalogue.
func Compare(c *schema.Catalogue, r *Record) *Report {
	out := &Report{Findings: []Finding{}, Unread: []string{}}
	for _, k := range served(c).Kinds {
		var answers []Answer
		for _, a := range r.Answers {
			if a.Kind == k.Word {
				answers = append(answers, a)
			}
		}
		out.kind(k, answers)
		if !k.Has(schema.List) && !k.Singleton() {
			out.Unread = append(out.Unread, k.Word)
		}
	}
	slices.SortStableFunc(out.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.What), slices.Index(order, b.What)), cmp.Compare(b.Met, a.Met), strings.Compare(a.Where, b.Where))
	})
	return out
}

func (out *Report) find(what, where, such string, met, of int, format string, args ...any) {
	out.Findings = append(out.Findings, Finding{What: what, Where: where, Such: such, Met: met, Of: of, Text: fmt.Sprintf(format, args...)})
}

// kind judges all answers about one kind together.
func (out *Report) kind(k *schema.Kind, answers []Answer) {
	all := &Shape{}
	paths := map[string]bool{}
	for _, a := range answers {
		if a.Status/100 == 2 && !a.Broken && !a.Alone {
			paths[a.Path] = true
		}
		out.Rows += a.Rows
		if a.Status == 0 {
			out.Unanswered++
		}
		all.Merge(a.Row)
	}
	out.Collections += len(paths)
	out.refusals(k, answers)
	out.forms(k, answers)
	out.pages(k, answers)
	if all.Object != nil {
		out.object(k.Word, shown(k), all.Object)
	}
	for _, t := range all.types() {
		if t.word != "object" && !mapped(answers) {
			out.find(Form, k.Word, "", t.count, all.Count(), "%d of %d rows are %s, and objects are due", t.count, all.Count(), nameOf(t.word))
		}
	}
}

func mapped(answers []Answer) bool {
	return slices.ContainsFunc(answers, func(a Answer) bool { return a.Map })
}

// refusals are grouped by path and by what the server answered.
func (out *Report) refusals(k *schema.Kind, answers []Answer) {
	type group struct{ path, why string }
	met, said, of := map[group]int{}, map[group]string{}, map[string]int{}
	for _, a := range answers {
		of[a.Path]++
		if g := (group{a.Path, a.refusal()}); g.why != "" {
			met[g]++
			said[g] = cmp.Or(said[g], a.said)
		}
	}
	for _, g := range slices.SortedFunc(maps.Keys(met), func(a, b group) int {
		return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.why, b.why))
	}) {
		out.find(Refused, k.Word, said[g], met[g], of[g.path], "GET %s %s, %d of %d times", g.path, g.why, met[g], of[g.path])
	}
}

func (a Answer) refusal() string {
	switch {
	case a.Status == 0:
		return "had no answer"
	case a.Broken:
		return fmt.Sprintf("answered what cannot be read (%d)", a.Status)
	case a.Status/100 != 2:
		return fmt.Sprintf("is refused with %d", a.Status)
	}
	return ""
}

// forms says where rows stand otherwise than documented.
func (out *Report) forms(k *schema.Kind, answers []Answer) {
	documented := rowsMember(k)
	met := map[string]int{}
	of := 0
	for _, a := range answers {
		if a.refusal() != "" {
			continue
		}
		of++
		switch {
		case a.Alone && a.Single:
			met["a list came where an object is due"]++
		case a.Alone:
			met["an object came where a list is due"]++
		case a.Map:
			met["the rows stand by name in an object"]++
		case a.Wrap != documented && !a.Single && a.Wrap == "":
			met[fmt.Sprintf("a bare list came; %q is documented around it", documented)]++
		case a.Wrap != documented && !a.Single:
			met[fmt.Sprintf("the rows stand in %q of an object", a.Wrap)]++
		}
	}
	for _, text := range slices.Sorted(maps.Keys(met)) {
		out.find(Form, k.Word, "", met[text], of, "%s, %d of %d times", text, met[text], of)
	}
}

// pages finds the server's own size of pages, and servers that do not heed the page.
func (out *Report) pages(k *schema.Kind, answers []Answer) {
	for i, a := range answers {
		next := i+1 < len(answers) && answers[i+1].Path == a.Path && answers[i+1].Page == a.Page+1
		switch {
		case a.Page != 1 || !next:
		case answers[i+1].Same:
			out.find(Pages, k.Word, "", 1, 1, "page 2 is page 1 once more")
		case answers[i+1].Rows > 0 && a.Rows < a.Asked:
			out.find(Pages, k.Word, "", 1, 1, "a page ends at %d rows; %d were asked for; say --page-size %d, or a bare list may seem to end there", a.Rows, a.Asked, a.Rows)
		}
		if a.Rows > a.Asked && a.Asked > 0 {
			out.find(Pages, k.Word, "", 1, 1, "a page has %d rows; %d were asked for", a.Rows, a.Asked)
		}
	}
}

// object judges the members of objects.
func (out *Report) object(where string, fields []*schema.Field, o *Objects) {
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Answer] = true
		at := where + "." + f.Answer
		s := o.Members[f.Answer]
		n := s.Count()
		if n < o.Count {
			out.find(Missing, at, "", o.Count-n, o.Count, "not there in %d of %d", o.Count-n, o.Count)
		}
		if n > 0 && out.field(at, f, s) && n == o.Count {
			out.Fields++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Members)) {
		if s := o.Members[name]; !known[name] {
			out.find(Unknown, where+"."+name, "", s.Count(), o.Count, "%s in %d of %d, and not known to this version", s.Brief(), s.Count(), o.Count)
		}
	}
	if o.Own > 0 {
		out.find(Unknown, where, "", o.Own, o.Own, "%d members with names of their own", o.Own)
	}
}

// field judges the values of one field, and tells whether they are as documented.
func (out *Report) field(at string, f *schema.Field, s *Shape) bool {
	before := len(out.Findings)
	due := dueTypes(f)
	for _, t := range s.types() {
		switch {
		case t.word == "null":
			if f.InCreate() && !f.Clearable() {
				out.find(Null, at, "", t.count, s.Count(), "null in %d of %d, which no request may send", t.count, s.Count())
			}
		case !slices.Contains(due, t.word):
			out.find(Type, at, "", t.count, s.Count(), "%s in %d of %d, and %s is due%s", nameOf(t.word), t.count, s.Count(), nameOf(due[0]), s.hidden(t.word, due))
		case t.word == "string":
			out.words(at, f, s)
		}
	}
	if s.Object != nil && len(f.Fields) > 0 {
		out.object(at, f.Fields, s.Object)
	}
	if s.List != nil && s.List.Items != nil && f.Items != nil {
		if items := *f.Items; items.Type != "" {
			items.Answer = f.Answer
			out.field(at+"[]", &items, s.List.Items)
		}
	}
	return len(out.Findings) == before
}

func (out *Report) words(at string, f *schema.Field, s *Shape) {
	words := wordsOf(f)
	if len(words) == 0 {
		return
	}
	strange := s.Text.Count
	for _, n := range s.Text.Words {
		strange -= n
	}
	if strange > 0 {
		out.find(Word, at, s.Text.strange, strange, s.Count(), "a word that is not documented in %d of %d", strange, s.Count())
	}
}

// hidden says what texts hold instead of being it.
func (s *Shape) hidden(word string, due []string) string {
	switch t := s.Text; {
	case word != "string":
	case slices.Contains(due, "integer") && t.Digits == t.Count:
		return " (a number as text)"
	case slices.Contains(due, "boolean") && t.Truth == t.Count:
		return " (yes or no as text)"
	}
	return ""
}

// dueTypes are the types that an answer may have, the documented one first.
func dueTypes(f *schema.Field) []string {
	var due []string
	for _, w := range f.Words {
		switch w.API.(type) {
		case string:
			due = append(due, "string")
		case bool:
			due = append(due, "boolean")
		case int, int64:
			due = append(due, "integer")
		}
	}
	if f.AnswerType != "" { // the documents name an object, and show the bare value
		due = append(due, f.AnswerType, f.Type)
	}
	if len(due) == 0 {
		due = []string{f.Type}
	}
	if f.Joined {
		due = append(due, "string")
	}
	return due
}

func nameOf(word string) string {
	switch word {
	case "string":
		return "text"
	case "boolean":
		return "true or false"
	case "integer":
		return "a whole number"
	case fraction:
		return "a number that is not whole"
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return word
}
