// Package wrap breaks lines at a terminal's width, between words and never inside what
// somebody may want to copy: an address, or a place in a file.
package wrap
