package expect

import (
	"strconv"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

// Expectation is where a call has to go.
type Expectation struct {
	Place  schema.Place
	Call   Text
	From   Text
	At     []Text // none: at any time
	GoesTo Text

	Week  Text     // of a row of a table: a day of the week that it is about
	Times Text     // of such a row: its times, as they are written
	spans []period // these, in a week
}

// Text is a text of a file.
type Text struct {
	Text  string
	Place schema.Place
}

const (
	wordCalls  = "calls"
	wordCall   = "call"
	wordFrom   = "from"
	wordAt     = "at"
	wordWeek   = "week"
	wordGoesTo = "goes to"
)

var words = []string{wordCall, wordFrom, wordAt, wordWeek, wordGoesTo}

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
	return p.list, p.Problems.Sort()
}

type parser struct {
	file.SettingReader
	list []*Expectation
}

func (p *parser) top(name string, top file.Setting) {
	e := p.Versioned(name, top, fileVersion, wordCalls, "expectations")
	if e == nil {
		return
	}
	list, ok := e[wordCalls]
	switch {
	case !ok:
		p.Report(top.Place, "write calls: and under it "+example, "the file has no list of calls")
	case list.Value.Items == nil:
		p.Report(list.Place, "write under it "+example, "calls has to be a list")
	}
	for _, item := range list.Value.Items {
		p.expectation(item)
	}
}

func (p *parser) expectation(item file.Setting) {
	if item.Entries == nil {
		p.Report(item.Place, "write "+example, "an expectation has to hold keys and values")
		return
	}
	before := len(p.Problems)
	e := p.Entries(item, words)
	x := &Expectation{Place: item.Place}
	x.Call = p.due(item, e, wordCall)
	if from, ok := e[wordFrom]; ok {
		x.From = p.text(from.Value, wordFrom)
	}
	if at, ok := e[wordAt]; ok {
		x.At = p.times(at)
	}
	list := p.places(item, e, x)
	if len(p.Problems) == before {
		p.list = append(p.list, list...)
	}
}

// places reads where a call has to go: to one place, or to those of a table of a week.
func (p *parser) places(item file.Setting, e map[string]file.SettingEntry, x *Expectation) []*Expectation {
	to, week := e[wordGoesTo], e[wordWeek]
	switch {
	case to.Value.Entries != nil:
		return p.table(x, to, week, e[wordAt])
	case week.Key != "":
		p.Report(week.Place, "write "+tableExample, "week: needs a table of times under goes to:")
	}
	x.GoesTo = p.due(item, e, wordGoesTo)
	return []*Expectation{x}
}

// due reads what every expectation has to say.
func (p *parser) due(item file.Setting, e map[string]file.SettingEntry, word string) Text {
	entry, ok := e[word]
	if !ok {
		p.Report(item.Place, "write it as "+example, "an expectation has to say %s:", word)
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
		p.Report(at.Value.Place, "write a time, or leave at: out for any time", "the list of times is empty")
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
	p.Report(v.Place, "write a text, such as "+example, "%s: has to be a text", word)
	return Text{Place: v.Place}
}
