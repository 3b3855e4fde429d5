package policy

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// Words of a file of policies.
const (
	wordPolicies = "policies"
	wordID       = "id"
	wordEach     = "each"
	wordKinds    = "kinds"
	wordDeny     = "deny"
	wordSeverity = "severity"
	wordMessage  = "message"
	wordExamples = "examples"
)

var policyWords = []string{wordID, wordEach, wordKinds, wordDeny, wordSeverity, wordMessage, wordExamples}

// fileVersion is the version of these files.
const fileVersion = 1

// Parse reads files of policies and holds each policy against its examples. All problems are
// reported at once; if there are any, the set is not to be used.
func Parse(c *schema.Catalogue, files []file.File) (Set, schema.Problems) {
	p := &parser{catalogue: c, seen: map[string]schema.Place{}}
	for _, f := range files {
		top, problems := file.ParseSetting(f)
		if len(problems) > 0 {
			p.Problems = append(p.Problems, problems...)
			continue
		}
		p.file(f.Name, top)
	}
	slices.SortFunc(p.set, func(a, b *Policy) int { return strings.Compare(a.ID, b.ID) })
	return p.set, p.Problems.Sort()
}

type parser struct {
	file.SettingReader
	catalogue *schema.Catalogue
	set       Set
	seen      map[string]schema.Place // of ids
}

func (p *parser) file(name string, top file.Setting) {
	entries := p.Versioned(name, top, fileVersion, wordPolicies, "policies")
	if entries == nil {
		return
	}
	list, ok := entries[wordPolicies]
	if !ok || list.Value.Items == nil {
		p.Report(top.Place, "write policies: with a list", "the file has no list of policies")
		return
	}
	for _, item := range list.Value.Items {
		p.policy(item)
	}
}

func (p *parser) policy(item file.Setting) {
	if item.Entries == nil {
		p.Report(item.Place, "write - id: NAME", "a policy has to hold keys and values")
		return
	}
	before := len(p.Problems)
	e := p.Entries(item, policyWords)
	made := &Policy{Place: item.Place}
	made.ID = p.id(item, e)
	made.Each = Each(p.word(e, wordEach, string(EachChange), eachWords))
	made.Severity = plan.Severity(p.word(e, wordSeverity, string(plan.Refuse), severities))
	made.Kinds = p.kinds(e)
	if made.Each == WholePlan && len(made.Kinds) > 0 {
		p.Report(e[wordKinds].Place, "leave it out, and compare the kind in the expression", "a policy about the plan has no kinds")
	}
	if len(p.Problems) > before {
		return
	}
	made.deny, made.message = p.expression(item, e, made.Each), p.message(item, e, made.Each)
	if made.deny == nil || made.message == nil {
		return
	}
	made.denies, made.tells = fmt.Sprint(e[wordDeny].Value.Value), fmt.Sprint(e[wordMessage].Value.Value)
	p.set = append(p.set, made)
	p.examples(made, item, e)
}

func (p *parser) id(item file.Setting, e map[string]file.SettingEntry) string {
	id, _ := e[wordID].Value.Value.(string)
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-') }) {
		p.Report(item.Place, "write it with small letters, digits and -, as id: no-recording-in-france", "a policy needs an id")
		return ""
	}
	if first, twice := p.seen[id]; twice {
		p.Report(e[wordID].Place, "give one of them another id", "%s is the id of the policy at %s, too", id, first)
	}
	p.seen[id] = e[wordID].Place
	return id
}

// word reads one of some words.
func (p *parser) word(e map[string]file.SettingEntry, key, otherwise string, words []string) string {
	entry, stated := e[key]
	if !stated {
		return otherwise
	}
	word, _ := entry.Value.Value.(string)
	if !slices.Contains(words, word) {
		p.Report(entry.Value.Place, strings.TrimPrefix(wording.DidYouMean(word, words), "; "), "%s is %s", key, wording.OneOf(words))
	}
	return word
}

func (p *parser) kinds(e map[string]file.SettingEntry) []string {
	entry, stated := e[wordKinds]
	if !stated {
		return nil
	}
	if len(entry.Value.Items) == 0 {
		p.Report(entry.Value.Place, "write a list, or leave it out for all kinds", "no kinds are named")
	}
	var all, out []string
	for _, k := range p.catalogue.Kinds {
		all = append(all, k.Word)
	}
	for _, item := range entry.Value.Items {
		word, _ := item.Value.(string)
		if !slices.Contains(all, word) {
			p.Report(item.Place, strings.TrimPrefix(wording.DidYouMean(word, all), "; "), "there is no kind %s", wording.Value(item.Plain()))
			continue
		}
		out = append(out, word)
	}
	return out
}

func (p *parser) expression(item file.Setting, e map[string]file.SettingEntry, each Each) *expression {
	entry, ok := e[wordDeny]
	text, isText := entry.Value.Value.(string)
	if b, isBool := entry.Value.Value.(bool); isBool {
		text, isText = fmt.Sprint(b), true
	}
	if !ok || !isText {
		p.Report(item.Place, "write deny: with an expression that is true for what is not wanted", "the policy has no expression")
		return nil
	}
	x, err := compile(each, text, true)
	if err != nil {
		p.Report(entry.Value.Place, "", "the expression cannot be used: %v", err)
		return nil
	}
	return x
}

func (p *parser) message(item file.Setting, e map[string]file.SettingEntry, each Each) *message {
	entry, ok := e[wordMessage]
	text, isText := entry.Value.Value.(string)
	if !ok || !isText || text == "" {
		p.Report(item.Place, `write message: "${change.address} ..."`, "the policy has no message")
		return nil
	}
	m, err := compileMessage(each, text)
	if err != nil {
		p.Report(entry.Value.Place, "", "the message cannot be used: %v", err)
		return nil
	}
	return m
}
