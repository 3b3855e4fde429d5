package api

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/singleflight"
)

// token is what every call carries. Generations tell a token that was refused
// from the one that came after it.
type token struct {
	value      string
	generation int
	got        time.Time
	renewAt    time.Time // zero: unknown, used until it is refused
}

// A token older than this may have lapsed without ever being used.
const youngToken = time.Minute

func (t token) usable(refused int) bool {
	return t.generation > refused && (t.renewAt.IsZero() || time.Now().Before(t.renewAt))
}

// tokens keeps the current token. x/oauth2 only makes the request: its own
// client would hand the token to whatever host a redirect names.
type tokens struct {
	client *Client
	conf   clientcredentials.Config
	path   string
	flight singleflight.Group

	mu       sync.Mutex
	current  token
	accepted int // the newest generation that the server took
}

func newTokens(c *Client, cfg Config, address string) *tokens {
	return &tokens{client: c, path: cfg.TokenPath, conf: clientcredentials.Config{
		ClientID:     cfg.AppID,
		ClientSecret: cfg.AppSecret,
		TokenURL:     address,
		AuthStyle:    oauth2.AuthStyleInParams,
	}}
}

func (t *tokens) load() token {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.current
}

// accept notes that the server took a token.
func (t *tokens) accept(tok token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.accepted = max(t.accepted, tok.generation)
}

// worthless tells that a token was refused which is as new as another one would
// be: the server refuses them all. The first of a client is given a second chance.
func (t *tokens) worthless(tok token) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return tok.generation > 1 && tok.generation == t.current.generation && t.accepted < tok.generation && time.Since(tok.got) < youngToken
}

func (t *tokens) value() string { return t.load().value }

// get returns a token newer than the generation that was refused (0: none
// was). All calls that wait share one request, which does not end with the
// context of the one that happened to be first.
func (t *tokens) get(ctx context.Context, refused int) (token, *Error) {
	for {
		if tok := t.load(); tok.usable(refused) {
			return tok, nil
		}
		done := t.flight.DoChan("", func() (any, error) {
			return t.fetch(context.WithoutCancel(ctx), refused)
		})
		select {
		case <-ctx.Done():
			return token{}, t.fail(&Error{Message: "stopped while waiting for the token: " + ctx.Err().Error(), cause: ctx.Err()})
		case r := <-done:
			if r.Err != nil {
				e := *r.Err.(*Error) // each caller has its own copy
				return token{}, &e
			}
			if tok := r.Val.(token); tok.generation > refused {
				return tok, nil
			}
		}
	}
}

// fetch asks the server, unless another call did so in the meantime.
func (t *tokens) fetch(ctx context.Context, refused int) (token, error) {
	old := t.load()
	if old.usable(refused) {
		return old, nil
	}
	if e := t.client.admit(ctx); e != nil {
		return token{}, t.fail(e)
	}
	t.client.counts.token.Add(1)
	sent := time.Now()
	tok, err := t.request(ctx)
	if err != nil {
		e := t.tokenError(ctx, err)
		t.client.learn(sent, e)
		return token{}, t.fail(e)
	}
	t.client.learn(sent, nil)
	tok.generation = old.generation + 1
	t.mu.Lock()
	t.current = tok
	t.mu.Unlock()
	return tok, nil
}

func (t *tokens) request(ctx context.Context) (token, error) {
	ctx, cancel := whole(ctx, 0)
	defer cancel()
	start := time.Now()
	got, err := t.conf.Token(context.WithValue(ctx, oauth2.HTTPClient, t.client.http))
	if err != nil {
		return token{}, err
	}
	if !headerSafe(got.AccessToken) {
		return token{}, errors.New("it holds characters that no token may have")
	}
	if t.client.masking != nil {
		t.client.masking.Hide(got.AccessToken)
	}
	tok := token{value: got.AccessToken, got: start}
	if life := got.Expiry.Sub(start); life > 0 { // a missing expiry lies far back
		tok.renewAt = start.Add(life * 4 / 5)
	}
	return tok, nil
}

// headerSafe keeps a bad token out of net/http, which would put it into the
// text of its error.
func headerSafe(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return s != ""
}

// fail marks an error as one of the token: the call itself was never sent.
func (t *tokens) fail(e *Error) *Error {
	e.Method, e.Path, e.early = "POST", t.path, true
	return e
}

// tokenError puts the failed request into words. The cause is not kept where
// it holds the server's answer.
func (t *tokens) tokenError(ctx context.Context, err error) *Error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return t.client.tokenRefused(answer)
	}
	if isNetwork(err) {
		return networkError(ctx, err)
	}
	return &Error{Message: fmt.Sprintf("the server sent no token: %s", shorten(err.Error())), Hint: noAPI}
}
