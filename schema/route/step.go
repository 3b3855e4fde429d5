package route

// Act is what a step does.
type Act string

// The acts. Those from Rings on reach somebody or something, or end the call.
const (
	Called    Act = "called"    // a number is called
	Dialled   Act = "dialled"   // a dial rule has a number
	Ruled     Act = "ruled"     // an incoming rule has the call
	Asked     Act = "depends"   // it depends on the caller, the time or a pattern
	Forwarded Act = "forwarded" // a phone's calls go elsewhere
	Heard     Act = "heard"     // a sound, and the like
	Level     Act = "level"     // a level of a menu waits for a key
	Rings     Act = "rings"
	Waits     Act = "waits"
	Chooses   Act = "chooses"
	Voicemail Act = "voicemail"
	Outside   Act = "outside"
	Faxed     Act = "faxed"
	Confers   Act = "confers"
	Engaged   Act = "busy"
	HungUp    Act = "hangup"
	Announced Act = "announcement" // a sound, after which the call ends
	Nobody    Act = "nobody"       // nobody answers, and the call ends
	Nowhere   Act = "nowhere"      // nothing is said of what happens
	Blocked   Act = "blocked"
	Unknown   Act = "unknown" // it is not in what was read
	Round     Act = "loop"    // it goes round without anybody being called
)

// Step is something that happens to a call, and what may follow.
type Step struct {
	Source
	Does Act
	Says string
	Name string // of what is reached, for people: Reception (103)

	hours *Hours // on which it depends; nil: on none
	next  []Branch
	fill  func(*Step) // adds what follows, nil once it has
}

// Then is what follows. It is found out when somebody asks, since most only want to know who answers.
func (s *Step) Then() []Branch {
	if fill := s.fill; fill != nil {
		s.fill = nil
		fill(s)
	}
	return s.next
}

// Branch is what follows a step: always, or when something happens.
type Branch struct {
	When string // "" for always
	Step *Step
}

func (s *Step) then(when string, next *Step) {
	if next == nil {
		return
	}
	for i, b := range s.next {
		if b.Step == next && b.When != "" && when != "" {
			s.next[i].When += " or " + when
			return
		}
	}
	s.next = append(s.next, Branch{when, next})
}

// Passes reports whether a step does nothing but lead to the next.
func (s *Step) Passes() bool {
	switch s.Does {
	case Called, Dialled, Ruled, Forwarded, Heard:
		then := s.Then()
		return len(then) == 1 && then[0].When == ""
	}
	return false
}

// Answer returns who or what has the call first: the step at which it no longer only passes. A call
// that goes round has one of the steps of the round, with ok false.
func (s *Step) Answer() (step *Step, ok bool) {
	slow := s // goes one step for every two, and is met where the way goes round
	for i := 1; s.Passes(); i++ {
		s = s.Then()[0].Step
		if i%2 == 0 {
			slow = slow.Then()[0].Step
		}
		if s == slow {
			return s, false
		}
	}
	return s, true
}

// Said names the answer to a call in words.
func (s *Step) Said() string {
	a, ok := s.Answer()
	if !ok {
		return "nobody: it goes round at " + a.Name
	}
	return a.Brief()
}

// Brief says in a few words what a step comes to.
func (s *Step) Brief() string {
	switch s.Does {
	case Voicemail:
		return "voicemail of " + s.Name
	case Outside:
		return "outside, " + s.Name
	case Engaged:
		return "the busy signal"
	case HungUp:
		return "hung up"
	case Announced:
		return "announcement " + s.Name
	case Nobody, Nowhere:
		return "nobody"
	case Blocked:
		return "nobody, as " + s.Name + " is blocked"
	case Unknown:
		return s.Name + ", of which nothing is said"
	case Asked:
		return "one or another, as it depends"
	}
	return s.Name
}

// Reach says how far the call gets before anything that cannot be known; of several callers, how far
// the luckiest gets.
func (s *Step) Reach() Reach { return s.reach(map[*Step]bool{}) }

func (s *Step) reach(seen map[*Step]bool) Reach {
	a, ok := s.Answer()
	if !ok || seen[a] {
		return NoOne
	}
	seen[a] = true
	switch a.Does {
	case Engaged, HungUp, Nobody, Nowhere, Blocked:
		return NoOne
	case Unknown:
		return Unsure
	case Asked:
		best := NoOne
		for _, b := range a.Then() {
			best = better(best, b.Step.reach(seen))
		}
		return best
	}
	return Someone
}

// better is the one of two that is more of an answer.
func better(a, b Reach) Reach {
	if a == Someone || b == Someone || a == b {
		return min(a, b)
	}
	return Unsure
}
