package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/evidence"
)

// slowness is how a slow server answers: the pause before the head, between the bytes
// of the head, before the body, between its bytes.
type slowness struct{ head, headByte, body, bodyByte time.Duration }

// What is promised of one try. It is not taken from the program: longer deadlines have to
// be noticed.
const (
	headLimit  = 30 * time.Second
	pauseLimit = 15 * time.Second
	tryLimit   = 60 * time.Second
)

const slowBody = `{"id":1,"name":"101","label":"A","x":[1,2]}`

func (s slowness) answer(conn net.Conn, _ *http.Request) {
	time.Sleep(s.head)
	drip(conn, okHead+fmt.Sprintf("Content-Length: %d\r\n\r\n", len(slowBody)), s.headByte)
	time.Sleep(s.body)
	drip(conn, slowBody, s.bodyByte)
}

// inTime tells whether the deadlines allow it.
func (s slowness) inTime() bool {
	head := s.head + time.Duration(len(okHead)+21)*s.headByte
	return head < headLimit && max(s.body, s.bodyByte) < pauseLimit && head+s.body+time.Duration(len(slowBody)-1)*s.bodyByte < tryLimit
}

// faultSlow: servers that are slow in one place or another, and such that never
// answer. No try takes longer than its deadline, and what is in time is taken.
func faultSlow(t *testing.T) *tally {
	a := &tally{}
	const ms, s, never = time.Millisecond, time.Second, 12 * time.Hour
	var cases []slowness
	for _, d := range []time.Duration{ms, s, 5 * s, 10 * s, 14 * s, 16 * s, 20 * s, 25 * s, 29 * s, 31 * s, 59 * s, 61 * s, time.Hour, never} {
		cases = append(cases, slowness{head: d}, slowness{body: d}, slowness{head: d, body: d})
	}
	for _, d := range []time.Duration{ms, 10 * ms, 100 * ms, 300 * ms, 500 * ms, s, 10 * s, 14 * s, 16 * s} {
		cases = append(cases, slowness{headByte: d}, slowness{bodyByte: d})
	}
	var worstTry, worstCall time.Duration
	for _, f := range cases {
		for _, method := range allMethods {
			l := &lines{answer: f.answer}
			onLines(t, l, func(t *testing.T, c *Client) {
				start := time.Now()
				_, err := ask(t.Context(), c, method)
				took := time.Since(start)
				worstCall = max(worstCall, took)
				if l.calls.Load() == 1 {
					worstTry = max(worstTry, took)
				}
				e, _ := err.(*Error)
				ok := took < time.Duration(l.calls.Load())*(tryLimit+s)
				if f.inTime() {
					ok = ok && err == nil
				} else {
					ok = ok && e != nil && e.Doubtful == (method != "GET") && (method == "POST") == (l.calls.Load() == 1)
				}
				a.note(ok, "%s %+v: %d tries in %v, %v", method, f, l.calls.Load(), took, err)
			})
		}
	}
	for _, method := range allMethods { // no connection, ever
		synctest.Test(t, func(t *testing.T) {
			l := &lines{dial: func(ctx context.Context, n int) error { <-ctx.Done(); return ctx.Err() }}
			c := client(t, Config{Endpoint: "http://127.0.0.1:1", Dial: l.Dial})
			defer leave(c)
			c.tokens.current = token{value: "t", generation: 1}
			start := time.Now()
			_, err := ask(t.Context(), c, method)
			e, _ := err.(*Error)
			a.note(e != nil && !e.Doubtful && time.Since(start) < 50*s, "%s without a connection: %v", method, err)
		})
	}
	a.figure = fmt.Sprintf("worst time of a try %v, of a call with all its tries %v", worstTry.Round(s), worstCall.Round(s))
	return a
}

// framings are the ways in which an answer says where it ends.
var framings = []struct {
	name  string
	frame func(body string) (head, rest string) // what is never cut, and what is
}{
	{"content-length", func(body string) (string, string) {
		return fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)), body
	}},
	{"chunked", func(body string) (string, string) {
		half := len(body) / 2
		return "Transfer-Encoding: chunked\r\n\r\n", fmt.Sprintf("%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", half, body[:half], len(body)-half, body[half:])
	}},
	{"close-delimited", func(body string) (string, string) { return "Connection: close\r\n\r\n", body }},
}

// faultCut: an answer of 2 KiB that ends at every byte. A GET asks again and gets
// the whole list; a POST is sent once and doubtful.
func faultCut(t *testing.T) *tally {
	a := &tally{}
	var list, object bytes.Buffer
	for i := 1; list.Len() < 2048; i++ {
		fmt.Fprintf(&list, `,{"id":%d,"name":"%03d"}`, i, i)
	}
	rows := strings.Count(list.String(), "{")
	list.ReadByte()
	text := "[" + list.String() + "]"
	fmt.Fprintf(&object, `{"id":1,"label":"%s"}`, strings.Repeat("x", len(text)-19))
	accepted := 0
	for _, f := range framings {
		for cut := 0; ; cut += 40 {
			_, rest := f.frame(text)
			if cut >= len(rest) {
				break
			}
			at := cut // where the next first answer ends
			l := &lines{}
			first := true
			l.answer = func(conn net.Conn, r *http.Request) {
				body := text
				if r.Method == http.MethodPost {
					body = object.String()
				}
				head, rest := f.frame(body)
				if first {
					rest = rest[:at]
				}
				first = false
				io.WriteString(conn, okHead+head+rest)
			}
			onLines(t, l, func(t *testing.T, c *Client) {
				c.budget.spent.Store(-1000)
				for ; at < min(cut+40, len(rest)); at += evidence.Quick(7, 1) {
					synctest.Wait()
					first = true
					l.calls.Store(0)
					got, err := c.List(t.Context(), "/x/", Listing{})
					if err == nil && len(got.Rows) < rows {
						accepted++
					}
					a.note(err == nil && len(got.Rows) == rows && (l.calls.Load() == 2 || tail(f.name, rest, at)), "%s GET cut at %d: %d rows in %d calls, %v", f.name, at, len(got.Rows), l.calls.Load(), err)
					if at%3 > 0 {
						continue
					}
					synctest.Wait() // the server has closed the connection
					first = true
					l.calls.Store(0)
					_, err = c.Send(t.Context(), "POST", "/x/", map[string]any{})
					var e *Error
					a.note(l.calls.Load() == 1 && (errors.As(err, &e) && e.Doubtful || tail(f.name, rest, at)), "%s POST cut at %d: %d calls, %v", f.name, at, l.calls.Load(), err)
				}
			})
		}
	}
	a.figure = fmt.Sprintf("truncated answers accepted: %d", accepted)
	return a
}

// tail tells that only the line end behind the last chunk is missing.
func tail(framing, rest string, at int) bool {
	return framing == "chunked" && at >= len(rest)-2
}

// faultHostile: redirects of every kind to every kind of place, cookies, and heads
// without end.
func faultHostile(t *testing.T) *tally {
	a := &tally{}
	foreign, followed := 0, 0
	run := func(name string, methods []string, token bool, raw string, want string) {
		for _, method := range methods {
			synctest.Test(t, func(t *testing.T) {
				l := &lines{answer: func(conn net.Conn, r *http.Request) { io.WriteString(conn, raw) }}
				if token {
					l.accept = func(conn net.Conn, n int) bool {
						l.calls.Add(1)
						conn.Read(make([]byte, 4096))
						io.WriteString(conn, raw)
						return true
					}
				}
				dial := func(ctx context.Context, network, address string) (net.Conn, error) {
					if address != "127.0.0.1:1" {
						foreign++
					}
					return l.Dial(ctx, network, address)
				}
				c := client(t, Config{Endpoint: "http://127.0.0.1:1", Dial: dial})
				defer leave(c)
				_, err := ask(t.Context(), c, method)
				if l.calls.Load() > 1 {
					followed++
				}
				e, _ := err.(*Error)
				doubt := !token && method != "GET"
				a.note(e != nil && l.calls.Load() == 1 && e.Doubtful == doubt && strings.Contains(e.Error(), want), "%s %s: %d calls, %v", name, method, l.calls.Load(), err)
			})
		}
	}
	for _, code := range []int{300, 301, 302, 303, 305, 307, 308} {
		for _, to := range []string{"/api/ver1.0/y", "http://127.0.0.1:1/api/ver1.0/x/", "http://127.0.0.1:2/", "https://evil.example/", "http://evil.example/", "//evil.example/", "https://evil.example@127.0.0.1:1/", ""} {
			raw := fmt.Sprintf("HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", code, to)
			run(raw, allMethods, false, raw, "redirects are not followed")
			run("token "+raw, []string{"GET", "POST"}, true, raw, "redirects are not followed")
		}
	}
	huge := okHead + strings.Repeat("X-Filler: "+strings.Repeat("x", 990)+"\r\n", 1100) + "Content-Length: 2\r\n\r\n{}"
	run("huge head", allMethods, false, huge, "server response headers exceeded")
	run("huge head of the token", allMethods, true, huge, "server response headers exceeded")
	a.cookies(t)
	a.figure = fmt.Sprintf("requests to foreign hosts: %d, redirects followed: %d", foreign, followed)
	return a
}

// cookies are not kept.
func (a *tally) cookies(t *testing.T) {
	l := &lines{answer: func(conn net.Conn, r *http.Request) {
		a.note(r.Header.Get("Cookie") == "", "a cookie came back: %s", r.Header.Get("Cookie"))
		io.WriteString(conn, okHead+"Set-Cookie: session=1; Path=/\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
	}}
	onLines(t, l, func(t *testing.T, c *Client) {
		for _, method := range append(allMethods, allMethods...) {
			ask(t.Context(), c, method)
		}
	})
}
