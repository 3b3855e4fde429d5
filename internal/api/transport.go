package api

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
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
		dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
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
