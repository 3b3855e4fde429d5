package risk

import "slices"

// Class is one way in which a change can hurt.
type Class string

// The classes, the worst first.
const (
	Cuts    Class = "cuts"    // calls no longer arrive or leave, or people no longer get in
	Opens   Class = "opens"   // a door that was closed, or not there
	Costs   Class = "costs"   // calls can go where they did not
	Loses   Class = "loses"   // what cannot come back
	Exposes Class = "exposes" // what was private, or what people were told is kept so
)

// Classes returns all classes, the worst first.
func Classes() []Class { return []Class{Cuts, Opens, Costs, Loses, Exposes} }

// Known reports whether there is such a class.
func (c Class) Known() bool { return slices.Contains(Classes(), c) }

// Meaning says for people what a change of the class can do.
func (c Class) Meaning() string {
	return map[Class]string{
		Cuts:    "calls no longer arrive or leave, or people no longer get in",
		Opens:   "a door: somebody or something new gets in, or is told",
		Costs:   "calls can go where they did not",
		Loses:   "data that cannot come back",
		Exposes: "what was private, or what callers and colleagues are told about it",
	}[c]
}

// Words returns the classes as texts, the worst first.
func Words() []string {
	var out []string
	for _, c := range Classes() {
		out = append(out, string(c))
	}
	return out
}

// Sorted returns each of the classes once, the worst first; nil for none.
func Sorted(list []Class) []Class {
	var out []Class
	for _, c := range Classes() {
		if slices.Contains(list, c) {
			out = append(out, c)
		}
	}
	return out
}
