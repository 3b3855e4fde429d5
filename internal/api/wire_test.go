package api

import (
	"net"
	"testing"
)

// What was looked at can be looked at again, and a connection of which nothing was sent
// sends nothing afterwards.
func TestUntouchedStaysSo(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	w := &wire{}
	w.asked.Store(true)
	w.got(&counted{Conn: near})
	for range 2 {
		if !w.untouched() {
			t.Error("it was touched")
		}
		if !w.mu.TryLock() {
			t.Fatal("it stays locked")
		}
		w.mu.Unlock()
	}
	if _, err := w.used[0].conn.Write([]byte("x")); err == nil {
		t.Error("it was written to")
	}
}

// A write that fails says so.
func TestCountedWrite(t *testing.T) {
	near, far := net.Pipe()
	far.Close()
	c := &counted{Conn: near}
	if n, err := c.Write([]byte("x")); n != 0 || err == nil || c.sent.Load() != 0 {
		t.Errorf("%d %v, %d counted", n, err, c.sent.Load())
	}
}
