package simulator

import (
	"net"
	"net/http"
	"time"
)

// Listen serves on a free port of the loopback interface until stop is called.
func (s *Server) Listen() (endpoint string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		_ = srv.Serve(l) // always ends with ErrServerClosed
		close(done)
	}()
	stop = func() {
		_ = srv.Close()
		<-done
	}
	return "http://" + l.Addr().String(), stop, nil
}
