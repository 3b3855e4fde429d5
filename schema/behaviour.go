package schema

import (
	"errors"
	"fmt"
)

// The named behaviours of a kind's x-behaviour.
const (
	ManyInOneCall    = "many-in-one-call"        // one POST writes all objects of the kind
	FileContent      = "file-content"            // a field is the content of a file: see Content
	Bundled          = "bundle"                  // objects act as one: see Bundle
	KnownFromRecords = "known-only-from-records" // no list: run records or files say which objects there are
)

// behaviours read what a kind says of its behaviour.
var behaviours = map[string]func(*Kind, *rawKind) error{
	ManyInOneCall:    fillBatch,
	FileContent:      fillContent,
	Bundled:          fillBundle,
	KnownFromRecords: fillKnown,
}

func fillBehaviour(k *Kind, r *rawKind) error {
	if k.Behaviour == "" {
		return nil
	}
	fill := behaviours[k.Behaviour]
	if fill == nil {
		return fmt.Errorf("x-behaviour: %q is none", k.Behaviour)
	}
	return fill(k, r)
}

func fillBatch(k *Kind, r *rawKind) error {
	if k.Batch = r.Behaviour.Body; k.Batch == "" {
		return errors.New("x-behaviour: the body's key is missing")
	}
	return nil
}

func fillKnown(_ *Kind, r *rawKind) error {
	if r.Behaviour.Body != "" {
		return errors.New("x-behaviour: it has no body")
	}
	return nil
}
