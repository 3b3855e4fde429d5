package faults

import (
	"net/url"
	"slices"
	"strings"
)

// Call is what rules look at.
type Call struct {
	Method string
	Path   string // below the API's base, or TokenPath
	Query  url.Values
}

// The query parameters of a list that is read by page.
const (
	PageParam    = "page"
	PerPageParam = "per_page"
)

func (r *Rule) matches(c Call) bool {
	if len(r.On) > 0 && !slices.Contains(r.On, c.Method) {
		return false
	}
	if r.Do.Pages() && !c.Query.Has(PageParam) && !c.Query.Has(PerPageParam) {
		return false
	}
	if everywhere(r.Path) {
		return c.Path != TokenPath
	}
	path, query, _ := strings.Cut(r.Path, "?")
	return matchPath(segments(path), segments(c.Path), matchText) && matchQuery(query, c.Query)
}

func everywhere(pattern string) bool { return pattern == "" || pattern == "*" || pattern == "**" }

func segments(path string) []string { return strings.Split(path, "/") }

// matchPath compares segment by segment; ** stands for any number of them.
func matchPath(pattern, path []string, same func(pattern, text string) bool) bool {
	for i, p := range pattern {
		if p == "**" {
			for j := i; j <= len(path); j++ {
				if matchPath(pattern[i+1:], path[j:], same) {
					return true
				}
			}
			return false
		}
		if i >= len(path) || !same(p, path[i]) {
			return false
		}
	}
	return len(pattern) == len(path)
}

// matchText compares a text with a pattern in which * stands for any text.
func matchText(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, p)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, last)
}

// matchQuery wants each parameter of the pattern; others may be there too.
func matchQuery(pattern string, query url.Values) bool {
	want, err := url.ParseQuery(pattern)
	if err != nil {
		return false
	}
	for name, values := range want {
		for _, v := range values {
			if !slices.ContainsFunc(query[name], func(have string) bool { return matchText(v, have) }) {
				return false
			}
		}
	}
	return true
}

// fits reports whether a call with one of the API's paths can match the pattern.
// What a path leaves open stands in braces: {did_id}.
func fits(pattern string, path string) bool {
	pattern, _, _ = strings.Cut(pattern, "?")
	return matchPath(segments(pattern), segments(path), func(p, text string) bool {
		if !strings.HasPrefix(text, "{") {
			return matchText(p, text)
		}
		return strings.Contains(p, "*") || p == "@me" || p != "" && strings.Trim(p, "0123456789") == ""
	})
}
