package simulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"time"

	"pbxsync/internal/faults"
)

// reply is an answer that was not sent yet.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// Header is that of http.ResponseWriter.
func (p *reply) Header() http.Header {
	if p.header == nil {
		p.header = http.Header{}
	}
	return p.header
}

// WriteHeader is that of http.ResponseWriter.
func (p *reply) WriteHeader(status int) {
	if p.status == 0 {
		p.status = status
	}
}

// Write is that of http.ResponseWriter.
func (p *reply) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	p.body = append(p.body, b...)
	return len(b), nil
}

func (p *reply) code() int {
	if p == nil {
		return 0
	}
	return p.status
}

// finish gives the client what the rule says.
func (c *scene) finish(end *faults.Rule, pace pacing) {
	p := c.reply
	switch end.Do {
	case faults.Drop:
		c.drop(end.Reset)
		return
	case faults.Truncate:
		c.deliver(p, end.Bytes, end.Framing, pace)
		return
	case faults.Status:
		p = failed(cmp.Or(end.Status, http.StatusInternalServerError), end)
	case faults.RateLimit:
		p = failed(http.StatusTooManyRequests, end)
	case faults.Content:
		p = spoilt(p, end)
	}
	if p.code() == 0 { // the client went away while the server took its time
		panic(http.ErrAbortHandler)
	}
	c.deliver(p, len(p.body), faults.FramingLength, pace)
}

// drop breaks the connection: by a panic as net/http wants it, or hard.
func (c *scene) drop(reset bool) {
	if reset {
		if conn, _, err := http.NewResponseController(c.w).Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // then Close resets
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}

// deliver sends the answer, or the beginning of it.
func (c *scene) deliver(p *reply, most int, framing string, pace pacing) {
	if p.code() == 0 {
		panic(http.ErrAbortHandler)
	}
	head := c.w.Header()
	for name, values := range p.header {
		head[name] = values
	}
	switch {
	case p.status == http.StatusNoContent || p.status == http.StatusNotModified:
	case framing == faults.FramingClose:
		head.Set("Transfer-Encoding", "identity") // net/http then closes the connection at the end
	case framing != faults.FramingChunked:
		head.Set("Content-Length", strconv.Itoa(len(p.body)))
	}
	c.w.WriteHeader(p.status)
	c.rec.Status = p.status
	part := p.body[:min(most, len(p.body))]
	if framing == faults.FramingChunked || len(part) < len(p.body) {
		c.flush()
	}
	if !c.drip(part, pace) {
		panic(http.ErrAbortHandler)
	}
	if len(part) < len(p.body) && framing != faults.FramingClose {
		c.flush()
		panic(http.ErrAbortHandler)
	}
	c.rec.Answered = len(part) == len(p.body)
}

func (c *scene) flush() { _ = http.NewResponseController(c.w).Flush() }

// drip sends a body at its pace, and returns false if the client has gone.
func (c *scene) drip(body []byte, p pacing) bool {
	if p.stall > 0 && p.at <= len(body) {
		rest := pacing{speed: p.speed}
		if !c.drip(body[:p.at], rest) {
			return false
		}
		c.flush()
		return c.wait(p.stall) && c.drip(body[p.at:], rest)
	}
	if len(body) == 0 { // after 204 net/http allows no Write either
		return true
	}
	if p.speed <= 0 {
		_, err := c.w.Write(body)
		return err == nil
	}
	step := max(1, p.speed/10)
	pause := time.Duration(step) * time.Second / time.Duration(p.speed)
	for len(body) > 0 {
		n := min(step, len(body))
		if _, err := c.w.Write(body[:n]); err != nil {
			return false
		}
		c.flush()
		if body = body[n:]; len(body) > 0 && !c.wait(pause) {
			return false
		}
	}
	return true
}

// failed is an answer that the server itself would not have given.
func failed(status int, end *faults.Rule) *reply {
	p := &reply{}
	if end.RetryAfter != "" {
		p.Header().Set("Retry-After", end.RetryAfter)
	}
	if end.Location != "" {
		p.Header().Set("Location", end.Location)
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		p.WriteHeader(status)
		return p
	}
	writeJSON(p, status, map[string]any{"message": http.StatusText(status)})
	return p
}

// spoilt is a success that is not what it should be.
func spoilt(p *reply, end *faults.Rule) *reply {
	status, kind, body := http.StatusOK, "application/json", end.Body
	var truth []byte
	if end.As == faults.AsHalf || end.As == faults.AsBOM || end.As == faults.AsTrailing {
		if p.code() != 0 {
			status, truth = p.status, p.body
		}
	}
	switch end.As {
	case faults.AsHTML:
		kind, body = "text/html; charset=utf-8", "<!DOCTYPE html><title>Welcome</title><p>Please log in."
	case faults.AsEmpty:
		kind, body = "text/html; charset=utf-8", ""
	case faults.AsNoContent:
		status, kind, body = http.StatusNoContent, "", ""
	case faults.AsXML:
		kind, body = "application/xml", `<?xml version="1.0"?><message>Hello</message>`
	case faults.AsObject:
		body = "{}"
	case faults.AsList:
		body = "[]"
	case faults.AsNull:
		body = "null"
	case faults.AsHalf:
		body = string(half(truth))
	case faults.AsBOM:
		body = "\ufeff" + string(truth)
	case faults.AsTrailing:
		body = string(truth) + "and more"
	}
	out := &reply{status: status, body: []byte(body)}
	if kind = cmp.Or(end.Type, kind); kind != "" {
		out.Header().Set("Content-Type", kind)
	}
	return out
}

// half is the first half of a list; what is no list stays as it is.
func half(body []byte) []byte {
	var rows []json.RawMessage
	if json.Unmarshal(body, &rows) != nil {
		return body
	}
	return listOfRows(rows[:len(rows)/2])
}

func listOfRows(rows []json.RawMessage) []byte {
	return append(append([]byte("["), bytes.Join(raw(rows), []byte(","))...), "]\n"...)
}

func raw(rows []json.RawMessage) [][]byte {
	out := make([][]byte, len(rows))
	for i, r := range rows {
		out[i] = r
	}
	return out
}
