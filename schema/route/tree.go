package route

import (
	"strings"

	"pbxsync/schema"
)

// Line is a step as people read it, below the one that it follows.
type Line struct {
	Depth  int
	When   string // it only follows then
	Says   string
	Source // none where the step was told before
}

// At is where it says so: the place in the files, or else the address.
func (l Line) At() string {
	if l.Place.File != "" {
		return l.Place.String()
	}
	return l.Address
}

// String returns the line without its place.
func (l Line) String() string {
	text := strings.Repeat("  ", l.Depth)
	if l.When != "" {
		text += l.When + ": "
	}
	return text + l.Says
}

// Lines tells the way of a call. What was told before is not told again, and a way that comes back
// to itself is named.
func (s *Step) Lines() []Line {
	t := &teller{told: map[*Step]bool{}, on: map[*Step]bool{}}
	t.tell(s, 0, "")
	return t.lines
}

type teller struct {
	lines []Line
	told  map[*Step]bool
	on    map[*Step]bool // the way that is told
}

func (t *teller) tell(s *Step, depth int, when string) {
	switch {
	case t.on[s]:
		t.lines = append(t.lines, Line{Depth: depth, When: when, Says: "loop: back to " + s.Says})
		return
	case t.told[s] && len(s.Then()) > 0:
		t.lines = append(t.lines, Line{Depth: depth, When: when, Says: s.Says + ", as told above"})
		return
	}
	t.told[s], t.on[s] = true, true
	t.lines = append(t.lines, Line{depth, when, s.Says, s.Source})
	for _, b := range s.Then() {
		if b.When == "" {
			t.tell(b.Step, t.below(depth, when), "")
			continue
		}
		t.tell(b.Step, depth+1, b.When)
	}
	delete(t.on, s)
}

// below is the depth of what always follows: that of the step, or below a branch.
func (t *teller) below(depth int, when string) int {
	if when != "" {
		return depth + 1
	}
	return depth
}

// Item is a step for programs. Steps that follow are named by their numbers.
type Item struct {
	Number  int           `json:"step"` // from 1 on, as they are met
	Does    Act           `json:"does"`
	Address string        `json:"address,omitempty"`
	Place   *schema.Place `json:"place,omitempty"`
	Says    string        `json:"says"`
	Then    []Next        `json:"then"`
}

// Next is what follows a step.
type Next struct {
	When string `json:"when,omitempty"` // none: always
	Step int    `json:"step"`
}

// Items lists the steps of a call, each once.
func (s *Step) Items() []Item {
	steps, numbers := s.all(), map[*Step]int{}
	for i, s := range steps {
		numbers[s] = i + 1
	}
	var out []Item
	for i, s := range steps {
		item := Item{Number: i + 1, Does: s.Does, Address: s.Address, Says: s.Says, Then: []Next{}}
		if s.Place.File != "" {
			place := s.Place
			item.Place = &place
		}
		for _, b := range s.Then() {
			item.Then = append(item.Then, Next{b.When, numbers[b.Step]})
		}
		out = append(out, item)
	}
	return out
}
