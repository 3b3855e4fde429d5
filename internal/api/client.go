// Package api speaks HTTP with the PBX: token, pages, retries, rate and errors.
// One generic client serves all kinds of objects. It knows nothing of kinds,
// fields, terminals, flags or the environment (but for Go's own HTTPS_PROXY).
//
// What it promises: a create is never sent twice on a guess, the credentials
// go to the configured server only, and whatever is not a whole JSON answer is
// an error and never an empty list.
package api

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Config says which server is spoken to, as whom and how fast.
type Config struct {
	Endpoint  string // scheme://host[:port]
	BasePath  string // below it lie the resources; default /api/ver1.0
	TokenPath string // default /oauth/token
	AppID     string
	AppSecret string

	PageSize    int     // rows asked for on each page of a list, default 200
	Parallelism int     // connections to the server, default 10
	Rate        float64 // calls per second, 0 for no limit
	MaxBody     int64   // longest answer in bytes, unpacked; default 32 MiB

	// Mask is told each token, and takes secrets out of what a server says.
	Mask Mask

	// Tracer is told of each call as it went over the wire, or nil.
	Tracer Tracer

	// RetryBase is the longest first wait before a call is repeated, default
	// 500 ms; all other waits are multiples of it.
	RetryBase time.Duration

	// Transport replaces net/http's, for tests: with one that works in the same
	// process the client lives in virtual time. It has to heed the request's
	// context, in the body of its answer too. Where it fails, a write counts as
	// sent, unless it called GetConn of the request's httptrace.ClientTrace and
	// has not called WroteHeaders.
	Transport http.RoundTripper
	// Dial replaces only the connections below net/http's transport, for tests.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Mask knows secrets and takes them out of texts.
type Mask interface {
	Hide(secret string)
	Text(s string) string
}

// Counts are the calls sent so far, repeated ones included. Reads and Writes
// less Retries is the number of different calls.
type Counts struct {
	Token, Reads, Writes, Retries int

	Busy   int           // those of the retries that followed a 429, which costs time and no budget
	Pauses int           // waits before a repeated call, or for a window that the server named
	Paused time.Duration // their sum over all calls, which may wait together
}

// Amplification is how many calls were sent for each one that was wanted. Repeats
// after a 429 are not counted: the server asked for them, and set their time.
func (c Counts) Amplification() float64 {
	wanted := c.Reads + c.Writes - c.Retries
	if wanted < 1 {
		return 1
	}
	return float64(wanted+c.Retries-c.Busy) / float64(wanted)
}

// Client is a connection to one server. It may be used by many goroutines.
type Client struct {
	base     *url.URL // scheme, host and base path
	http     *http.Client
	tokens   *tokens
	pacer    *pacer
	breaker  breaker
	budget   budget
	pageSize int
	maxBody  int64
	wait     time.Duration
	secret   string
	masking  Mask
	tracer   Tracer // or nil

	skew   atomic.Pointer[time.Duration] // see ClockSkew
	counts struct{ token, reads, writes, retries, busy, pauses, paused, answered, took atomic.Int64 }
}

// New makes a client. It sends nothing; the first call asks for the token.
func New(cfg Config) (*Client, error) {
	base, err := parseEndpoint(cfg.Endpoint)
	if err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	c := &Client{
		base:     base,
		http:     newHTTPClient(cfg),
		pageSize: cfg.PageSize,
		maxBody:  cfg.MaxBody,
		wait:     cfg.RetryBase,
		secret:   cfg.AppSecret,
		masking:  cfg.Mask,
		tracer:   cfg.Tracer,
	}
	c.pacer = newPacer(cfg, c.rested)
	c.tokens = newTokens(c, cfg, base.String()+cfg.TokenPath)
	base.Path = strings.TrimRight(cfg.BasePath, "/")
	return c, nil
}

// Close gives connections back that wait for another call.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func (cfg Config) withDefaults() Config {
	setDefault(&cfg.BasePath, "/api/ver1.0")
	setDefault(&cfg.TokenPath, "/oauth/token")
	setDefault(&cfg.PageSize, 200)
	setDefault(&cfg.Parallelism, 10)
	setDefault(&cfg.MaxBody, 32<<20)
	setDefault(&cfg.RetryBase, 500*time.Millisecond)
	return cfg
}

func setDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// Authorized tells whether the server has given a token.
func (c *Client) Authorized() bool { return c.tokens.value() != "" }

// Latency is how long a call took so far, from sending it to the end of the answer; 0 where there was none.
func (c *Client) Latency() time.Duration {
	return time.Duration(c.counts.took.Load() / max(1, c.counts.answered.Load()))
}

// Counts tells what was sent so far.
func (c *Client) Counts() Counts {
	return Counts{
		Token:   int(c.counts.token.Load()),
		Reads:   int(c.counts.reads.Load()),
		Writes:  int(c.counts.writes.Load()),
		Retries: int(c.counts.retries.Load()),
		Busy:    int(c.counts.busy.Load()),
		Pauses:  int(c.counts.pauses.Load()),
		Paused:  time.Duration(c.counts.paused.Load()),
	}
}

func (c *Client) rested(d time.Duration) {
	c.counts.pauses.Add(1)
	c.counts.paused.Add(int64(d))
}
