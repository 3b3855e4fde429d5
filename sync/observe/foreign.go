package observe

import (
	"fmt"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// foreign refuses rows that say that they are another tenant's.
func (r *finding) foreign(k *schema.Kind, row map[string]any) error {
	f := k.TenantField()
	if f == nil {
		return nil
	}
	if id, ok := diff.WholeID(row[f.Answer]); ok && id != r.live.ID {
		return &plan.Guard{ID: "other-tenant", Message: fmt.Sprintf("the list of %s shows what belongs to another tenant (%s %d, and this is %d)", k.Word, f.Answer, id, r.live.ID),
			Hint: "nothing was written; check --endpoint and --tenant, and tell whoever runs the server"}
	}
	return nil
}
