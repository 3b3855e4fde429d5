package cli

import (
	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/schema"
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

// checkKinds makes sure that --allow-fewer names kinds.
func checkKinds(words []string, c *schema.Catalogue) error {
	for _, w := range words {
		if k := c.Kind(w); k == nil || !k.Managed() {
			return exit.Fail(exit.Error, "--allow-fewer %q names no kind; kinds are address words, such as extension or did", w)
		}
	}
	return nil
}

// otherServer refuses a saved plan that was made from another server. A snapshot does
// not say from which one it is; its tenant is checked like any other.
func (s *savedPlan) otherServer(conn *connection) error {
	if s.Header.Server == conn.host || s.Header.Server == snapshotHost {
		return nil
	}
	return exit.Fail(exit.Guard, "the saved plan was made for the server %s, and this is %s; nothing was written; name the right one with --endpoint, or make the plan again with plan --out", s.Header.Server, conn.host)
}
