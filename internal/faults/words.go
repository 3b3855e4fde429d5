package faults

import (
	"net/http"
	"slices"
	"strings"
)

// Word is one fault as people write it: what it does, what it needs beside it and
// what it takes.
type Word struct {
	Do    Do
	Text  string
	Needs []string
	Takes []string
}

// Words returns every fault, for reading files and for the documentation.
func Words() []Word { return words }

var words = []Word{
	{Status, "answers with a status. With commit or after the call is carried out all the same", []string{string(Status)},
		[]string{"retry_after", "location", "commit", "after"}},
	{Drop, "breaks the connection without an answer. With commit or after the call is carried out", nil,
		[]string{"commit", "after", "reset"}},
	{Truncate, "carries the call out and breaks off in the middle of the answer", []string{"bytes"}, []string{"framing"}},
	{Content, "carries the call out and answers 200 with something else", []string{"as or body"}, []string{"type", "commit"}},
	{Expire, "makes every token that was given out so far invalid, so that the call ends with 401", nil, nil},
	{RateLimit, "answers 429 to calls beyond a number in a time", []string{"calls"}, []string{"per", "retry_after"}},
	{Delay, "carries the call out and holds the answer up", []string{"wait or speed"}, []string{"bytes"}},
	{PageCap, "gives no more than size rows on a page, whatever is asked for", []string{"size"}, nil},
	{PageSize, "gives pages of size rows, whatever is asked for", []string{"size"}, nil},
	{PageFirst, "gives the first page, whatever is asked for", nil, nil},
	{PageShift, "moves what stands on pages after the first, as if other clients had deleted (by above 0) or made (below 0) rows on the pages before", []string{"by"}, nil},
	{PageShuffle, "gives a page of the list in another order each time", nil, nil},
	{Insert, "another client makes an object right before the call", []string{"kind", "set"}, nil},
	{Update, "another client changes an object right before the call", []string{"kind", "set"}, []string{"key"}},
	{Remove, "another client deletes an object right before the call", []string{"kind"}, []string{"key"}},
}

// names returns all that may stand beside the word, or needs standing there.
func (w *Word) names() []string {
	var out []string
	for _, need := range w.Needs {
		out = append(out, strings.Split(need, " or ")...)
	}
	return append(out, w.Takes...)
}

// Param is what may stand in a rule.
type Param struct {
	Name string
	Text string
	due  string   // what has to be written
	of   []string // the words that can be, if they are few
	read func(r *Rule, v value) bool
}

// Choosers are the words that say which calls a rule is for.
func Choosers() []Param { return choosers }

// Params are the words that say more of a fault.
func Params() []Param { return params }

var choosers = []Param{
	{"on", "the method, or a list of methods; left out or `*`: every one", "a method such as GET, or a list of them", methods, func(r *Rule, v value) bool { return v.methods(&r.On) }},
	{"path", "a pattern of the path below the API's base; left out, `*` or `**`: every one. `*` stands for any text between two slashes, `**` for any number of such parts. With `?page=2` at its end the query needs that too. `" + TokenPath + "` is where tokens are given out, and only its own name matches it",
		"a path of the API that begins with /", nil, func(r *Rule, v value) bool { return v.text(&r.Path) }},
	{"at", "the number of the matching call, or a list of numbers", "a number from 1, or a list of them", nil, func(r *Rule, v value) bool { return v.numbers(&r.At) }},
	{"every", "each nth matching call: with 10, the tenth, the twentieth and so on", "a whole number from 1", nil, func(r *Rule, v value) bool { return v.number(&r.Every, 1, most) }},
	{"rate", "each matching call with this probability, decided by the seed, the rule and the number of the call", "a number above 0 and up to 1", nil, func(r *Rule, v value) bool { return v.fraction(&r.Rate) }},
	{"from", "the first matching call that may meet the fault", "a whole number from 1", nil, func(r *Rule, v value) bool { return v.number(&r.From, 1, most) }},
	{"to", "the last matching call that may", "a whole number from 1", nil, func(r *Rule, v value) bool { return v.number(&r.To, 1, most) }},
}

const most = 1 << 30

var params = []Param{
	{string(Status), "the status, from 200 to 599", "a whole number from 200 to 599", nil, func(r *Rule, v value) bool { return v.number(&r.Status, 200, 599) }},
	{"retry_after", "the header Retry-After, as it is written; left out, there is none", "seconds or a text", nil, func(r *Rule, v value) bool { return v.header(&r.RetryAfter) }},
	{"location", "the header Location, for redirects", "an address", nil, func(r *Rule, v value) bool { return v.header(&r.Location) }},
	{"commit", "whether the call is carried out: false for status and drop, true for content, if it is left out", "true or false", nil, func(r *Rule, v value) bool { return v.truth(&r.Commit) }},
	{"after", "the call is carried out so much later, and the client does not wait for it", "a time above 0, such as 2s or 300ms", nil, func(r *Rule, v value) bool { return v.span(&r.After) }},
	{"reset", "resets the connection instead of closing it", "true or false", nil, func(r *Rule, v value) bool { return v.truth(&r.Reset) }},
	{"bytes", "of truncate: how much of the body comes. Of delay: how much of it comes before the wait; left out, the wait comes before everything", "a whole number from 0", nil, func(r *Rule, v value) bool { return v.number(&r.Bytes, 0, most) }},
	{"framing", "how the client is told where the answer ends: `length` (if it is left out), `chunked`, or `close`, with which a part looks like a whole", "length, chunked or close", framings, func(r *Rule, v value) bool {
		return v.word(&r.Framing, framings...)
	}},
	{"as", "`html`, `empty` (200 without a body), `no_content` (204), `xml`, `object` (an empty one), `list` (an empty one), `null`, `half` (of the rows), `bom` (before the true body), `trailing` (text after it)",
		strings.Join(contents, ", "), contents, func(r *Rule, v value) bool { return v.word(&r.As, contents...) }},
	{"body", "the body, as it is written", "a text", nil, func(r *Rule, v value) bool { return v.text(&r.Body) }},
	{"type", "the Content-Type; left out, one that fits", "a media type such as text/html", nil, func(r *Rule, v value) bool { return v.header(&r.Type) }},
	{"calls", "how many calls are let through in the time", "a whole number from 1", nil, func(r *Rule, v value) bool { return v.number(&r.Calls, 1, most) }},
	{"per", "the time, 1s if it is left out. It begins with the first call after the end of the last", "a time above 0, such as 1s", nil, func(r *Rule, v value) bool { return v.span(&r.Per) }},
	{"wait", "how long, or `never` for as long as the client waits", "a time above 0 such as 2s, or never", nil, func(r *Rule, v value) bool { return v.spanOrNever(&r.Wait) }},
	{"speed", "how many bytes of the body come in a second", "a whole number from 1", nil, func(r *Rule, v value) bool { return v.number(&r.Speed, 1, most) }},
	{"size", "how many rows", "a whole number from 1", nil, func(r *Rule, v value) bool { return v.number(&r.Size, 1, most) }},
	{"by", "how many rows", "a whole number that is not 0", nil, func(r *Rule, v value) bool { return v.number(&r.By, -most, most) && r.By != 0 }},
	{"kind", "the kind of object, as addresses have it", "a kind", nil, func(r *Rule, v value) bool { return v.text(&r.Kind) }},
	{"key", "the object's key, without its parent's; left out, the seed chooses one", "a key", nil, func(r *Rule, v value) bool { return v.header(&r.Key) }},
	{"set", "fields with the API's names and values, as in a seed; `parent` is the id of a child's parent", "fields with their values", nil, func(r *Rule, v value) bool { return v.fields(&r.Set) }},
}

var framings = []string{FramingLength, FramingChunked, FramingClose}

var contents = []string{AsHTML, AsEmpty, AsNoContent, AsXML, AsObject, AsList, AsNull, AsHalf, AsBOM, AsTrailing}

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}

func wordOf(do string) *Word {
	if i := slices.IndexFunc(words, func(w Word) bool { return string(w.Do) == do }); i >= 0 {
		return &words[i]
	}
	return nil
}

func paramOf(list []Param, name string) *Param {
	if i := slices.IndexFunc(list, func(p Param) bool { return p.Name == name }); i >= 0 {
		return &list[i]
	}
	return nil
}
