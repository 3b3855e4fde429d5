package expect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
)

// Expectation is where a call has to go.
type Expectation struct {
	Place  schema.Place
	Call   Text
	From   Text
	At     []Text // none: at any time
	GoesTo Text
}

// Text is a text of a file.
type Text struct {
	Text  string
	Place schema.Place
}

const (
	wordVersion = "version"
	wordCalls   = "calls"
	wordCall    = "call"
	wordFrom    = "from"
	wordAt      = "at"
	wordGoesTo  = "goes to"
)

var (
	topWords = []string{wordVersion, wordCalls}
	words    = []string{wordCall, wordFrom, wordAt, wordGoesTo}
)

// fileVersion is the version of these files.
const fileVersion = 1

const example = `- {call: "4930123456", at: 2026-12-24 18:10, goes to: voicemail}`

// Parse reads a file of expectations. If there are problems, what is returned is not all.
func Parse(f file.File) ([]*Expectation, schema.Problems) {
	top, problems := file.ParseSetting(f)
	if len(problems) > 0 {
		return nil, problems
	}
	p := &parser{}
	p.top(f.Name, top)
	return p.list, p.problems.Sort()
}

type parser struct {
	list     []*Expectation
	problems schema.Problems
}

func (p *parser) report(at schema.Place, hint, message string, args ...any) {
	p.problems = append(p.problems, schema.Problem{Place: at, Message: fmt.Sprintf(message, args...), Hint: hint})
}

func (p *parser) top(name string, top file.Setting) {
	if top.Entries == nil {
		p.report(schema.Place{File: name, Line: 1, Column: 1}, "write version: 1 and calls: with a list", "a file of expectations has to hold keys and values")
		return
	}
	e := p.entries(top, topWords)
	if v, ok := e[wordVersion]; !ok || v.Value.Value != int64(fileVersion) {
		p.report(top.Place, fmt.Sprintf("write version: %d", fileVersion), "the version of the file is not stated, or is another one")
	}
	list, ok := e[wordCalls]
	switch {
	case !ok:
		p.report(top.Place, "write calls: and under it "+example, "the file has no list of calls")
	case list.Value.Items == nil:
		p.report(list.Place, "write under it "+example, "calls has to be a list")
	}
	for _, item := range list.Value.Items {
		p.expectation(item)
	}
}

// entries are the keys of a map that may stand there.
func (p *parser) entries(m file.Setting, words []string) map[string]file.SettingEntry {
	out := map[string]file.SettingEntry{}
	for _, e := range m.Entries {
		if !slices.Contains(words, e.Key) {
			p.report(e.Place, wording.DidYouMean(e.Key, words), "%q is not known here; %s", wording.Excerpt(e.Key), wording.OneOf(words))
			continue
		}
		out[e.Key] = e
	}
	return out
}

func (p *parser) expectation(item file.Setting) {
	if item.Entries == nil {
		p.report(item.Place, "write "+example, "an expectation has to hold keys and values")
		return
	}
	before := len(p.problems)
	e := p.entries(item, words)
	x := &Expectation{Place: item.Place}
	x.Call, x.GoesTo = p.due(item, e, wordCall), p.due(item, e, wordGoesTo)
	if from, ok := e[wordFrom]; ok {
		x.From = p.text(from.Value, wordFrom)
	}
	if at, ok := e[wordAt]; ok {
		x.At = p.times(at)
	}
	if len(p.problems) == before {
		p.list = append(p.list, x)
	}
}

// due reads what every expectation has to say.
func (p *parser) due(item file.Setting, e map[string]file.SettingEntry, word string) Text {
	entry, ok := e[word]
	if !ok {
		p.report(item.Place, "write it as "+example, "an expectation has to say %s:", word)
		return Text{}
	}
	return p.text(entry.Value, word)
}

// times reads one time, or a list.
func (p *parser) times(at file.SettingEntry) []Text {
	if at.Value.Items == nil {
		return []Text{p.text(at.Value, wordAt)}
	}
	if len(at.Value.Items) == 0 {
		p.report(at.Value.Place, "write a time, or leave at: out for any time", "the list of times is empty")
	}
	var out []Text
	for _, item := range at.Value.Items {
		out = append(out, p.text(item, wordAt))
	}
	return out
}

// text reads a text. Digits without quotes are one.
func (p *parser) text(v file.Setting, word string) Text {
	switch x := v.Value.(type) {
	case string:
		if strings.TrimSpace(x) != "" {
			return Text{x, v.Place}
		}
	case int64:
		return Text{strconv.FormatInt(x, 10), v.Place}
	}
	p.report(v.Place, "write a text, such as "+example, "%s: has to be a text", word)
	return Text{Place: v.Place}
}
