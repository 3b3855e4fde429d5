// Package secretfile reads files that hold secrets. What is not there, not private, not
// readable or no file is refused in words that name the path and the way out.
package secretfile
