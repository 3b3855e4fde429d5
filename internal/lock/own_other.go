//go:build !unix

package lock

import "io/fs"

const noFollow = 0

// ours and private are for systems that say by mode and owner who may do what.
func ours(fs.FileInfo) bool    { return true }
func private(fs.FileInfo) bool { return true }
