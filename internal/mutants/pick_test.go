package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Mutants that are named are found without saying in which rooms they are, also outside of
// the usual ones; those of a list that are gone are told.
func TestNamed(t *testing.T) {
	const first, second = "internal/lock/lock.go Take early 1", "sync/call/path.go Fill flip 1"
	pick := func(names, again string) (found, gone []string, err error) {
		t.Helper()
		o := options{n: 5, seed: 1}
		if err = o.choice("../..", "", names, again); err != nil {
			return nil, nil, err
		}
		if o.rooms, err = withRoomsBelow("../..", o.rooms); err != nil {
			return nil, nil, err
		}
		sample, gone, err := choose("../..", o)
		for _, m := range sample {
			found = append(found, m.Name)
		}
		return found, gone, err
	}
	if found, _, err := pick(first+","+second, ""); err != nil || fmt.Sprint(found) != fmt.Sprint([]string{first, second}) && fmt.Sprint(found) != fmt.Sprint([]string{second, first}) {
		t.Error(found, err)
	}
	if found, _, err := pick("sync/call/,sync/call/path.go", ""); err != nil || len(found) < 20 {
		t.Error(found, err)
	}
	if _, _, err := pick(first+",sync/attempt.go", ""); err == nil || !strings.Contains(err.Error(), `"sync/attempt.go"`) {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "list")
	list := second + "\t17\tx\n\n" + first + "\n" + second + "\nsync/attempt.go run.sure drop 1\ngone/x.go f drop 1\t3\ty\n"
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	found, gone, err := pick("", file)
	if err != nil || !slices.Equal(found, []string{first, second}) || !slices.Equal(gone, []string{"gone/x.go f drop 1", "sync/attempt.go run.sure drop 1"}) {
		t.Errorf("%q %q %v", found, gone, err)
	}
	if _, _, err := pick("x", file); err == nil {
		t.Error("two lists were taken")
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := pick("", file); err == nil || !strings.Contains(err.Error(), "names no mutants") {
		t.Error(err)
	}
}
