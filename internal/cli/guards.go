package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// This file holds what lets guards pass: each class of loss by a flag of its own, by
// number, kind or address. None of them has an environment variable.

func allowUpdatesFlag() ucli.Flag {
	return &ucli.IntFlag{Name: "allow-updates", Value: -1, DefaultText: "none", Usage: "the exact `NUMBER` of objects whose values may be overwritten, where it is over 30 % of a kind"}
}

func allowHangupFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "allow-hangup", Usage: "the `ADDRESS` of an object that may be deleted or replaced although calls go on at it; once for each"}
}

func allowFewerFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "allow-fewer", Usage: "a `KIND` of which the tenant may have less than half of the objects that it had, such as extension; repeatable"}
}

// guardFlags are those of plan and apply.
func guardFlags() []ucli.Flag {
	return []ucli.Flag{allowDeletesFlag(), allowUpdatesFlag(), allowLossFlag(), allowHangupFlag(), allowFewerFlag(), allowPolicyFlag(), failOnFlag(), approveFlag()}
}

func failOnFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "fail-on", Usage: "the `RISK` that ends with 6 until it is approved: " + strings.Join(risk.Words(), ", ") + "; several with commas"}
}

func approveFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "approve", Usage: "the `RISK` that a plan may have though it is refused otherwise: " + strings.Join(plan.Approvals(), ", ") + "; repeatable"}
}

// checkRisks makes sure that flags name what there is.
func checkRisks(flag string, words, known []string) error {
	for _, w := range words {
		if slices.Contains(known, w) {
			continue
		}
		hint := "one of " + strings.Join(known, ", ")
		if near := wording.Nearest(w, known); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return exit.Fail(exit.Error, "--%s %q is no risk; %s", flag, w, hint)
	}
	return nil
}

// parted are the words of a flag that may be repeated, and of which each value may have several.
func parted(values []string) []string {
	var out []string
	for _, v := range values {
		out = append(out, strings.Split(v, ",")...)
	}
	return out
}

// classes are words of a flag as classes of risk.
func classes(words []string) []risk.Class {
	var out []risk.Class
	for _, w := range words {
		out = append(out, risk.Class(w))
	}
	return out
}

// repeated are the flags that apply needs too, to do what was planned with them.
func (o *wanted) repeated() []string {
	a := &o.allow
	var out []string
	for _, f := range []struct {
		name   string
		values []string
	}{{"only", o.only}, {"send-secrets", o.sendSecrets}, {"trust-version", o.trustVersions}, {"allow-loss", a.Loss}, {"allow-hangup", a.Hangup},
		{"allow-fewer", a.Fewer}, {"allow-policy", a.Rules}, {"approve", a.Risks}, {"create-tenant", stated(o.createTenant)}, {"delete-tenant", stated(o.deleteTenant)}, {"base", stated(o.base)}, {"rules", stated(o.rules.by)}} {
		for _, v := range f.values {
			out = append(out, "--"+f.name+" "+wording.ShellWord(v))
		}
	}
	for _, f := range []struct {
		name string
		n    int
	}{{"allow-deletes", a.Deletes}, {"allow-updates", a.Updates}} {
		if f.n > 0 { // a command without the flag has none
			out = append(out, fmt.Sprintf("--%s %d", f.name, f.n))
		}
	}
	for _, f := range []struct {
		name string
		is   bool
	}{{"revert-drift", o.revertDrift}, {"skip-content", o.skipContent}} {
		if f.is {
			out = append(out, "--"+f.name)
		}
	}
	return out
}

func stated(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// checkGuards makes sure that what lets guards pass names what there is.
func checkGuards(o *wanted, c *schema.Catalogue) error {
	return errors.Join(checkKinds(o.allow.Fewer, c), checkRisks("fail-on", o.failOn, risk.Words()), checkRisks("approve", o.allow.Risks, plan.Approvals()))
}

// checkKinds makes sure that --allow-fewer names kinds.
func checkKinds(words []string, c *schema.Catalogue) error {
	for _, w := range words {
		if k := c.Kind(w); k == nil || !k.Managed() {
			return exit.Fail(exit.Error, "--allow-fewer %q names no kind; kinds are address words, such as extension or did", w)
		}
	}
	return nil
}

func trustFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "expect-digest", Usage: "the `SHA256` of the saved plan that was reviewed, as plan --out printed it; any other is refused"},
		&ucli.DurationFlag{Name: "max-age", DefaultText: "any age", Usage: "how old a saved plan may be, such as 24h"}}
}

// noTrust refuses the flags where there is no saved plan.
func (o *applying) noTrust() error {
	const what = "--%s is for a saved plan; name one in place of the files"
	switch {
	case o.trust.Stated:
		return exit.Fail(exit.Error, what, "expect-digest")
	case o.trust.Aged:
		return exit.Fail(exit.Error, what, "max-age")
	}
	return nil
}
