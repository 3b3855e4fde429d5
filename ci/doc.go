// Package ci holds what can be copied into a pipeline as it is: a GitHub action with three
// workflows, the same for GitLab, hooks for pre-commit, a job for a cluster, a workflow for
// Atlantis, a policy for conftest. It has no code but tests, which check each file and run
// every command in them.
package ci
