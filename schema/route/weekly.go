package route

import (
	"slices"
	"strings"
	"time"
)

// timely is a number whose answers depend on hours.
type timely struct {
	pair
	hours [2][]*Hours // of each board, those that it depends on
}

// weekly compares the answers to numbers hour by hour.
type weekly struct {
	*turning
	from, to time.Time
	ears     map[int64][2]*ear // at a point in time, on each board
	parts    map[string][]part // by the hours that turn
}

// part is a part of the week in which none of some hours turn on or off. Those with the same hours
// on have the same answers.
type part struct {
	Period
	state string
}

// diverging are the answers to one number on both boards.
type diverging struct{ was, will heard }

// week compares the answers to numbers in the week of a day.
func (t *turning) week(list []timely, day time.Time) {
	from := monday(day.In(t.after.Zone))
	w := &weekly{t, from, from.AddDate(0, 0, 7), map[int64][2]*ear{}, map[string][]part{}}
	for _, n := range list {
		w.number(n)
	}
}

// number takes in how the answers to a number differ: times in which they do so in one way are
// told together.
func (w *weekly) number(n timely) {
	same := map[string]diverging{}
	times := map[diverging][]Period{}
	var order []diverging
	for _, p := range w.partsOf(n) {
		d, found := same[p.state]
		if !found {
			d = w.at(p.From, n.pair)
			same[p.state] = d
		}
		if d.was.same(d.will) {
			continue
		}
		if times[d] == nil {
			order = append(order, d)
		}
		times[d] = lengthened(times[d], p.Period)
	}
	for _, d := range order {
		w.compare(n.name, w.always(times[d]), d.was, d.will)
	}
}

// lengthened adds a period, to the last one where it goes on from that.
func lengthened(list []Period, p Period) []Period {
	if n := len(list); n > 0 && list[n-1].Until.Equal(p.From) {
		list[n-1].Until = p.Until
		return list
	}
	return append(list, p)
}

// always is nil for what is the whole week.
func (w *weekly) always(list []Period) []Period {
	if len(list) == 1 && list[0].From.Equal(w.from) && list[0].Until.Equal(w.to) {
		return nil
	}
	return list
}

// at follows the calls to a number at a point in time.
func (w *weekly) at(at time.Time, p pair) diverging {
	ears, found := w.ears[at.Unix()]
	if !found {
		ears = [2]*ear{w.before.ear(at, nil), w.after.ear(at, nil)}
		w.ears[at.Unix()] = ears
	}
	return diverging{ears[0].heard(p.before), ears[1].heard(p.after)}
}

// partsOf parts the week where the hours that a number depends on turn on or off.
func (w *weekly) partsOf(n timely) []part {
	hours := append(slices.Clone(n.hours[0]), n.hours[1]...)
	var key strings.Builder
	for _, h := range hours {
		key.WriteString(h.Name + "\x00" + h.Address + "\x00")
	}
	out, found := w.parts[key.String()]
	if found {
		return out
	}
	turns := []time.Time{w.from}
	for _, h := range hours {
		turns = append(turns, h.Turns(w.from, w.to)...)
	}
	slices.SortFunc(turns, time.Time.Compare)
	turns = slices.CompactFunc(turns, time.Time.Equal)
	for i, at := range append(turns[1:], w.to) {
		out = append(out, part{Period{turns[i], at}, stateOf(hours, turns[i])})
	}
	w.parts[key.String()] = out
	return out
}

// stateOf says which hours are on.
func stateOf(hours []*Hours, at time.Time) string {
	on := make([]byte, len(hours))
	for i, h := range hours {
		if h.On(at) {
			on[i] = 1
		}
	}
	return string(on)
}
