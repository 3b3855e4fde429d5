package cli

import (
	"pbxsync/internal/policy"
	"pbxsync/sync"
	"pbxsync/sync/plan"
)

// policies reads the rules that hold for the tenant in a folder. Without any, nothing judges.
func (p *Program) policies(dir string) (func(*sync.Planned) []plan.Finding, error) {
	files, err := p.files().Policies(dir)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	rules, problems := policy.Parse(p.Catalogue, files)
	if problems.Err() != nil {
		return nil, problems
	}
	return func(now *sync.Planned) []plan.Finding {
		return rules.Judge(policy.Of(&now.State.Basis, now.Plan))
	}, nil
}
