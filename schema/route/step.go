package route

// Act is what a step does.
type Act string

// The acts. Those from Rings on reach somebody or something, or end the call.
const (
	Called    Act = "called"    // a number is called
	Dialled   Act = "dialled"   // a dial rule has a number
	Ruled     Act = "ruled"     // an incoming rule has the call
	Asked     Act = "depends"   // it depends on who calls
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
	Then []Branch
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
	for i, b := range s.Then {
		if b.Step == next && b.When != "" && when != "" {
			s.Then[i].When += " or " + when
			return
		}
	}
	s.Then = append(s.Then, Branch{when, next})
}

// Passes reports whether a step does nothing but lead to the next.
func (s *Step) Passes() bool {
	return len(s.Then) == 1 && s.Then[0].When == "" && (s.Does == Called || s.Does == Dialled || s.Does == Ruled || s.Does == Forwarded || s.Does == Heard)
}

// Answer returns who or what has the call first: the step at which it no longer only passes. A call
// that goes round has the step of its first object that it meets twice, with ok false.
func (s *Step) Answer() (step *Step, ok bool) {
	seen := map[*Step]bool{}
	for s.Passes() {
		if seen[s] {
			return s, false
		}
		seen[s] = true
		s = s.Then[0].Step
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
		return "it depends on who calls"
	}
	return s.Name
}
