// Package pull takes the live tenant over into the files that people have written. It compares
// as drift does, states what differs in a copy of what the files want until nothing does, and
// lets package amend write that into the files. What it returns is proven: the new files are
// compared with what was read, and nothing that was to be taken differs.
//
// It reads, and writes neither to the server nor to the disk. It may not know how files look,
// and no single kind. Begin at pull.go.
package pull
