package simulator

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// Listen serves on a free port of the loopback interface until stop is called.
func (s *Server) Listen() (endpoint string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := HTTP(s, l)
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

// HTTP returns the server of a handler for a listener on this machine. It answers only calls that
// name this machine as their host: a web page may let a name of its own lead here,
// and would otherwise read and change the tenant from a browser.
func HTTP(h http.Handler, l net.Listener) *http.Server {
	_, port, _ := net.SplitHostPort(l.Addr().String()) // a listener's own
	return &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !thisMachine(r.Host, port) {
			writeFault(w, refuse(http.StatusMisdirectedRequest, "the host %s is not this machine's; call http://%s", strconv.Quote(r.Host), l.Addr()))
			return
		}
		h.ServeHTTP(w, r)
	})}
}

// thisMachine reports whether a Host header names this machine and the port.
func thisMachine(host, port string) bool {
	name, given, err := net.SplitHostPort(host)
	if err != nil || given != port {
		return false
	}
	address, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && address.IsLoopback()
}
