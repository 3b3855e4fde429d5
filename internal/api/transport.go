package api

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// newHTTPClient returns a client that follows no redirect: it would repeat
// bodies with passwords and hand the token to another host. It keeps no cookies.
func newHTTPClient(cfg Config) *http.Client {
	transport := cfg.Transport
	if transport == nil {
		transport = newTransport(cfg)
	}
	var outer http.RoundTripper = &deadlines{transport}
	if cfg.Tracer != nil {
		outer = &traced{next: outer, tracer: cfg.Tracer, tokenPath: cfg.TokenPath}
	}
	return &http.Client{
		Transport: outer,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// newTransport speaks HTTP/1.1: its own dialer switches HTTP/2 off in net/http.
func newTransport(cfg Config) *http.Transport {
	dial := cfg.Dial
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 30 * time.Second, Control: onlyTo(cfg.Endpoint)}).DialContext
	}
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            countBytes(dial),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    tlsTimeout,
		MaxIdleConns:           cfg.Parallelism,
		MaxIdleConnsPerHost:    cfg.Parallelism,
		MaxConnsPerHost:        cfg.Parallelism,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
}

// proxy is that of the environment for https. Http is spoken with this machine only,
// and a proxy would be told the credentials in clear.
func proxy(r *http.Request) (*url.URL, error) {
	if r.URL.Scheme != "https" {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// elsewhere is an address to which no http goes.
type elsewhere string

func (e elsewhere) Error() string {
	return string(e) + " is not this machine, and http is for this machine only"
}

// onlyTo lets http go to the addresses of this machine and to no other, whatever a
// name such as localhost leads to.
func onlyTo(endpoint string) func(network, address string, _ syscall.RawConn) error {
	if strings.HasPrefix(endpoint, "https:") {
		return nil
	}
	return func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !to.Addr().Unmap().IsLoopback() {
			return elsewhere(address)
		}
		return nil
	}
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

func countBytes(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &counted{Conn: conn}, nil
	}
}
