// Package cli is the program: flags, the environment and files become one call
// of the engine, and its result becomes text and an exit code. It is the only
// package that knows of terminals, flags and the environment, and it decides
// nothing about tenants.
package cli
