package outputs

import (
	"strings"
	"testing"
)

// Every form tells drift in the direction of time: somebody has blocked an extension, and no form
// says that it goes from blocked to active, as the call would that puts it back. What is pending
// in the files is no finding against the tenant.
func TestDriftInTime(t *testing.T) {
	says := map[string][]string{
		"text":        {`extension/104: status: was "active", is "blocked" [cuts]`},
		"markdown":    {"| <code>active</code> | <code>blocked</code> |", "deleted <code>extension/105</code>", "pending <code>extension/102</code>", "pbxsync apply --revert-drift before.yaml", "| in conflict | <code>label: was ", "What can be done about it"},
		"html":        {"status: active → blocked", "the files say &#34;C2&#34;", "was deleted"},
		"github":      {`::cuts: extension/104: status: was "active", is "blocked"`, "::notice title=pbxsync pending,", "::warning title=pbxsync conflict,"},
		"sarif":       {`"text": "cuts: extension/105: was deleted"`},
		"junit":       {`message="cuts: extension/105: was deleted"`, `<testcase name="extension/102" classname="pbxsync.acme" time="0"></testcase>`},
		"codequality": {`"description": "cuts: extension/105: was deleted"`},
		"json":        {`"sentence": "1 object in conflict, 3 objects drifted, 1 object pending in the files"`},
	}
	last := map[string]string{}
	for _, o := range stories(t) {
		if o.story == "drifted" && o.line == "2 drift before.yaml" {
			last[o.form] = string(o.text)
		}
	}
	for form, all := range says {
		for _, want := range all {
			if !strings.Contains(last[form], want) {
				t.Errorf("%s does not say %s: %s", form, want, last[form])
			}
		}
		if form != "json" && strings.Contains(last[form], "blocked → active") {
			t.Errorf("%s tells what a call would do", form)
		}
	}
}
