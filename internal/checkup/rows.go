package checkup

import (
	"errors"
	"net/http"

	"pbxsync/internal/api"
)

// The first rows, in the order in which each needs the one before it.
const (
	Server      = "server"
	Credentials = "credentials"
	Tenant      = "tenant"
	Rights      = "rights"
)

// Row is one thing that has to be right.
type Row struct {
	What    string `json:"what"`
	Good    bool   `json:"good"`
	Untried bool   `json:"not_tried,omitempty"` // something before it is wrong
	Text    string `json:"text"`
}

// Bad tells whether the row itself is what is wrong.
func (r Row) Bad() bool { return !r.Good && !r.Untried }

// Seen is what a first look at a tenant met.
type Seen struct {
	Server string // its address
	From   string // where the credentials come from
	Tenant string // what was found, where Err is nil
	Token  bool   // one was given
	Err    error  // what the look ended with
}

// Rows returns the rows of server, credentials and tenant.
func (s Seen) Rows() []Row {
	rows := []Row{{Server, true, false, s.Server}, {Credentials, true, false, "a token was given"}, {Tenant, true, false, s.Tenant}}
	if s.Err == nil {
		return rows
	}
	wrong := s.wrong()
	after := false
	for i := range rows {
		switch {
		case rows[i].What == wrong:
			rows[i].Good, rows[i].Text, after = false, s.told(wrong), true
		case after && !(rows[i].What == Credentials && s.Token):
			rows[i] = Untried(rows[i].What, wrong)
		}
	}
	return rows
}

// Untried is the row of what could not be tried, since another thing is wrong.
func Untried(what, wrong string) Row {
	why := map[string]string{Server: "the server does not answer as it should", Credentials: "there is no token that the server takes"}[wrong]
	return Row{What: what, Untried: true, Text: "not tried, since " + why}
}

// Wrong returns the first thing that is wrong, "" where none is.
func Wrong(rows []Row) string {
	for _, r := range rows {
		if r.Bad() {
			return r.What
		}
	}
	return ""
}

func (s Seen) told(wrong string) string {
	switch wrong {
	case Server:
		return s.Server + ": " + s.Err.Error()
	case Credentials:
		return s.Err.Error() + "; they come from " + s.From
	}
	return s.Err.Error()
}

// wrong finds what an error is to be blamed on. Whoever gives no token on account of who
// asks says so with one of a few statuses; any other answer without a token is no answer of the API's.
func (s Seen) wrong() string {
	var e *api.Error
	if !errors.As(s.Err, &e) {
		return Tenant
	}
	refused := e.Status == http.StatusBadRequest || e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	switch {
	case !s.Token && (e.Auth || refused):
		return Credentials
	case !s.Token || e.Status < 400 || e.Status >= 500: // no answer, another page, a failure
		return Server
	case e.Status == http.StatusUnauthorized:
		return Credentials
	}
	return Tenant
}
