package canned

import (
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/schema/file"
)

// Serve starts a simulator on a port of this machine, with a seed as its file has it.
func Serve(t testing.TB, seed string) (sim *simulator.Server, endpoint string) {
	t.Helper()
	sim = simulator.New(simulator.Options{})
	doc, err := file.ParseMap(file.File{Name: "seed.yaml", Data: []byte(seed)})
	if err == nil {
		err = sim.Seed(doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	endpoint, stop, err := sim.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return sim, endpoint
}
