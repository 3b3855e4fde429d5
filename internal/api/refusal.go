package api

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// isNetwork also knows the one error of x/oauth2 that loses its cause: an
// answer that broke off.
func isNetwork(err error) bool {
	var outer *url.Error
	return errors.As(err, &outer) || strings.HasPrefix(err.Error(), "oauth2: cannot fetch token")
}

// tokenRefused reads an answer of the token endpoint that is no token.
func (c *Client) tokenRefused(answer *oauth2.RetrieveError) *Error {
	resp := answer.Response
	status := resp.StatusCode
	if status/100 == 3 {
		return c.redirectError(status, resp.Header)
	}
	answer.Body = []byte(c.mask(string(answer.Body)))
	text := refusal(answer.Body)
	switch {
	case answer.ErrorCode != "" && (status/100 == 2 || status == http.StatusBadRequest || status == http.StatusUnauthorized):
		return &Error{
			Status:  status,
			Message: "the credentials were refused: " + text,
			Hint:    "check the app id and the app secret",
			Auth:    true,
		}
	case text == "":
		text = serverText(status, answer.Body)
	}
	e := &Error{Status: status, Message: "no token: " + text}
	e.judge(resp.Header)
	if status/100 == 4 && !e.again && e.Hint == "" {
		e.Hint = "are the endpoint and the credentials right?"
	}
	return e
}

// refusal joins what the server says: the code, the description, the message.
func refusal(body []byte) string {
	v, _ := decode(body)
	fields, _ := v.(map[string]any)
	var parts []string
	for _, key := range []string{"error", "error_description", "message"} {
		if text, _ := fields[key].(string); text != "" {
			parts = append(parts, shorten(text))
		}
	}
	return strings.Join(parts, ": ")
}
