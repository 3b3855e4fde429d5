// Package policy holds a plan against the rules of a provider: expressions in CEL over one
// change, over one object as it will be, or over the whole plan. They stand in
// policies/*.yaml above the tenants' folders, so that who writes a tenant does not write the
// rules for it. Each has examples, and one that does not come out as it says is an error.
//
// An expression is typed, costs a bounded number of operations, and reads nothing but what
// it is given. Secrets and the content of files are not in that.
//
// Begin at Parse and Set.Judge. The package reads no file and prints nothing.
package policy
