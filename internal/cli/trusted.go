package cli

import (
	"crypto/sha256"
	"fmt"
	"pbxsync/internal/exit"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"
)

// This file holds what lets a saved plan be taken for the one that was reviewed. Beyond
// that it is as trusted as the files: whoever can edit it decides what is sent.

// skew is how far the clocks of two machines may be apart.
const skew = 5 * time.Minute

func trustFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "expect-digest", Usage: "the `SHA256` of the saved plan that was reviewed, as plan --out printed it; any other is refused"},
		&ucli.DurationFlag{Name: "max-age", DefaultText: "any age", Usage: "how old a saved plan may be, such as 24h"}}
}

// planDigest names a saved plan by its bytes, header and all.
func planDigest(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// noTrust refuses the flags where there is no saved plan.
func noTrust(c *ucli.Context) error {
	for _, name := range []string{"expect-digest", "max-age"} {
		if c.IsSet(name) {
			return exit.Fail(exit.Error, "--%s is for a saved plan; name one in place of the files", name)
		}
	}
	return nil
}

// trusted refuses a saved plan that is another one than was reviewed (a guard, since making
// it again would hide that), and one that is too old (stale, since making it again mends it).
func (s *savedPlan) trusted(c *ucli.Context, where string, now time.Time) error {
	want := strings.ToLower(strings.TrimPrefix(c.String("expect-digest"), "sha256:"))
	if c.IsSet("expect-digest") && want != s.digest {
		return exit.Fail(exit.Guard, "%s has the sha256 %s, and --expect-digest names another: it is not the plan that was reviewed; nothing was written", where, s.digest)
	}
	if !c.IsSet("max-age") {
		return nil
	}
	most := c.Duration("max-age")
	if most <= 0 {
		return exit.Fail(exit.Error, "--max-age %v is no age; write one such as 24h", most)
	}
	made, err := time.Parse(time.RFC3339, s.Header.Time)
	switch {
	case err != nil:
		return exit.Fail(exit.Guard, "%s does not say when it was made, and --max-age %v asks for it; make it again with plan --out; nothing was written", where, most)
	case made.After(now.Add(skew)):
		return exit.Fail(exit.Guard, "%s says that it was made %s, which is still to come here, so --max-age cannot judge it; set the clocks, or make it again with plan --out; nothing was written", where, made.Format(time.RFC3339))
	case now.Sub(made) > most:
		return exit.Fail(exit.Stale, "%s was made %s, longer ago than --max-age %v; make it again with plan --out; nothing was written", where, made.Format(time.RFC3339), most)
	}
	return nil
}
