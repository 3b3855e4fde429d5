package plan

// This file finds out what becomes of the items of a sequence with the fewest calls. It knows
// their numbers, which two are the same, and which can be changed into which.

// aligning is two lists: what there is, and what is wanted.
type aligning struct {
	live, want int
	same       func(live, want int) bool
	changeable func(live, want int) bool
}

const dearest = 1 << 20 // pairs that are looked at; beyond, items are paired by their places

// none is in the place of a live item where a wanted one is new.
const none = -1

// inOrder returns, for each wanted item, the live one that becomes it. They keep their order,
// and those that are new are the last: no call moves an item, or puts one before another.
func (a aligning) inOrder() []int {
	first := 0
	for first < min(a.live, a.want) && a.same(first, first) {
		first++
	}
	was := make([]int, a.want)
	for j := range was {
		if was[j] = none; j < first {
			was[j] = j
		}
	}
	if (a.live-first)*(a.want-first) > dearest {
		for j := first; j < min(a.live, a.want) && a.pairs(j, j); j++ {
			was[j] = j
		}
		return was
	}
	costs := a.costs(first)
	for i, j := first, first; i < a.live && j < a.want; i++ {
		switch rest := costs[i-first+1]; costs[i-first][j-first] {
		case a.paired(i, j, rest[j-first+1]):
			was[j] = i
			j++
		case 1 + rest[j-first]: // this one goes
		default: // all of the rest goes, and what is wanted is new
			return was
		}
	}
	return was
}

// costs returns the calls that are needed from each live and each wanted item on.
func (a aligning) costs(first int) [][]int {
	costs := make([][]int, a.live-first+1)
	for i := a.live; i >= first; i-- {
		row := make([]int, a.want-first+1)
		for j := a.want; j >= first; j-- {
			least := a.live - i + a.want - j
			if i < a.live && j < a.want {
				least = min(least, 1+costs[i-first+1][j-first])
				if n := a.paired(i, j, costs[i-first+1][j-first+1]); n != none {
					least = min(least, n)
				}
			}
			row[j-first] = least
		}
		costs[i-first] = row
	}
	return costs
}

// paired returns the calls where a live item becomes a wanted one and the rest needs some, none
// where it cannot.
func (a aligning) paired(i, j, rest int) int {
	if !a.pairs(i, j) {
		return none
	}
	return a.cost(i, j) + rest
}

func (a aligning) pairs(i, j int) bool { return a.same(i, j) || a.changeable(i, j) }

func (a aligning) cost(i, j int) int {
	if a.same(i, j) {
		return 0
	}
	return 1
}

// anyOrder returns the same where a call can order the items afterwards.
func (a aligning) anyOrder() []int {
	was, taken := make([]int, a.want), make([]bool, a.live)
	for j := range was {
		was[j] = none
	}
	a.take(was, taken, func(i, j int) bool { return i == j && a.same(i, j) })
	a.take(was, taken, a.same)
	a.take(was, taken, func(i, j int) bool { return i == j && a.changeable(i, j) })
	a.take(was, taken, a.changeable)
	return was
}

func (a aligning) take(was []int, taken []bool, fits func(i, j int) bool) {
	for j := range was {
		for i := 0; i < a.live && was[j] == none; i++ {
			if !taken[i] && fits(i, j) {
				was[j], taken[i] = i, true
			}
		}
	}
}

// calls returns how many calls an alignment needs, and whether the items are in their order
// after these.
func (a aligning) calls(was []int) (n int, ordered bool) {
	kept, last, isNew := 0, none, false
	ordered = true
	for j, i := range was {
		if i == none {
			n, isNew = n+1, true
			continue
		}
		kept++
		n += a.cost(i, j)
		ordered = ordered && i > last && !isNew
		last = i
	}
	return n + a.live - kept, ordered
}
