//go:build !unix

package folder

import "io/fs"

const noFollow = 0

// These are for systems that say by mode and owner who may do what.
func onlyOurs(string, fs.FileInfo) error { return nil }

func foreign(fs.FileInfo) (uint32, bool) { return 0, false }

func forAll(fs.FileInfo) bool { return false }

func narrow(string) error { return nil }

func writable(fs.FileInfo) bool { return false }
