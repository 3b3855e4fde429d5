package plan

import (
	"pbxsync/diff"
	"pbxsync/schema"
)

// Basis is what a plan is made from: the tenant of the files, the live one, how they differ,
// and what bounds the changes.
type Basis struct {
	Desired   *schema.Tenant
	Live      *diff.Live
	Diff      *diff.Result
	Protected []schema.Protection // lines that forbid some of the changes
	Limits    map[string]int64    // limits of the tenant that are known, where the changes create what they bound
}
