package api

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// A server that fails this often in a row is left alone.
const maxRow = 5

// breaker counts the failures in a row: 5xx, and answers that came too late.
// It does not close again by itself.
type breaker struct {
	mu   sync.Mutex
	row  int
	last string
}

func (b *breaker) note(e *Error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.row >= maxRow:
	case e != nil && (e.late || e.Status >= 500):
		b.row++
		b.last = e.Message
		if e.Status >= 500 {
			b.last = fmt.Sprintf("%d: %s", e.Status, e.Message)
		}
	case e == nil || e.Status != 0: // it answers
		b.row = 0
	}
}

// Afresh forgets the failures in a row: what comes next is about another tenant, and
// one that fails may not keep the others from being read.
func (c *Client) Afresh() {
	c.breaker.mu.Lock()
	defer c.breaker.mu.Unlock()
	c.breaker.row = 0
}

func (b *breaker) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.row >= maxRow
}

// refuse is the error of a call that is not sent any more; nil if it may be.
func (b *breaker) refuse() *Error {
	if !b.open() {
		return nil
	}
	return &Error{Message: fmt.Sprintf("not sent: the server failed %d times in a row (last: %s)", maxRow, b.last),
		Hint: "run it again when the server is well", early: true}
}

// The repeats of a run: a tenth of its calls, and a few even if it is short.
const (
	budgetShare = 10
	budgetFloor = 10
)

// budget keeps a client from making a failing server's load worse. A 429 costs
// nothing of it: its price is time.
type budget struct{ calls, spent atomic.Int64 }

func (b *budget) take() bool {
	for {
		spent := b.spent.Load()
		if spent >= max(budgetFloor, b.calls.Load()/budgetShare) {
			return false
		}
		if b.spent.CompareAndSwap(spent, spent+1) {
			return true
		}
	}
}
