package pbx

import (
	"pbxsync/internal/api"
	"pbxsync/internal/api/adapter"
	"pbxsync/sync/call"
)

// Config says which server is spoken to, as whom and how fast. Only Endpoint, AppID and
// AppSecret have no default.
type Config struct {
	Endpoint  string // https://host[:port]; http only for this machine
	AppID     string
	AppSecret string
	BasePath  string // below it lie the resources; default /api/ver1.0
	TokenPath string // default /oauth/token

	PageSize    int     // rows asked for on each page of a list, default 200
	Parallelism int     // connections to the server, default 10
	Rate        float64 // calls per second, 0 for no limit
}

// Server is a connection to one PBX. It may be used by many goroutines.
type Server struct{ client *api.Client }

// Dial checks the settings and makes a connection. It sends nothing: the first call asks
// for the token. The credentials go to the endpoint only.
func Dial(c Config) (*Server, error) {
	client, err := api.New(api.Config{Endpoint: c.Endpoint, AppID: c.AppID, AppSecret: c.AppSecret, BasePath: c.BasePath, TokenPath: c.TokenPath,
		PageSize: c.PageSize, Parallelism: c.Parallelism, Rate: c.Rate})
	if err != nil {
		return nil, err
	}
	return &Server{client}, nil
}

// Reader returns the half that cannot write: what plans, compares or imports gets no other.
func (s *Server) Reader() call.Reader { return adapter.Read(s.client) }

// Writer returns what may write, for carrying a plan out.
func (s *Server) Writer() call.Writer { return adapter.Write(s.client) }

// Close gives connections back that wait for another call.
func (s *Server) Close() { s.client.Close() }
