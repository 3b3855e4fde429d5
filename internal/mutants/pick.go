package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// choice takes what flags say of the sample. Rooms that nobody names are the usual ones, and
// those of mutants that are named.
func (o *options) choice(root, rooms, names, again string) error {
	if names != "" && again != "" {
		return fmt.Errorf("-names and -again both name mutants; give one of them")
	}
	o.rooms = strings.Split(usualRooms, ",")
	if names != "" {
		o.names = strings.Split(names, ",")
	}
	if again != "" {
		data, err := os.ReadFile(again)
		if err != nil {
			return err
		}
		if o.again = namesIn(string(data)); len(o.again) == 0 {
			return fmt.Errorf("%s names no mutants; a line for each is due", again)
		}
	}
	for _, name := range slices.Concat(o.names, o.again) {
		file, _, _ := strings.Cut(name, " ")
		room := path.Dir(file)
		if found, err := os.Stat(filepath.Join(root, room)); err == nil && found.IsDir() && room != "." {
			o.rooms = append(o.rooms, room)
		}
	}
	if rooms != "" {
		o.rooms = strings.Split(rooms, ",")
	}
	return nil
}

// namesIn returns the first cell of each line.
func namesIn(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		name, _, _ := strings.Cut(line, "\t")
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// withRoomsBelow adds the packages below rooms, each once and before the one that it is below.
func withRoomsBelow(root string, rooms []string) ([]string, error) {
	var all []string
	for _, room := range rooms {
		var below []string
		err := filepath.WalkDir(filepath.Join(root, room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" {
				return fs.SkipDir
			}
			if files, _ := filepath.Glob(filepath.Join(path, "*.go")); files != nil {
				rel, _ := filepath.Rel(root, path)
				below = append(below, filepath.ToSlash(rel))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, below...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	slices.Reverse(all)
	return all, nil
}

// choose returns the sample that a seed picks, in the order of the source, or the mutants
// that are named, and which of a list are gone.
func choose(root string, o options) (sample []mutant, gone []string, err error) {
	var all []mutant
	for _, room := range o.rooms {
		found, err := mutantsOf(root, room)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, found...) // a room of declarations alone has none
	}
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("no mutants in %s", strings.Join(o.rooms, ", "))
	}
	switch {
	case o.names != nil:
		return begun(all, o.names)
	case o.again != nil:
		sample, gone = listed(all, o.again)
		return sample, gone, nil
	}
	r := rand.New(rand.NewPCG(o.seed, 0))
	for _, i := range r.Perm(len(all))[:min(o.n, len(all))] {
		sample = append(sample, all[i])
	}
	slices.SortFunc(sample, func(a, b mutant) int { return strings.Compare(a.Name, b.Name) })
	return sample, nil, nil
}

// begun returns the mutants whose names begin so. Each of the beginnings has to be one.
func begun(all []mutant, names []string) ([]mutant, []string, error) {
	used := map[string]bool{}
	out := slices.DeleteFunc(all, func(m mutant) bool {
		is := false
		for _, name := range names {
			if strings.HasPrefix(m.Name, name) {
				is, used[name] = true, true
			}
		}
		return !is
	})
	for _, name := range names {
		if !used[name] {
			return nil, nil, fmt.Errorf("no mutant has a name that begins with %q; -list prints them, and -rooms says where to look", name)
		}
	}
	return out, nil, nil
}

// listed returns the mutants of a list, and the names of it that none has any more.
func listed(all []mutant, names []string) (sample []mutant, gone []string) {
	by := map[string]mutant{}
	for _, m := range all {
		by[m.Name] = m
	}
	for _, name := range names {
		if m, ok := by[name]; ok {
			sample = append(sample, m)
		} else {
			gone = append(gone, name)
		}
	}
	return sample, gone
}
