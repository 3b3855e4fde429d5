package faults

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
)

// The words at the top of a file.
const (
	wordSeed   = "seed"
	wordFaults = "faults"
	wordDo     = "do"
)

// API is what a file is checked against: the kinds, and the paths that can match.
type API struct {
	Catalogue *schema.Catalogue
	Paths     []string
}

// Parse reads a file of faults. All problems are reported at once, each with its
// place; if there are any, the set is not to be used.
func Parse(f file.File, api API) (Set, schema.Problems) {
	p := &parser{api: api}
	if blank(f.Data) {
		p.report(schema.Place{File: f.Name, Line: 1, Column: 1}, "write faults: with a list of rules", "the file is empty")
		return Set{}, p.problems
	}
	top, problems := file.ParseSetting(f)
	if len(problems) > 0 {
		return Set{}, problems
	}
	p.top(top)
	return p.set, p.problems.Sort()
}

// blank reports whether a file has nothing but comments.
func blank(data []byte) bool {
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

type parser struct {
	api      API
	set      Set
	problems schema.Problems
}

func (p *parser) report(at schema.Place, hint, message string, args ...any) {
	p.problems = append(p.problems, schema.Problem{Place: at, Message: fmt.Sprintf(message, args...), Hint: hint})
}

func (p *parser) top(top file.Setting) {
	if top.Entries == nil {
		p.report(top.Place, "write faults: with a list of rules", "the file has to hold keys and values")
		return
	}
	listed := false
	for _, e := range top.Entries {
		switch v := (value{e.Value}); e.Key {
		case wordSeed:
			n, ok := v.Value.(int64)
			if !ok || n < 0 {
				p.report(v.Place, "", "seed has to be a whole number from 0, not %s", v.shown())
			}
			p.set.Seed = uint64(n)
		case wordFaults:
			listed = true
			p.rules(v)
		default:
			p.unknown(e.Place, "word", e.Key, "a file of faults", []string{wordSeed, wordFaults})
		}
	}
	if !listed {
		p.report(top.Place, "write faults: with a list of rules", "there are no faults")
	}
}

// unknown reports a name that is not known, with the one that was probably meant.
func (p *parser) unknown(at schema.Place, what, name, where string, known []string) {
	hint := cmp.Or(wording.DidYouMean(name, known), "known: "+strings.Join(known, ", "))
	p.report(at, hint, "unknown %s %q in %s", what, name, where)
}

func (p *parser) rules(v value) {
	if v.Items == nil {
		p.report(v.Place, "begin each with a dash", "faults has to be a list of rules, not %s", v.shown())
		return
	}
	for _, item := range v.Items {
		p.rule(item)
	}
}

func (p *parser) rule(item file.Setting) {
	if item.Entries == nil {
		p.report(item.Place, "such as {on: POST, at: 3, do: drop}", "a fault has to be a map, not %s", value{item}.shown())
		return
	}
	r := Rule{Place: item.Place}
	word := p.word(item)
	given := map[string]schema.Place{}
	for _, e := range item.Entries {
		given[e.Key] = e.Place
		p.entry(&r, word, e)
	}
	if word == nil {
		return
	}
	r.Do = word.Do
	p.needs(word, item, given)
	p.when(&r, given)
	p.where(&r, given)
	p.fields(&r, item, given)
	if _, ok := given["commit"]; ok && r.Do == Content {
		r.Lost, r.Commit = !r.Commit, false
	}
	p.set.Rules = append(p.set.Rules, r)
}

// word reads do: first, since it says what else may stand there.
func (p *parser) word(item file.Setting) *Word {
	var known []string
	for _, w := range words {
		known = append(known, string(w.Do))
	}
	for _, e := range item.Entries {
		if e.Key != wordDo {
			continue
		}
		name, ok := e.Value.Value.(string)
		if !ok {
			p.report(e.Value.Place, "known: "+strings.Join(known, ", "), "do has to be the name of a fault, not %s", value{e.Value}.shown())
			return nil
		}
		w := wordOf(name)
		if w == nil {
			p.unknown(e.Value.Place, "fault", name, wordDo, known)
		}
		return w
	}
	p.report(item.Place, "known: "+strings.Join(known, ", "), "do is missing")
	return nil
}

func (p *parser) entry(r *Rule, word *Word, e file.SettingEntry) {
	if e.Key == wordDo {
		return
	}
	param := paramOf(choosers, e.Key)
	if param == nil {
		param = paramOf(params, e.Key)
		if param == nil {
			p.unknown(e.Place, "word", e.Key, "a fault", p.known(word))
			return
		}
		if word != nil && !slices.Contains(word.names(), e.Key) {
			hint := "it takes " + strings.Join(word.names(), ", ")
			if len(word.names()) == 0 {
				hint = "delete it"
			}
			p.report(e.Place, hint, "%s means nothing with %s", e.Key, word.Do)
			return
		}
	}
	if v := (value{e.Value}); !param.read(r, v) {
		p.report(v.Place, wording.DidYouMean(fmt.Sprint(v.Value), param.of), "%s has to be %s, not %s", e.Key, param.due, v.shown())
	}
}

func (p *parser) known(word *Word) []string {
	known := []string{wordDo}
	for _, c := range choosers {
		known = append(known, c.Name)
	}
	if word != nil {
		return append(known, word.names()...)
	}
	for _, c := range params {
		known = append(known, c.Name)
	}
	return known
}

func (p *parser) needs(w *Word, item file.Setting, given map[string]schema.Place) {
	for _, need := range w.Needs {
		n := 0
		for _, name := range strings.Split(need, " or ") {
			if _, ok := given[name]; ok {
				n++
			}
		}
		if n == 0 {
			p.report(item.Place, "", "%s needs %s", w.Do, need)
		}
		if n > 1 && w.Do == Content {
			p.report(item.Place, "delete one of the two", "%s takes %s", w.Do, need)
		}
	}
}

// when checks the words that say which of the matching calls meet the fault.
func (p *parser) when(r *Rule, given map[string]schema.Place) {
	var some []string
	for _, name := range []string{"at", "every", "rate", "from", "to"} {
		if _, ok := given[name]; ok {
			some = append(some, name)
		}
	}
	if len(some) > 0 && r.Do == RateLimit {
		p.report(given[some[0]], "delete it", "%s means nothing with %s, which counts calls itself", some[0], r.Do)
		return
	}
	if len(some) > 1 && (some[1] == "every" || some[1] == "rate" || some[0] == "at") {
		p.report(given[some[1]], "delete one of the two", "%s and %s say the same in two ways", some[0], some[1])
	}
	if r.To > 0 && r.From > r.To {
		p.report(given["to"], "", "to is %d, before from, which is %d", r.To, r.From)
	}
}

// where refuses a path that no call can have: the fault would never be met.
func (p *parser) where(r *Rule, given map[string]schema.Place) {
	if everywhere(r.Path) || r.Path == TokenPath {
		return
	}
	at := given["path"]
	path, query, _ := strings.Cut(r.Path, "?")
	if !strings.HasPrefix(path, "/") && path != "" {
		p.report(at, fmt.Sprintf("write %q", "/"+path), "path %q does not begin with /", path)
		return
	}
	if _, err := url.ParseQuery(query); err != nil {
		p.report(at, "write it as ?page=2", "the query of path %q cannot be read", r.Path)
	}
	if p.api.Paths != nil && !slices.ContainsFunc(p.api.Paths, func(known string) bool { return fits(r.Path, known) }) {
		p.report(at, p.nearPath(path), "no path of the API matches %q", path)
	}
}

func (p *parser) nearPath(path string) string {
	var known []string
	for _, k := range p.api.Paths {
		segs := segments(k)
		for i, s := range segs {
			if strings.HasPrefix(s, "{") {
				segs[i] = "*"
			}
		}
		known = append(known, strings.Join(segs, "/"))
	}
	return cmp.Or(wording.DidYouMean(path, known), "paths stand in docs/kinds.md, below the API's base and with * for ids")
}

// fields checks the kind and the fields of a write by another client.
func (p *parser) fields(r *Rule, item file.Setting, given map[string]schema.Place) {
	if !r.Do.Edits() || r.Kind == "" || p.api.Catalogue == nil {
		return
	}
	kind := p.api.Catalogue.Kind(r.Kind)
	if kind == nil {
		var known []string
		for _, k := range p.api.Catalogue.Kinds {
			known = append(known, k.Word)
		}
		p.unknown(given["kind"], "kind", r.Kind, "a fault", known)
		return
	}
	if kind.Singleton() && r.Do != Update {
		p.report(given["kind"], "use update", "a %s is neither made nor deleted alone", kind.Word)
	}
	known := []string{"parent"}
	for _, f := range kind.Fields {
		known = append(known, f.API)
	}
	for _, e := range item.Entries {
		if e.Key != "set" {
			continue
		}
		for _, field := range e.Value.Entries {
			if !slices.Contains(known, field.Key) {
				p.unknown(field.Place, "field", field.Key, kind.Word, known)
			}
		}
	}
}
