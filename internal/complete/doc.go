// Package complete finds the words that can stand next on a command line. It knows commands
// and flags as they are described to it, and asks for what lies in files.
package complete
