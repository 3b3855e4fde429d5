package api

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// doubtful tells whether a failed write may have been done. Only these are
// certain: nothing was written, or the server refused in clear words.
func doubtful(e *Error, w *wire) bool {
	switch e.Status {
	case 400, 401, 403, 404, 405, 413, 415, 422, 429:
		return false
	case 0:
		return !w.untouched()
	}
	return true
}

// statusError reads an answer that is no success.
// Secrets leave before anything is shortened: what is left of half a secret is not
// known for one any more.
func (c *Client) statusError(resp *http.Response) *Error {
	if resp.StatusCode/100 == 3 {
		return c.redirectError(resp.StatusCode, resp.Header)
	}
	buf, err := readBody(resp, maxErrorBody) // half a reason is better than none
	defer release(buf)
	e := &Error{Status: resp.StatusCode, Message: serverText(resp.StatusCode, []byte(c.mask(buf.String())))}
	if errors.Is(err, errTooLong) {
		e.Message += ", and more that was not read"
	}
	e.judge(resp.Header)
	return e
}

// judge adds what follows from the status alone.
func (e *Error) judge(h http.Header) {
	switch {
	case e.Status == http.StatusUnauthorized:
		e.Auth = true
	case e.Status == http.StatusForbidden:
		e.Auth = true
		e.addHint("the credentials have no right to this call")
	case e.Status == http.StatusNotImplemented: // and will not be a moment later
	case e.Status == http.StatusTooManyRequests || e.Status >= 500:
		e.again = true
		e.heed(h)
	}
}

func (c *Client) redirectError(status int, h http.Header) *Error {
	e := &Error{Status: status, Message: "the server redirects, and redirects are not followed"}
	if to := shorten(c.mask(h.Get("Location"))); to != "" {
		e.Message = "the server redirects to " + to + ", and redirects are not followed"
	}
	e.Hint = "is the endpoint right?"
	return e
}

// networkError is a call without an answer. The address that net/http puts
// into its text is left out: the path is there already.
func networkError(ctx context.Context, err error) *Error {
	if cause := ctx.Err(); cause != nil {
		return &Error{Message: "stopped while waiting for the answer: " + cause.Error(), cause: cause}
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	e := &Error{Message: "no answer from the server: " + shorten(err.Error()), Unreachable: true, cause: err, again: true}
	e.explain(err)
	return e
}

// explain finds the errors that another try cannot cure.
func (e *Error) explain(err error) {
	var timeout interface{ Timeout() bool }
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var dns *net.DNSError
	var far elsewhere
	switch {
	case errors.As(err, &far):
		e.again, e.Hint = false, "use https"
	case errors.As(err, &cert):
		e.again, e.Hint = false, "is the endpoint right? A private authority is named by SSL_CERT_FILE"
	case errors.As(err, &record) || strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		e.again, e.Hint = false, "does the server speak https on this port?"
	case oldTLS(err):
		e.again, e.Hint = false, "the server offers no version of TLS from 1.2 on, and older ones can be read by others; it has to be brought up to date"
	case errors.As(err, &dns) && dns.IsNotFound:
		e.again, e.Hint = false, "is the endpoint right?"
	case strings.Contains(err.Error(), "server response headers exceeded"):
		e.again, e.Hint = false, noAPI
	case errors.As(err, &timeout) && timeout.Timeout():
		e.late, e.Message = true, "the server did not answer in time: "+shorten(err.Error())
	case refused(err):
		e.Hint = "is the endpoint right, and is the server running?"
	}
}

// oldTLS reports that the two sides have no version of TLS in common: either of them
// may have been the one to say so. crypto/tls has no type for it.
func oldTLS(err error) bool {
	text := err.Error()
	return strings.Contains(text, "tls: protocol version not supported") || strings.Contains(text, "tls: server selected unsupported protocol version")
}

func refused(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// brokenOff is an answer that began and did not end.
func brokenOff(ctx context.Context, status int, err error) *Error {
	if cause := ctx.Err(); cause != nil {
		return &Error{Status: status, Message: "stopped while reading the answer: " + cause.Error(), cause: cause}
	}
	var passed late
	return &Error{Status: status, Message: "the answer broke off: " + shorten(err.Error()), cause: err, again: true, late: errors.As(err, &passed)}
}

// mask takes the secret out of a text that a server may have echoed.
func (c *Client) mask(text string) string {
	for _, secret := range []string{c.secret, url.QueryEscape(c.secret), c.tokens.value()} {
		if len(secret) >= shortestSecret {
			text = strings.ReplaceAll(text, secret, "[secret]")
		}
	}
	if c.masking != nil {
		text = c.masking.Text(text)
	}
	return text
}
