package savedplan

import (
	"crypto/sha256"
	"fmt"
	"pbxsync/internal/exit"
	"strings"
	"time"
)

// This file holds what lets a saved plan be taken for the one that was reviewed. Beyond
// that it is as trusted as the files: whoever can edit it decides what is sent.

// skew is how far the clocks of two machines may be apart.
const skew = 5 * time.Minute

// digestOf names a saved plan by its bytes, header and all.
func digestOf(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// Trust is what is asked of a saved plan.
type Trust struct {
	Digest string        // that it has to have, where one is stated
	Stated bool          // Digest is
	MaxAge time.Duration // how old it may be, where that is limited
	Aged   bool          // it is
}

// Trusted refuses a saved plan that is another one than was reviewed (a guard, since making
// it again would hide that), and one that is too old (stale, since making it again mends it).
func (s *Plan) Trusted(t Trust, where string, now time.Time) error {
	want := strings.ToLower(strings.TrimPrefix(t.Digest, "sha256:"))
	if t.Stated && want != s.Digest {
		return exit.Fail(exit.Guard, "%s has the sha256 %s, and --expect-digest names another: it is not the plan that was reviewed; nothing was written", where, s.Digest)
	}
	if !t.Aged {
		return nil
	}
	most := t.MaxAge
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
