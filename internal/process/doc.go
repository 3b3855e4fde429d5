// Package process holds the tests of the built program as the operating system sees it: killed at
// every boundary of a call, interrupted, without a place to write to, beside a second run, and
// searched for secrets. What can be shown inside one process stands in package proof.
package process
