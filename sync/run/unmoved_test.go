package run_test

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/run"
)

// What a run has written and is as it was before is found, where nothing says that the write
// was taken, and where it could be another form of what was sent.
func TestUnmoved(t *testing.T) {
	const files = tenantLine + "extension_groups: {a: {extra_params: x}}\nextensions: {\"101\": {label: One}, \"104\": {type: ivr, status: active, label: Four}, \"102\": {absent: true}}\ndids: {\"49301\": {extension: null}}\n"
	made := func(l *canned.Server) {
		l.Put(extensions, 901, map[string]any{"name": "12037*104", "type": "ivr", "status": "active", "label": "Old"}, nil)
	}
	lost := func(_ string, row map[string]any) {
		if name := row["name"]; name == nil { // an update
			clear(row)
		}
	}
	for name, test := range map[string]struct {
		kept  func(at string, row map[string]any)
		after func(l *canned.Server)
		files string
		want  string
	}{
		"nothing was kept": {lost, nil, files, `
{"address":"extension/101","id":7,"field":"label","sent":"One","kept":"Old"}
{"address":"extension_group/a","id":31,"field":"extra_params","sent":"x","kept":"old"}`},
		"all was kept": {nil, nil, files, ""},
		"another value by now": {lost, edit(extensions+"7", map[string]any{"label": "Theirs"}), files, `
{"address":"extension_group/a","id":31,"field":"extra_params","sent":"x","kept":"old"}`},
		"another field too is wanted by now": {lost, edit(extensions+"7", map[string]any{"caller_id_name": "Old"}), strings.Replace(files, "One", "One, caller_id_name: One", 1), `
{"address":"extension/101","id":7,"field":"label","sent":"One","kept":"Old"}
{"address":"extension_group/a","id":31,"field":"extra_params","sent":"x","kept":"old"}`},
		"another is wanted by now": {lost, nil, strings.Replace(files, "One", "Two", 1), `
{"address":"extension_group/a","id":31,"field":"extra_params","sent":"x","kept":"old"}`},
		"the new one has another value": {nil, func(l *canned.Server) { l.Change("DELETE", extensions+"904", nil); made(l) }, files, ""},
		"they are gone": {lost, func(l *canned.Server) { l.Change("DELETE", groups+"31", nil) }, files, `
{"address":"extension/101","id":7,"field":"label","sent":"One","kept":"Old"}`},
	} {
		t.Run(name, func(t *testing.T) {
			l := keeping()
			l.Change("PUT", groups+"31", map[string]any{"extra_params": "old"})
			l.Change("PUT", extensions+"7", map[string]any{"label": "Old", "extension_group_id": nil})
			l.Kept = test.kept
			p := ordered(t, l, files)
			sum, _ := carriedOut(t, l, p)
			if test.after != nil {
				test.after(l)
			}
			canned.Lines(t, "in vain", respelled(run.Unmoved(p, sum, again(t, l, test.files, reading()).Diff)), test.want)
		})
	}
}

// A name that stays as it was is a rename that did nothing, and no other form of the name.
func TestUnmovedName(t *testing.T) {
	const files = tenantLine + "extension_groups: {c: {previously: [b]}}\n"
	l := keeping()
	l.Kept = func(_ string, row map[string]any) { clear(row) }
	p := ordered(t, l, files)
	sum, _ := carriedOut(t, l, p)
	after := again(t, l, files, reading()).Diff
	if got := run.Unmoved(p, sum, after); len(after.Changes) != 1 || len(got) > 0 {
		t.Errorf("%v, %v", after.Changes, got)
	}
}

// An answer that does not show a list says nothing of it, also where an empty one was sent.
func TestUnmovedList(t *testing.T) {
	const files = tenantLine + "dial_rule_lists: {r: {dial_rules: []}}\n"
	l := keeping()
	l.Put("/client/12/dial_rule/", 41, map[string]any{"name": "r", "dial_rules": []any{map[string]any{"match_exp": "^1$", "repl_exp": "1"}}}, nil)
	l.Kept = func(_ string, row map[string]any) { clear(row) }
	l.Answer = func(string, string, map[string]any) map[string]any {
		return map[string]any{"id": canned.Num(41), "name": "r"}
	}
	p := ordered(t, l, files)
	sum, _ := carriedOut(t, l, p)
	canned.Lines(t, "in vain", respelled(run.Unmoved(p, sum, again(t, l, files, reading()).Diff)), `
{"address":"dial_rule/r","id":41,"field":"dial_rules","sent":[],"kept":[{"match_exp":"^1$","repl_exp":"1"}]}`)
}

// Where the answer to the write had what was sent, and the tenant has not, somebody has
// changed it since.
func TestUnmovedSinceTheAnswer(t *testing.T) {
	l := canned.NewServer()
	l.Change("PUT", extensions+"7", map[string]any{"label": "Old"})
	l.Answer = func(_, _ string, _ map[string]any) map[string]any {
		return map[string]any{"id": canned.Num(7), "name": "12037*101", "label": "One", "status": "active"}
	}
	const files = tenantLine + "extensions: {\"101\": {label: One, status: blocked}}\n"
	p := ordered(t, l, files)
	sum, _ := carriedOut(t, l, p)
	if got := run.Unmoved(p, sum, again(t, l, files, reading()).Diff); len(got) > 0 || len(sum.Respelled) > 0 {
		t.Errorf("%v, %v", got, sum.Respelled)
	}
}

// Where the answer was lost and a look has shown what was sent, an edit that somebody repeats
// with the same value is an edit too.
func TestUnmovedSinceTheLook(t *testing.T) {
	l := canned.NewServer()
	l.Change("PUT", groups+"31", map[string]any{"extra_params": "old"})
	l.Change("PUT", extensions+"7", map[string]any{"label": "Old", "caller_id_name": "Old"})
	l.Lose = func(method, at string, body map[string]any) bool { l.Change(method, at, body); return true }
	const files = tenantLine + "extension_groups: {a: {extra_params: x}}\nextensions: {\"101\": {label: One, caller_id_name: One}}\n"
	p := ordered(t, l, files)
	sum, _ := carriedOut(t, l, p)
	l.Change("PUT", groups+"31", map[string]any{"extra_params": "old"})
	l.Change("PUT", extensions+"7", map[string]any{"label": "Old", "caller_id_name": "Old"})
	after := again(t, l, files, reading()).Diff
	if got := run.Unmoved(p, sum, after); sum.Done != 2 || len(after.Changes) != 2 || len(got) > 0 {
		t.Errorf("%+v, %v, %v", sum, after.Changes, got)
	}
}

// What is there more than once after a run is named with all of its ids, but for those that
// were there before it.
func TestDoubles(t *testing.T) {
	const files = tenantLine + "extension_groups: {new: {}, single: {}, a: {extra_params: x}}\nextensions: {\"102\": {type: ivr, status: active, replaces: [\"102\"]}}\n"
	l := keeping()
	l.Tenant[dids] = []map[string]any{}
	p := ordered(t, l, files)
	carriedOut(t, l, p)
	again := func() []*run.Ambiguous {
		return run.Doubles(p, observed(t, l, tenantLine+"extension_groups: {}\nextensions: {}\n").Live)
	}
	if got := again(); len(got) > 0 {
		t.Errorf("%v", got)
	}
	l.Put(groups, 41, map[string]any{"name": "new"}, nil)
	l.Put(groups, 42, map[string]any{"name": "a"}, nil)
	l.Put(extensions, 8, map[string]any{"name": "12037*102", "type": "queue"}, nil)
	got := again()
	if len(got) != 1 || got[0].Address != "extension_group/new" || fmt.Sprint(got[0].IDs) != "[41 901]" || got[0].Spare == "" {
		t.Errorf("%+v", got)
	}
	l.Put(groups, 43, map[string]any{"name": "new"}, nil)
	if got := again(); len(got) != 1 || len(got[0].IDs) != 3 {
		t.Errorf("%+v", got)
	}
}
