// Package review has the rules by which plans of a tenant are reviewed, as lines that can be
// compared: what review:, accept:, unmanaged: and protected: say, and the policies of a provider.
//
// It does not know where the two sets are from that it compares, nor how anything is shown. Begin
// at rules.go.
package review
