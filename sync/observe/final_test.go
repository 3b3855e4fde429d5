package observe

import (
	"errors"
	"fmt"
	"testing"
)

// answered is an error with the status of an answer, which came whole or not.
type answered struct {
	status int
	whole  bool
}

func (a answered) Error() string   { return fmt.Sprint(a.status) }
func (a answered) HTTPStatus() int { return a.status }
func (a answered) IsWhole() bool   { return a.whole }

// A download is given up for good only where there is nothing, or where the answer came
// whole and is no file: what broke off may be had the next time.
func TestFinal(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{answered{404, true}, true},
		{answered{404, false}, true},
		{answered{200, true}, true},
		{answered{200, false}, false},
		{answered{503, true}, false},
		{fmt.Errorf("GET: %w", answered{200, true}), true},
		{errors.New("the connection was reset"), false},
	} {
		if got := final(tt.err); got != tt.want {
			t.Errorf("%#v: %v", tt.err, got)
		}
	}
}
