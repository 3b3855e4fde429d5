package undo_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
	"pbxsync/sync/undo"
)

func undoing(t *testing.T, past *undo.Past) *undo.Undoing {
	t.Helper()
	u, err := undo.Undo(schema.Builtin(), past)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// The way back from a run wants absent what was made, the old values of the fields that were
// changed, and what was deleted made again, and says what cannot come back.
func TestUndo(t *testing.T) {
	l := canned.Busy()
	_, p := planned(t, l, canned.Parse(t, canned.BusyRun), "client_user/ada")
	u := undoing(t, carriedOut(t, l, p, run.Options{}))
	canned.Lines(t, "wanted", described(u.Tenant), `
alias/sales #211 {"extension":null}
client_user/ada #71 {"email":"ada@a.example"}
did/49301 #201 {"extension":"102"}
did/49302 #202 {"extension":"103","message_extension":"103"}
extension/101 #7 {"extension_group":"a","label":null}
extension/102 {"status":"active","type":"queue"} replaces [102]
extension/102/queue {"sound":null,"sound_type":"ring","strategy":"round-robin"}
extension/103 {"status":"blocked","type":"fax"}
extension/103/fax {"fax_mailto":null}
extension/104 #904 absent
extension_group/a #31 {"extra_params":null}
extension_group/c #32 called b {} previously [c]
extension_group/d #901 absent
interval/Day #902 absent
interval/Night {"conditions":[],"timezone":"Europe/Berlin"}
local_agent/desk #905 absent
local_agent/hall {"call_timeout":30,"extension":"101"}`)
	canned.Lines(t, "lost", u.Lost(), `
client_user/ada: the password that it had is not known, so the one that the run sent stays
client_user/bob: it cannot be made without its password, which is not known; declare it in files, with a password, and apply them
extension/102: it is made again, with another id; gone for good: its registrations, recordings and voicemail; its agents' places and caller id group, which this version cannot read, do not come back
extension/103: it is made again, with another id; gone for good: its registrations, recordings and voicemail; its caller id group, which this version cannot read, do not come back
interval/Night: it is made again, with another id; what referred to it from task schedulers that are not on record, which this version does not read, does not any more
local_agent/hall: it is made again, with another id; its places in queues, which this version cannot read, do not come back
variable/C: the run made it, and it stays: the API cannot delete it; once made, a variable stays; give it an empty text instead`)
	s, back := planned(t, l, u.Tenant)
	u.Word(&s.Basis)
	canned.Lines(t, "calls", canned.Calls(back), `
PUT /client/{tenant}/alias/{alias/sales} {"extension_id":null}
PUT /client/{tenant}/user/client/{client_user/ada} {"email":"ada@a.example"}
PUT /client/{tenant}/extension/{extension/101} {"extension_group_id":{"id_of":"extension_group/a"},"label":null}
POST /client/{tenant}/extension/ {"name":"103","status":"blocked","type":"fax"}
PUT /client/{tenant}/extension_group/{extension_group/a} {"extra_params":null}
PUT /client/{tenant}/extension_group/{extension_group/c} {"name":"b"}
DELETE /client/{tenant}/interval/{interval/Day} null
POST /client/{tenant}/interval/ {"conditions":[],"name":"Night","timezone":"Europe/Berlin"}
DELETE /client/{tenant}/agent/local/{local_agent/desk} null
POST /client/{tenant}/agent/local/ {"call_timeout":30,"extension_id":{"id_of":"extension/101"},"name":"hall"}
PUT /client/{tenant}/did/{did/49302} {"extension_id":{"id_of":"extension/103"},"message_extension_id":{"id_of":"extension/103"}}
PUT /extension/{extension/103}/fax/ {"fax_mailto":null}
DELETE /client/{tenant}/extension/{extension/102 (id 906)} null
POST /client/{tenant}/extension/ {"name":"102","status":"active","type":"queue"}
PUT /client/{tenant}/did/{did/49301} {"extension_id":{"id_of":"extension/102"}}
PUT /extension/{extension/102}/queue/ {"sound":null,"sound_type":"ring","strategy":"round-robin"}
DELETE /client/{tenant}/extension/{extension/104} null
DELETE /client/{tenant}/extension_group/{extension_group/d} null`)
	canned.Lines(t, "why", whys(s), `
alias/sales: as before the run
client_user/ada: as before the run
did/49301: as before the run
did/49302: as before the run
extension/101: as before the run
extension/102/queue: new with its extension
extension/102: only create can do it
extension/103/fax: new with its extension
extension/103: the run deleted it
extension/104: the run made it
extension_group/a: as before the run
extension_group/c: was called c
extension_group/d: the run made it
interval/Day: the run made it
interval/Night: the run deleted it
local_agent/desk: the run made it
local_agent/hall: the run deleted it`)
	if g := u.Since(&s.Basis, nil); len(g) > 0 {
		t.Errorf("nobody edited anything: %v", g)
	}
	carriedOut(t, l, back, run.Options{})
	if s, again := planned(t, l, u.Tenant); len(again.Steps) > 0 {
		t.Errorf("it is not undone: %q, %v", canned.Calls(again), s.Problems)
	}
}

func whys(s *observe.State) (out []string) {
	for _, ch := range s.Diff.Changes {
		out = append(out, ch.Address()+": "+ch.Why)
	}
	slices.Sort(out)
	return out
}

// What somebody changed after the run is not taken back without a word.
func TestUndoOfWhatOthersChanged(t *testing.T) {
	l := canned.Busy()
	_, p := planned(t, l, canned.Parse(t, canned.BusyRun))
	u := undoing(t, carriedOut(t, l, p, run.Options{}))
	l.Change("PUT", "/client/12/alias/211", map[string]any{"extension_id": canned.Num(7)})
	l.Change("PUT", users+"71", map[string]any{"email": "c@a.example"})
	group, day := l.ID("/client/12/extension_group/", "d"), l.ID(intervals, "Day")
	l.Change("PUT", fmt.Sprint("/client/12/extension_group/", group), map[string]any{"extra_params": "theirs"})
	l.Change("DELETE", fmt.Sprint(intervals, day), nil)
	l.Put(intervals, 66, map[string]any{"name": "Day", "timezone": "Europe/Berlin", "conditions": []any{}}, nil)
	l.Put(intervals, 67, map[string]any{"name": "Night", "timezone": "Europe/Paris", "conditions": []any{}}, nil)
	s, _ := planned(t, l, u.Tenant)
	canned.Lines(t, "since", words(u.Since(&s.Basis, nil)), `
alias/sales: somebody changed extension since the run: the run left "104", it is "101" now, and would be null again; undo the later run first, or take that back too with --overwrite alias/sales
client_user/ada: somebody changed email since the run: the run left "a@a.example", it is "c@a.example" now, and would be "ada@a.example" again; undo the later run first, or take that back too with --overwrite client_user/ada
interval/Day: another object (id 66) has its place since the run, and would be deleted; undo the later run first, or take that back too with --overwrite interval/Day
interval/Night: one of its name (id 67) is there, with timezone "Europe/Paris", and would get "Europe/Berlin"; undo the later run first, or take that back too with --overwrite interval/Night`)
	canned.Lines(t, "since, with some allowed", words(u.Since(&s.Basis, []string{"alias/*", "extension_group/d", "interval/*"})), `
client_user/ada: somebody changed email since the run: the run left "a@a.example", it is "c@a.example" now, and would be "ada@a.example" again; undo the later run first, or take that back too with --overwrite client_user/ada`)
}

func words(list []*plan.Guard) (out []string) {
	for _, g := range list {
		out = append(out, g.Error())
	}
	slices.Sort(out)
	return out
}

// A part of the way back is chosen by addresses; what was not done need not be undone.
func TestUndoOfAPart(t *testing.T) {
	l := canned.Busy()
	_, p := planned(t, l, canned.Parse(t, canned.BusyRun))
	past := carriedOut(t, l, p, run.Options{})
	u := undoing(t, past)
	if err := u.Only([]string{"extension/102", "interval/*"}); err != nil {
		t.Fatal(err)
	}
	canned.Lines(t, "wanted", described(u.Tenant), `
extension/102 {"status":"active","type":"queue"} replaces [102]
extension/102/queue {"sound":null,"sound_type":"ring","strategy":"round-robin"}
interval/Day #902 absent
interval/Night {"conditions":[],"timezone":"Europe/Berlin"}`)
	canned.Lines(t, "lost", u.Lost(), `
extension/102: it is made again, with another id; gone for good: its registrations, recordings and voicemail; its agents' places and caller id group, which this version cannot read, do not come back
interval/Night: it is made again, with another id; what referred to it from task schedulers that are not on record, which this version does not read, does not any more`)
	if err := u.Only([]string{"door/1"}); err == nil {
		t.Error("what is not there was chosen")
	}
	past.Begun = map[int]bool{}
	for _, step := range p.Steps {
		past.Begun[step.Number] = step.Changes[0] == "extension_group/a" || step.Changes[0] == "interval/Day"
	}
	past.Made = nil // it is not known whether the interval was made
	canned.Lines(t, "wanted of a run that was cut off", described(undoing(t, past).Tenant), `
extension_group/a #31 {"extra_params":null}`)
}

// What stays and cannot be updated goes on referring to what goes: saying otherwise would
// hinder the whole way back.
func TestWhatCannotBeUpdatedIsNotLetGo(t *testing.T) {
	own := fstest.MapFS{"pager.yaml": {Data: []byte(`title: Pager
description: A made-up kind that stays as it was made.
x-kind: pager
x-yaml: pagers
x-key: [name]
x-collection: /client/{client_id}/pager/
x-item: /client/{client_id}/pager/{pager_id}
x-verbs: [list, create]
x-hint: {delete: look for it in the PBX}
type: object
required: [name]
properties:
  name: {type: string, description: Name of the pager.}
  interval_id: {type: [integer, "null"], x-ref: interval, x-create-only: true, description: When it is called.}
  id: {type: integer, readOnly: true}
`)}}
	c, err := schema.Load(os.DirFS("../../schema/kinds"), own)
	if err != nil {
		t.Fatal(err)
	}
	u, err := undo.Undo(c, &undo.Past{Run: "r", Begun: map[int]bool{1: true, 2: true}, Made: map[int]int64{1: 901, 2: 902}, Plan: &plan.Value{
		Wanted: []plan.Wanted{{Object: record.Object{Address: "interval/Day", Kind: "interval", Key: "Day"}}, {Object: record.Object{Address: "pager/p", Kind: "pager", Key: "p"}}},
		Changes: []plan.Change{{Action: diff.Create, Address: "interval/Day"},
			{Action: diff.Create, Address: "pager/p", Fields: []plan.FieldChange{{Name: "interval", New: "Day", First: true}}}},
		Steps: []plan.Step{{Number: 1, Changes: []string{"interval/Day"}}, {Number: 2, Changes: []string{"pager/p"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	canned.Lines(t, "wanted", described(u.Tenant), `
interval/Day #901 absent`)
	canned.Lines(t, "lost", u.Lost(), `
pager/p: the run made it, and it stays: the API cannot delete it; look for it in the PBX`)
}
