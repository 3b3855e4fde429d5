package waiting

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	soon   = time.Second            // on a screen: nobody wonders before
	late   = 10 * time.Second       // elsewhere, for the first line and between two
	redraw = 200 * time.Millisecond // of a screen
	erase  = "\r\x1b[K"
)

// Line is what is shown.
type Line struct {
	To     io.Writer
	Screen bool // To is one, so that a line can be written over

	mu    sync.Mutex
	shown bool
	end   chan struct{} // nil: nothing is waited for
}

// Begin shows that something goes on, in the words that say returns, until something else is
// printed or Stop is called.
func (l *Line) Begin(say func() string) {
	l.Stop()
	end := make(chan struct{})
	l.mu.Lock()
	l.end = end
	l.mu.Unlock()
	go l.show(end, say)
}

func (l *Line) show(end chan struct{}, say func() string) {
	first, next := late, late
	if l.Screen {
		first, next = soon, redraw
	}
	for wait := first; ; wait = next {
		t := time.NewTimer(wait)
		select {
		case <-end:
			t.Stop()
			return
		case <-t.C:
		}
		l.write(end, say())
	}
}

func (l *Line) write(end chan struct{}, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.end != end: // it has ended
	case l.Screen:
		l.shown = true
		fmt.Fprint(l.To, erase+text)
	default:
		fmt.Fprintln(l.To, text)
	}
}

// Stop ends it, and takes away what stands on the screen.
func (l *Line) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.end != nil {
		close(l.end)
		l.end = nil
	}
	if l.shown {
		l.shown = false
		fmt.Fprint(l.To, erase)
	}
}

// Over returns a writer that ends the line before anything is written.
func (l *Line) Over(w io.Writer) io.Writer { return over{l, w} }

type over struct {
	line *Line
	io.Writer
}

func (o over) Write(p []byte) (int, error) {
	o.line.Stop()
	return o.Writer.Write(p)
}
