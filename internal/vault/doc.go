// Package vault finds the secrets that tenant files refer to: in the environment, or in files
// that nobody else can read. What it has found is never printed.
//
// Begin at Vault.
package vault
