package run_test

import (
	"errors"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/run"
)

// A file is sent as a form, and only while it is what the plan saw: before the first write
// and right before it is sent.
func TestFiles(t *testing.T) {
	const sounds = "/client/12/sound/"
	const two = "extension_groups: {a: {extra_params: x}}\nsounds: {Hello: {file: hello.wav}, Hold: {file: music/hold.wav}}"
	const replaced = "sounds: {Hello: {file: hello.wav}}"
	there := func(l *canned.Server) {
		l.Tenant[sounds] = []map[string]any{{"id": canned.Num(301), "title": "Hello", "filename": "hello.wav", "client_id": canned.Num(12)}}
	}
	folder := func() canned.Folder {
		return canned.Folder{"hello.wav": canned.Wave, "music/hold.wav": strings.Replace(canned.Wave, "beep", "hold", 1)}
	}
	other := func(change func(canned.Folder)) func(*run.Options) {
		return func(o *run.Options) {
			changed := folder()
			change(changed)
			o.Folder = changed
		}
	}
	same := other(func(canned.Folder) {})
	late := folder()
	reads := func(o *observe.Options) { o.Folder = folder() }
	scenes(t, "files", []scene{
		{name: "new", files: two, reads: reads, option: same},
		{name: "replaced", files: replaced, before: there, reads: reads, option: same},
		{name: "replaced, without an answer", files: replaced, before: there, reads: reads, option: same, after: func(l *canned.Server) {
			l.Lose = func(string, string, map[string]any) bool { return true }
		}},
		{name: "changed since the plan", files: two, reads: reads, option: other(func(p canned.Folder) { p["music/hold.wav"] += "x" })},
		{name: "gone since the plan", files: two, reads: reads, option: other(func(p canned.Folder) { delete(p, "hello.wav"); delete(p, "music/hold.wav") })},
		{name: "changed during the run", files: two, reads: reads, option: func(o *run.Options) { o.Folder = late },
			after: on("PUT", groups+"31", func(*canned.Server) { late["hello.wav"] += "x" })},
		{name: "no folder", files: two, reads: reads, option: func(o *run.Options) { o.Folder = nil }},
	})
}

// What was planned from files that changed says so, and where.
func TestStale(t *testing.T) {
	var problems schema.Problems
	s := &run.Stale{Problems: schema.Problems{{Address: "sound/Hello", Message: "moved"}}}
	if !errors.As(error(s), &problems) || len(problems) != 1 || s.Error() != problems.Error() || !strings.Contains(s.Error(), "sound/Hello: moved") {
		t.Errorf("%v, %v", s, problems)
	}
}
