package faults

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pbxsync/schema/file"
)

// value is a value of the file. Its methods read it as something and report
// whether it is that.
type value struct{ file.Setting }

func (v value) text(to *string) bool {
	s, ok := v.Value.(string)
	*to = s
	return ok && s != ""
}

// header takes numbers too, and nothing that cannot stand in a header.
func (v value) header(to *string) bool {
	if n, ok := v.Value.(int64); ok {
		*to = strconv.FormatInt(n, 10)
		return true
	}
	return v.text(to) && !strings.ContainsAny(*to, "\r\n")
}

func (v value) word(to *string, words ...string) bool {
	return v.text(to) && slices.Contains(words, *to)
}

func (v value) truth(to *bool) bool {
	b, ok := v.Value.(bool)
	*to = b
	return ok
}

func (v value) number(to *int, least, most int64) bool {
	n, ok := v.Value.(int64)
	*to = int(n)
	return ok && n >= least && n <= most
}

func (v value) numbers(to *[]int) bool {
	return v.each(func(v value) bool {
		var n int
		ok := v.number(&n, 1, most)
		*to = append(*to, n)
		return ok
	})
}

func (v value) methods(to *[]string) bool {
	if v.Value == "*" {
		return true
	}
	return v.each(func(v value) bool {
		var m string
		ok := v.word(&m, methods...)
		*to = append(*to, m)
		return ok
	})
}

// each takes a list of at least one, or one without its list.
func (v value) each(read func(value) bool) bool {
	if v.Items == nil {
		return read(v)
	}
	ok := len(v.Items) > 0
	for _, item := range v.Items {
		ok = read(value{item}) && ok
	}
	return ok
}

func (v value) fraction(to *float64) bool {
	switch x := v.Value.(type) {
	case int64:
		*to = float64(x)
	case string:
		f, err := strconv.ParseFloat(x, 64)
		if err != nil || math.IsNaN(f) {
			return false
		}
		*to = f
	default:
		return false
	}
	return *to > 0 && *to <= 1
}

func (v value) span(to *time.Duration) bool {
	s, _ := v.Value.(string)
	d, err := time.ParseDuration(s)
	*to = d
	return err == nil && d > 0
}

func (v value) spanOrNever(to *time.Duration) bool {
	if v.Value == "never" {
		*to = Never
		return true
	}
	return v.span(to)
}

func (v value) fields(to *map[string]any) bool {
	m, ok := v.Plain().(map[string]any)
	*to = m
	return ok && len(m) > 0
}

// shown is the value as a message has it.
func (v value) shown() string {
	switch x := v.Value.(type) {
	case string:
		return strconv.Quote(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case bool:
		return strconv.FormatBool(x)
	}
	switch {
	case v.Items != nil:
		return "this list"
	case v.Entries != nil:
		return "this map"
	}
	return "nothing"
}
