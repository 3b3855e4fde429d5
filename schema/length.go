package schema

import "fmt"

// This file knows values whose length is a matter of the tenant: a field of it says how
// many characters they have.

// OtherLength says what length the value of a field of o should have by the values of the
// tenant itself, or 0 where it has that or it is not known.
func (o *Object) OtherLength(f *Field, tenant map[string]any) int64 {
	if f.Length == "" {
		return 0
	}
	want, stated := tenant[f.Length].(int64)
	s, ok := o.ValueOf(f).(string)
	if !stated || !ok || int64(len(s)) == want {
		return 0
	}
	return want
}

// WrongLength words that a value has another length than the tenant's field says.
func (o *Object) WrongLength(f *Field, want int64) Problem {
	s, _ := o.ValueOf(f).(string)
	return Problem{Place: o.PlaceOf(f.Name), Address: o.Address(),
		Message: fmt.Sprintf("%s %q has %d digits, and %s is %d in this tenant", f.Name, s, len(s), f.Length, want),
		Hint:    fmt.Sprintf("write a %s of %d digits", f.Name, want)}
}
