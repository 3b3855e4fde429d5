package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
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
	return []ucli.Flag{allowDeletesFlag(), allowUpdatesFlag(), allowLossFlag(), allowHangupFlag(), allowFewerFlag()}
}

// guards adds to a report what its plan may not do without being allowed by flags.
func (j *job) guards(c *ucli.Context) {
	add := func(lines ...string) { j.report.Guards = append(j.report.Guards, lines...) }
	if deletes := j.plan.Pruned(); deletes > 0 && c.Int("allow-deletes") != deletes {
		add(fmt.Sprintf("prune deletes %s; apply needs --allow-deletes %d", countOf(deletes, "stray"), deletes))
	}
	if g := observe.OverwriteGuard(observe.Overwrites(j.state), c.Int("allow-updates")); g != nil {
		add(g.Error())
	}
	add(losses(j.plan, c.StringSlice("allow-loss"))...)
	add(j.lost(c)...)
}

// checkKinds makes sure that --allow-fewer names kinds.
func checkKinds(words []string, c *schema.Catalogue) error {
	for _, w := range words {
		if k := c.Kind(w); k == nil || !k.Managed() {
			return fail(exitError, "--allow-fewer %q names no kind; kinds are address words, such as extension or did", w)
		}
	}
	return nil
}

// losses refuses what a plan loses by replacing, unless each object is allowed by
// its address.
func losses(p *plan.Plan, allowed []string) []string {
	var out []string
	for _, ch := range p.Changes {
		if ch.Replaces == "" || ch.Loses == "" || slices.Contains(allowed, ch.Replaces) {
			continue
		}
		lost := ch.Replaces + " is replaced and loses " + ch.Loses
		for _, s := range ch.Silent {
			lost += "; " + s.String()
		}
		out = append(out, fmt.Sprintf("%s; apply needs --allow-loss %s", lost, quoted(ch.Replaces)))
	}
	return out
}

// lost refuses what goes with a deleted object at this moment, unless it is allowed by
// its address, each class of loss by a flag of its own.
func (j *job) lost(c *ucli.Context) []string {
	allowed := func(l *plan.Loss) bool {
		return slices.Contains(c.StringSlice(lossFlag(l.Running())), l.Address()) || j.saysLoss(l)
	}
	var out []string
	for _, g := range plan.GroupLosses(slices.DeleteFunc(slices.Clone(j.state.Losses), allowed)) {
		flag, hint := lossFlag(g.Running), ""
		if g.Running {
			hint = "wait until it is over, or "
		}
		var flags []string
		for _, a := range g.Addresses {
			flags = append(flags, "--"+flag+" "+quoted(a))
		}
		out = append(out, fmt.Sprintf("%s %s; %sapply needs %s", g.Who(), g.Text, hint, strings.Join(flags, " ")))
	}
	return out
}

// lossFlag is the flag that allows a loss.
func lossFlag(running bool) string {
	if running {
		return "allow-hangup"
	}
	return "allow-loss"
}

// saysLoss reports whether a replace has to be allowed anyway by the same flag.
func (j *job) saysLoss(l *plan.Loss) bool {
	return !l.Running() && slices.ContainsFunc(j.plan.Changes, func(ch plan.Change) bool {
		return ch.Replaces == l.Address() && ch.Loses != ""
	})
}

// guarded reports whether nothing but guards has failed.
func guarded(s *run.Summary) bool {
	return len(s.Failures) > 0 && !slices.ContainsFunc(s.Failures, func(f run.StepFailed) bool {
		var g *plan.Guard
		return !errors.As(f.Err, &g)
	})
}

// otherServer refuses a saved plan that was made from another server. A snapshot does
// not say from which one it is; its tenant is checked like any other.
func (s *savedPlan) otherServer(conn *connection) error {
	if s.Header.Server == conn.host || s.Header.Server == snapshotHost {
		return nil
	}
	return fail(exitGuard, "the saved plan was made for the server %s, and this is %s; nothing was written; name the right one with --endpoint, or make the plan again with plan --out", s.Header.Server, conn.host)
}

// protections are the patterns of the files that protect something, and the names in
// the tenant of what they protect under a handle.
func protections(t *schema.Tenant, s *observe.State) []string {
	var out []string
	for _, p := range t.Protected {
		out = append(out, p.Pattern)
	}
	for _, o := range s.Live.Objects {
		if natural := o.NaturalAddress(); natural != o.Address() && !o.Shared && t.ProtectionOf(o) != nil {
			out = append(out, strings.ReplaceAll(natural, "*", "%2A"))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
