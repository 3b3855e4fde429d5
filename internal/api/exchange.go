package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// once makes one try: the call, and after a 401 the call again with a new
// token. A 401 means that nothing was done, so this holds for POST too.
func (k *call) once(ctx context.Context) (any, *Error) {
	tok, e := k.tokens.get(ctx, 0)
	if e != nil {
		return nil, e
	}
	v, e := k.present(ctx, tok)
	if e == nil || e.Status != http.StatusUnauthorized {
		return v, e
	}
	if !k.tokens.worthless(tok) {
		var te *Error
		if tok, te = k.tokens.get(ctx, tok.generation); te != nil {
			return nil, te
		}
		v, e = k.present(ctx, tok)
	}
	if e != nil && e.Status == http.StatusUnauthorized {
		e.addHint("the token is new, so the credentials have no right to this call")
	}
	return v, e
}

// present sends the call with the token.
func (k *call) present(ctx context.Context, tok token) (any, *Error) {
	v, e := k.exchange(ctx, tok)
	if e == nil || e.Status != 0 && e.Status != http.StatusUnauthorized {
		k.tokens.accept(tok)
	}
	return v, e
}

// exchange sends the call once and reads the answer.
func (k *call) exchange(ctx context.Context, tok token) (any, *Error) {
	if e := k.admit(ctx); e != nil {
		return nil, k.place(e)
	}
	k.count()
	wire := &wire{}
	sent := time.Now()
	v, e := k.roundTrip(ctx, tok, wire)
	k.learn(sent, e)
	if e == nil {
		k.counts.answered.Add(1)
		k.counts.took.Add(int64(time.Since(sent)))
		return v, nil
	}
	e.Doubtful = k.method != http.MethodGet && doubtful(e, wire)
	k.doubt = k.doubt || e.Doubtful
	k.busy = e.Status == http.StatusTooManyRequests
	return nil, k.place(e)
}

func (k *call) roundTrip(ctx context.Context, tok token, w *wire) (any, *Error) {
	inner, cancel := whole(ctx, k.size())
	defer cancel()
	// Straight to the transport: it cannot follow a redirect.
	resp, err := k.http.Transport.RoundTrip(k.request(w.watch(inner, k.method), tok))
	if err != nil {
		return nil, networkError(ctx, err)
	}
	defer resp.Body.Close()
	k.noteClock(resp.Header)
	if resp.StatusCode/100 != 2 {
		return nil, k.statusError(resp)
	}
	buf, err := readBody(resp, k.limit())
	defer release(buf)
	if errors.Is(err, errTooLong) {
		return nil, &Error{Status: resp.StatusCode, Message: fmt.Sprintf("the answer is longer than %d bytes", k.limit())}
	}
	if err != nil {
		return nil, brokenOff(ctx, resp.StatusCode, err)
	}
	if resp.StatusCode == http.StatusPartialContent {
		return nil, badAnswer(resp.StatusCode, "the server sent a part of the answer (%d), and the whole was asked for", resp.StatusCode)
	}
	k.got = int64(buf.Len())
	if k.raw {
		return parseContent(resp, buf.Bytes())
	}
	return parseAnswer(k.method, resp, buf.Bytes())
}

// request builds the request. Its body cannot be read twice and it carries no
// idempotency key, so net/http never repeats a write by itself.
func (k *call) request(ctx context.Context, tok token) *http.Request {
	req := &http.Request{
		Method: k.method,
		URL:    k.url,
		Host:   k.url.Host,
		Header: http.Header{
			"Accept":        {"application/json"},
			"Authorization": {"Bearer " + tok.value},
			"User-Agent":    {"pbxsync"},
		},
	}
	if k.raw {
		req.Header["Accept"] = []string{"*/*"}
	}
	if k.body != nil {
		req.Header["Content-Type"] = []string{cmp.Or(k.contentType, "application/json")}
		req.Body = io.NopCloser(bytes.NewReader(k.body))
		req.ContentLength = int64(len(k.body))
	}
	return req.WithContext(ctx)
}

func (k *call) count() {
	counter := &k.counts.writes
	if k.method == http.MethodGet {
		counter = &k.counts.reads
	}
	counter.Add(1)
	if k.sent > 0 {
		k.counts.retries.Add(1)
		if k.busy {
			k.counts.busy.Add(1)
		}
	}
	k.sent++
}

func (k *call) place(e *Error) *Error {
	e.Method, e.Path = k.method, k.path
	return e
}

// admit lets a call go: not to a server that is down, not inside a window that
// it named, and no faster than the pace.
func (c *Client) admit(ctx context.Context) *Error {
	if e := c.traceable(); e != nil {
		return e
	}
	if e := c.breaker.refuse(); e != nil {
		return e
	}
	if e := c.pacer.wait(ctx); e != nil {
		return e
	}
	return c.breaker.refuse() // it may have gone down during the wait
}

// traceable lets nothing go of which the trace would not tell.
func (c *Client) traceable() *Error {
	if c.tracer == nil {
		return nil
	}
	if err := c.tracer.Ready(); err != nil {
		return &Error{Message: "nothing was sent, since the trace cannot be written: " + err.Error(), cause: err}
	}
	return nil
}

// learn tells the other calls what came of one.
func (c *Client) learn(sent time.Time, e *Error) {
	c.breaker.note(e)
	switch {
	case e == nil:
		c.pacer.good(sent)
	case e.Status == http.StatusTooManyRequests:
		e.after = c.pacer.tooMany(sent, e.after)
	case e.after > 0:
		c.pacer.close(e.after)
	}
}
