package route

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"pbxsync/schema/wording"
)

// Question asks where a call goes.
type Question struct {
	board *Board
	what  func(*Walker) *Step
	From  From       // who calls from outside, or which extension
	By    *Extension // that dials; nil for a call from outside
	To    string     // as the tenant has it
}

// hidden is who calls without a number, as people write it.
const hidden = "anonymous"

const extensionIs = "extension/"

var dialled = regexp.MustCompile(`^\+?[0-9*#]+$`)

// Ask makes a question of what people write: a number of the tenant or an extension that is called,
// and who calls: a number, anonymous, an extension, or "" where nothing is said of it.
func (b *Board) Ask(to, from string) (*Question, error) {
	q := &Question{board: b, To: to}
	if err := q.caller(from); err != nil {
		return nil, err
	}
	if e := b.named(to); e != nil {
		q.To, q.what = e.Address, func(w *Walker) *Step { return w.Ring(e) }
		if q.By != nil {
			q.what = func(w *Walker) *Step { return w.Dial(q.By, e.Name) }
		}
		return q, nil
	}
	if q.By != nil {
		q.To = unspaced(to)
		if !dialled.MatchString(q.To) {
			return nil, fmt.Errorf("%q cannot be dialled; write a number, such as 0049301234", wording.Excerpt(to))
		}
		q.what = func(w *Walker) *Step { return w.Dial(q.By, q.To) }
		return q, nil
	}
	n := b.Number(to)
	if n == nil {
		return nil, b.notOurs(to)
	}
	q.To, q.what = n.Name, func(w *Walker) *Step { return w.Call(n) }
	return q, nil
}

// Caller reads who calls, as Ask does.
func (b *Board) Caller(from string) (From, error) {
	q := &Question{board: b}
	err := q.caller(from)
	return q.From, err
}

// caller reads who calls.
func (q *Question) caller(from string) error {
	number := unspaced(from)
	switch e := q.board.named(from); {
	case from == "":
	case e != nil:
		q.By, q.From.Number = e, e.Name
	case from == hidden:
		q.From.Hidden = true
	case strings.HasPrefix(from, extensionIs):
		return q.board.NoExtension(strings.TrimPrefix(from, extensionIs))
	case !dialled.MatchString(number):
		return fmt.Errorf("%q is nobody who calls; write a number, %s, or an extension such as %s101", wording.Excerpt(from), hidden, extensionIs)
	default:
		q.From.Number = number
	}
	return nil
}

// named returns the extension that a text names, with or without its kind before it.
func (b *Board) named(text string) *Extension {
	return b.Extension(strings.TrimPrefix(text, extensionIs))
}

// notOurs says of a number that nobody has, with the nearest that somebody has.
func (b *Board) notOurs(to string) error {
	var names []string
	for _, n := range b.Numbers {
		names = append(names, n.Name)
	}
	return fmt.Errorf("%q is no number of this tenant; %s", wording.Excerpt(to), near(Digits(to), names))
}

// NoExtension is the error that there is none of a name, with the nearest that there is.
func (b *Board) NoExtension(name string) error {
	return fmt.Errorf("there is no %s%s; %s", extensionIs, wording.Excerpt(name), near(name, b.names()))
}

// near asks for the name that was meant, or lists them.
func near(name string, names []string) string {
	switch hint := wording.DidYouMean(name, names); {
	case hint != "":
		return hint
	case len(names) == 0:
		return "the files declare none"
	}
	return "there is " + wording.OneOf(names)
}

// names returns those of all extensions.
func (b *Board) names() []string {
	var out []string
	for _, e := range b.Extensions {
		out = append(out, e.Name)
	}
	return out
}

// At follows the call at a point in time.
func (q *Question) At(at time.Time) *Step { return q.what(q.board.Walker(at, q.From)) }

// With follows the call with a walker that others use too.
func (q *Question) With(w *Walker) *Step { return q.what(w) }
