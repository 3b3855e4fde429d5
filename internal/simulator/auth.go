package simulator

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"
)

// oauthParam begins OAuth's words for an application, which the API calls a client.
const oauthParam = "client_"

// tokens are the access tokens that were given out and have not expired.
type tokens struct {
	mu   sync.Mutex
	ends map[string]time.Time
}

func (t *tokens) issue(life time.Duration) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ends == nil {
		t.ends = map[string]time.Time{}
	}
	now := time.Now()
	for token, end := range t.ends {
		if now.After(end) {
			delete(t.ends, token)
		}
	}
	token := rand.Text()
	t.ends[token] = now.Add(life)
	return token
}

func (t *tokens) valid(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	end, ok := t.ends[token]
	return ok && time.Now().Before(end)
}

// ExpireTokens makes every token that was issued so far answer 401.
func (s *Server) ExpireTokens() {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	s.tokens.ends = nil
}

// serveToken takes the credentials as the documents have them, in a form, and as
// public clients send them: in the address, or in a form of several parts.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		writeJSON(w, http.StatusMethodNotAllowed, map[string]any{"message": "use POST"})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	if r.FormValue("grant_type") != "client_credentials" {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type"})
		return
	}
	if !s.known(r.FormValue(oauthParam+"id"), r.FormValue(oauthParam+"secret")) {
		writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	answer := map[string]any{
		"access_token": s.tokens.issue(s.opts.TokenLife),
		"token_type":   "Bearer",
		"scope":        "all",
	}
	if !s.opts.OmitExpiresIn {
		answer["expires_in"] = int64(s.opts.TokenLife / time.Second)
	}
	writeJSON(w, http.StatusOK, answer)
}

func (s *Server) known(app, secret string) bool {
	if app == "" || secret == "" {
		return false
	}
	return matches(s.opts.AppID, app) && matches(s.opts.AppSecret, secret)
}

func matches(want, got string) bool {
	return want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

func (s *Server) authorise(r *http.Request) error {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return refuse(http.StatusUnauthorized, "the access token is missing")
	}
	if !s.tokens.valid(token) {
		return refuse(http.StatusUnauthorized, "the access token is not known or has expired")
	}
	return nil
}
