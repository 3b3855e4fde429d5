package observe_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/export"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// told describes a state, a line for each thing that it says.
func told(s *observe.State) string {
	var b strings.Builder
	for _, ch := range s.Diff.Changes {
		fmt.Fprintf(&b, "%s %s", ch.Action, ch.Address())
		for _, f := range ch.Fields {
			fmt.Fprintf(&b, " %s", f.Name)
		}
		fmt.Fprintln(&b, ch.Gone)
	}
	for _, st := range s.Diff.Strays {
		fmt.Fprintln(&b, "stray", st.Object.Address())
	}
	for _, g := range s.Guards {
		fmt.Fprintln(&b, "guard", g.Message+";", g.Hint)
	}
	for _, p := range s.Problems {
		fmt.Fprintln(&b, "problem", p.String())
	}
	for _, g := range plan.GroupLosses(s.Losses) {
		fmt.Fprintln(&b, "loses", g.Who(), g.Text)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Limits)) {
		fmt.Fprintln(&b, "limit", name, s.Limits[name])
	}
	fmt.Fprintf(&b, "notes %v, calls %+v\n", s.Notes, s.Calls)
	return b.String()
}

// What a plan is made from, as a whole.
func TestObserved(t *testing.T) {
	for name, test := range map[string]struct {
		files string
		other func(*server)
		want  string
	}{
		"all of it": {changed, func(*server) {}, `
delete client_user/ada[]
create client_user/bob access email name status[]
update did/49301 extension[]
update did/49302 extension message_extension[]
update extension/101 extension_group label[]
delete extension/102[]
delete extension/103[]
create extension/104 extension_group status type[]
update extension_group/a extra_params[]
delete extension_group/b[]
create extension_group/c[]
delete interval/Night[]
create local_agent/L extension[]
delete local_agent/hall[]
update variable/A value[]
loses extension/102 loses its queue settings, agents' places, incoming call rules, events, own outgoing number and caller id group, which this version cannot read; queues, menus and incoming rules, not read either, may refer to it
loses extension/103 loses its incoming call rules, events, own outgoing number and caller id group, which this version cannot read; queues, menus and incoming rules, not read either, may refer to it
loses interval/Night may be in use by incoming rules and task schedulers that are not on record, which this version does not read
loses local_agent/hall loses its places in queues, which this version cannot read
limit extension_limit 50
notes [], calls {Lists:12 Items:0 Tenant:1 Limits:1 Extra:0 Losses:2 Second:2 Again:0 Checks:0 Settling:0 Ended:0 Token:0 Downloads:0 Bytes:0}`},
		"a reference stays": {tenantLine + "extensions: {\"103\": {absent: true}}\n", func(*server) {}, `
delete extension/103[]
stray extension/101
stray extension/102
guard extension/103 cannot be deleted: did/49302 still refers to it (extension); no file declares did/49302; declare it with another extension, or extension: null
guard extension/103 cannot be deleted: did/49302 still refers to it (message_extension); no file declares did/49302; declare it with another message_extension, or message_extension: null
loses extension/103 loses its incoming call rules, events, own outgoing number and caller id group, which this version cannot read; queues, menus and incoming rules, not read either, may refer to it
notes [], calls {Lists:6 Items:0 Tenant:1 Limits:0 Extra:0 Losses:2 Second:2 Again:0 Checks:0 Settling:0 Ended:0 Token:0 Downloads:0 Bytes:0}`},
		"lists are closed": {tenantLine + "extensions: {\"103\": {absent: true}}\nusers: {client: {eve: {name: Eve, email: e@e.example, access: full, status: active, password: {env: PASSWORD}}}}\n", func(s *server) {
			s.fail = map[string]error{"LIST /client/12/did/": status(403), "LIST /client/12/user/extension/": status(403)}
		}, `
create client_user/eve access email name status[]
delete extension/103[]
stray client_user/ada
stray extension/101
stray extension/102
problem tenant.yaml:4:18: client_user/eve: login "eve" may be taken by a extension_user, and not all of these can be read: the server answered 403; use an application that may read them, or make this object by hand and apply again
loses extension/103 loses its incoming call rules, events, own outgoing number and caller id group, which this version cannot read; queues, menus and incoming rules, not read either, may refer to it
loses extension/103 may be in use by what cannot be read here: dids: the server answered 403; users.extension: the server answered 403
limit extension_limit 50
notes [], calls {Lists:6 Items:0 Tenant:1 Limits:1 Extra:0 Losses:2 Second:2 Again:0 Checks:0 Settling:0 Ended:0 Token:0 Downloads:0 Bytes:0}`},
		"a login is taken": {tenantLine + "users: {client: {eve: {name: Eve, email: e@e.example, access: full, status: active, password: {env: PASSWORD}}}}\n", func(s *server) {
			s.rows["/client/12/user/extension/"] = []map[string]any{{"id": canned.Num(91), "name": "E", "login": "eve", "extension_id": canned.Num(7)}}
		}, `
create client_user/eve access email name status[]
stray client_user/ada
problem tenant.yaml:3:18: client_user/eve: login "eve" is taken in the tenant by extension_user/eve; choose another one, or declare that object with absent: true
limit extension_limit 50
notes [], calls {Lists:3 Items:0 Tenant:1 Limits:1 Extra:0 Losses:0 Second:0 Again:0 Checks:0 Settling:0 Ended:0 Token:0 Downloads:0 Bytes:0}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := busy()
			test.other(s)
			state, err := observe.Observe(t.Context(), s, canned.Parse(t, test.files), options())
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(told(state)); got != strings.TrimSpace(test.want) {
				t.Errorf("got\n%s\nwanted\n%s", got, test.want)
			}
		})
	}
}

// A list of several pages that reads otherwise the second time is nothing to conclude from.
func TestALongListThatChanges(t *testing.T) {
	for files, second := range map[string]bool{
		"extensions: {\"101\": {absent: true}}": true,
		"extensions: {\"101\": {label: Other}}": false,
		"extension_groups: {z: {}}":             false,
	} {
		s := busy()
		state, err := observe.Observe(t.Context(), s, canned.Parse(t, tenantLine+files+"\n"), options())
		if err != nil || (state.Calls.Second > 0) != second {
			t.Errorf("%s: %v, %+v", files, err, state)
		}
	}
	s := busy()
	s.grows = "/client/12/extension/"
	_, err := observe.Observe(t.Context(), s, canned.Parse(t, changed), options())
	if want := "the list of extension changed while it was read (3 rows, then 4)"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, wanted %s", err, want)
	}
}

// The files of a whole tenant say what it has; files that say other things are no proof.
func TestProve(t *testing.T) {
	w, err := observe.ReadAll(t.Context(), busy(), options(), nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := export.Tenant(schema.Builtin(), &w.Live.Tenant, export.Options{Missed: w.NotKnown()})
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Prove(t.Context(), e.Files, options(), true)
	if err != nil || s.Calls != (observe.Calls{}) || len(s.Diff.Changes) > 0 {
		t.Fatal(err, s)
	}
	for text, want := range map[string]string{
		"extension_groups: {a: {extra_params: other}}": "extension_group/a: extra_params would read back as another value",
		"extension_groups: {zz: {}}":                   "extension_group/zz: the files would create it",
		"extension_groups: {a: {}}":                    "the files state less than can be compared",
		"extension_groups: {a: {extra_params: null}}":  "is in no file",
		"nonsense: 1": "nonsense",
	} {
		_, err := w.Prove(t.Context(), []file.File{{Name: "t.yaml", Data: []byte(tenantLine + text + "\n")}}, options(), true)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, wanted %s", text, err, want)
		}
	}
	if s, err := w.Prove(t.Context(), []file.File{{Name: "t.yaml", Data: []byte(tenantLine + "extension_groups: {a: {}}\n")}}, options(), false); err != nil || s == nil {
		t.Errorf("a part: %v", err)
	}
}
