package policy

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

const rules = `version: 1
policies:
  - id: no-recording-in-france
    each: object
    kinds: [phone]
    deny: object.values.geo_list == "FR" && object.values.record_enabled == true
    message: "${object.address} would be recorded in France"
    examples:
      - {deny: true, tells: extension/101/phone would be recorded in France, object: {address: extension/101/phone, values: {geo_list: FR, record_enabled: true}}}
      - {deny: false, object: {address: extension/101/phone, values: {geo_list: FR}}}
  - id: two-with-full-access
    each: plan
    severity: approve
    deny: tenant.objects.filter(o, o.kind == "client_user" && o.values.access == "full").size() > 2
    message: "${tenant.objects.filter(o, o.kind == 'client_user' && o.values.access == 'full').size()} users have full access, 2 are agreed"
    examples:
      - deny: true
        tells: 3 users have full access, 2 are agreed
        tenant: {objects: [{address: client_user/a, values: {access: full}}, {address: client_user/b, values: {access: full}}, {address: client_user/c, values: {access: full}}]}
      - deny: false
        tenant: {objects: [{address: client_user/a, values: {access: full}}]}
  - id: no-blocking
    severity: warn
    kinds: [extension]
    deny: change.before.status == "active" && change.after.status == "blocked"
    message: "${change.key} is blocked"
    examples:
      - {deny: true, tells: 101 is blocked, change: {address: extension/101, before: {status: active}, after: {status: blocked}}}
      - {deny: false, change: {address: extension/101, before: {status: blocked}, after: {status: blocked}}}
`

func parsed(t *testing.T, text string) Set {
	t.Helper()
	set, problems := Parse(schema.Builtin(), []file.File{{Name: "policies/rules.yaml", Data: []byte(text)}})
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	return set
}

// Three policies of the three sorts: the worst finding stands first, and each has its values.
func TestJudge(t *testing.T) {
	phone := Object{Address: "extension/7/phone", Kind: "phone", Values: map[string]any{"geo_list": "FR", "record_enabled": true}}
	user := func(key string) Object {
		return Object{Address: "client_user/" + key, Kind: "client_user", Values: map[string]any{"access": "full"}}
	}
	s := &Subject{Tenant: Tenant{Objects: []Object{user("a"), user("b"), user("c"), phone}}, Plan: Plan{Changes: []Change{
		{Address: "extension/9", Kind: "extension", Key: "9", Before: map[string]any{"status": "active"}, After: map[string]any{"status": "blocked"}},
		{Address: "client_user/a", Kind: "client_user", Before: map[string]any{"status": "active"}, After: map[string]any{"status": "blocked"}}}}}
	var got []string
	for _, f := range parsed(t, rules).Judge(s) {
		got = append(got, fmt.Sprintf("%s %s %s %s: %s", f.Severity, f.ID, f.Address, f.Place, f.Message))
	}
	want := []string{
		"refuse no-recording-in-france extension/7/phone policies/rules.yaml:3:5: extension/7/phone would be recorded in France",
		"approve two-with-full-access  policies/rules.yaml:11:5: 3 users have full access, 2 are agreed",
		"warn no-blocking extension/9 policies/rules.yaml:22:5: 9 is blocked"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := parsed(t, rules).Judge(&Subject{}); len(got) > 0 {
		t.Errorf("nothing breaks a policy, and there is %v", got)
	}
}

// What cannot be asked is not let pass, and costs no more than its bound.
func TestCost(t *testing.T) {
	pairs := `version: 1
policies:
  - id: pairs
    each: plan
    deny: tenant.objects.exists(a, tenant.objects.exists(b, a.address != b.address && a.key == b.key && a.kind == b.kind))
    message: two of one name
    examples:
      - {deny: true, tenant: {objects: [{address: extension/1}, {address: did/1}, {address: client_user/1/did/1}, {address: extension/2/did/1}]}}
      - {deny: false, tenant: {objects: [{address: extension/1}]}}
`
	set := parsed(t, pairs)
	many := &Subject{}
	for n := range 3000 {
		many.Tenant.Objects = append(many.Tenant.Objects, Object{Address: fmt.Sprint("extension/", n), Kind: "extension", Key: fmt.Sprint(n)})
	}
	found := set.Judge(many)
	if len(found) != 1 || !strings.Contains(found[0].Message, "costs more than its bound") {
		t.Errorf("got %v", found)
	}
	one := parsed(t, strings.Replace(rules, `tenant.objects.filter(o, o.kind == "client_user" && o.values.access == "full")`, `tenant.objects.filter(o, o.kind == "client_user" && o.key != "x" && o.address != "y" && o.values.access == "full")`, 1))
	if found := one.Judge(many); len(found) > 0 {
		t.Errorf("a few passes over all objects are refused: %v", found)
	}
}

// Each mistake is told with its place and the way out.
func TestBadPolicies(t *testing.T) {
	replaced := func(old, with string) string {
		if !strings.Contains(rules, old) {
			t.Fatalf("no %q", old)
		}
		return strings.Replace(rules, old, with, 1)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"list", "- a\n", "rules.yaml:1:1: a file of policies has to hold keys and values; write version: 1"},
		{"version", replaced("version: 1", "version: 2"), "rules.yaml:1:1: the version of the file is not stated, or is another one; write version: 1"},
		{"word", replaced("severity: warn", "severty: warn"), `rules.yaml:23:5: "severty" is not known here`},
		{"severity", replaced("severity: warn", "severity: warning"), "rules.yaml:23:15: severity is refuse, approve or warn; did you mean \"warn\"?"},
		{"kind", replaced("kinds: [extension]", "kinds: [extention]"), `rules.yaml:24:13: there is no kind extention; did you mean "extension"?`},
		{"id", replaced("id: no-blocking", "id: no blocking"), "rules.yaml:22:5: a policy needs an id; write it with small letters"},
		{"twice", replaced("id: no-blocking", "id: no-recording-in-france"), "rules.yaml:22:5: no-recording-in-france is the id of the policy at policies/rules.yaml:3:5, too"},
		{"syntax", replaced(`change.after.status == "blocked"`, `change.after.status == `), "rules.yaml:25:11: the expression cannot be used: at its character"},
		{"name", replaced(`change.before.status`, `chnge.before.status`), "undeclared reference to 'chnge'"},
		{"part", replaced(`change.before.status`, `change.befor.status`), "undefined field 'befor'"},
		{"number", replaced(`change.before.status == "active" && change.after.status == "blocked"`, `change.key`), "it gives a string, and has to be true or false"},
		{"message", replaced("${change.key} is", "${change.ky} is"), "rules.yaml:26:14: the message cannot be used: ${change.ky}"},
		{"open", replaced("${change.key} is", "${change.key is"), "a ${ has no } behind it"},
		{"field", replaced(`before: {status: active}, after: {status: blocked}`, `before: {statsu: active}, after: {status: blocked}`), `rules.yaml:28:87: extension has no field statsu; did you mean "status"?`},
		{"passes", replaced(`tells: 101 is blocked, change: {address: extension/101, before: {status: active}`, `change: {address: extension/101, before: {status: blocked}`), "the policy no-blocking lets this example pass; mend the expression or the example"},
		{"denies", replaced(`{deny: false, change: {address: extension/101, before: {status: blocked}`, `{deny: false, change: {address: extension/101, before: {status: active}`), "the policy no-blocking denies this example: 101 is blocked"},
		{"tells", replaced("tells: 101 is blocked", "tells: 102 is blocked"), `rules.yaml:28:22: the policy no-blocking tells "101 is blocked" of this example`},
		{"no example", replaced("      - {deny: false, change", "      - {deny: true, change"), "the policy needs an example that breaks it and one that does not"},
		{"plan with kinds", replaced("    each: plan\n", "    each: plan\n    kinds: [did]\n"), "a policy about the plan has no kinds"},
		{"misspelt field", replaced(`deny: change.before.status`, `deny: change.before.statsu`), "no such key: statsu"},
		{"long", replaced(`change.before.status == "active"`, `change.before.status == "active`+strings.Repeat("x", 5000)+`"`), "4096 at most"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Parse(schema.Builtin(), []file.File{{Name: "policies/rules.yaml", Data: []byte(tt.text)}})
			if !strings.Contains(problems.Error(), tt.want) {
				t.Errorf("got  %s\nwant %s", problems.Error(), tt.want)
			}
		})
	}
}

// Whatever the file holds, it is a list of problems and no panic.
func FuzzParse(f *testing.F) {
	f.Add(rules)
	f.Add("version: 1\npolicies: [{id: a, deny: 'true', message: m, examples: [{deny: true, change: {}}]}]\n")
	f.Fuzz(func(_ *testing.T, text string) {
		set, problems := Parse(schema.Builtin(), []file.File{{Name: "p.yaml", Data: []byte(text)}})
		if problems.Err() == nil {
			set.Judge(&Subject{Plan: Plan{Changes: []Change{{}}}, Tenant: Tenant{Objects: []Object{{}}}})
		}
	})
}
