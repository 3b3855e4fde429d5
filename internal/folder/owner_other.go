//go:build !unix

package folder

import "io/fs"

// These are for systems that say by mode and owner who may do what.

// NoFollow has no meaning here.
const NoFollow = 0

// OnlyOurs refuses nothing here.
func OnlyOurs(string, fs.FileInfo) error { return nil }

// Foreign knows no owner here.
func Foreign(fs.FileInfo) (uint32, bool) { return 0, false }

func forAll(fs.FileInfo) bool { return false }

func narrow(string) error { return nil }

func writable(fs.FileInfo) bool { return false }
