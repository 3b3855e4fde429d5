package api

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// A server that speaks only versions of TLS that others can read is named, and not
// tried again. One refuses ours, another chooses its own all the same.
func TestOldTLS(t *testing.T) {
	var dialled atomic.Int64
	refuses := httptest.NewUnstartedServer(http.NotFoundHandler())
	refuses.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	refuses.Config.ErrorLog = log.New(io.Discard, "", 0)
	refuses.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			dialled.Add(1)
		}
	}
	refuses.StartTLS()
	defer refuses.Close()
	chooses, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer chooses.Close()
	go func() {
		for {
			conn, err := chooses.Accept()
			if err != nil {
				return
			}
			dialled.Add(1)
			_, _ = conn.Read(make([]byte, 1<<12))
			hello := append([]byte{2, 0, 0, 38, 3, 2}, make([]byte, 32)...) // a server hello of TLS 1.1
			hello = append(hello, 0, 0xc0, 0x13, 0)
			_, _ = conn.Write(append([]byte{22, 3, 2, 0, byte(len(hello))}, hello...))
			_, _ = conn.Read(make([]byte, 1<<12))
			_ = conn.Close()
		}
	}()
	for _, endpoint := range []string{refuses.URL, "https://" + chooses.Addr().String()} {
		dialled.Store(0)
		_, err := client(t, Config{Endpoint: endpoint}).Get(t.Context(), "/x")
		if err == nil || !strings.Contains(err.Error(), "the server offers no version of TLS from 1.2 on") || strings.Contains(err.Error(), "tried") || dialled.Load() != 1 {
			t.Errorf("%s: %v, %d times", endpoint, err, dialled.Load())
		}
	}
}

// Http is for this machine, so no proxy is told of it, however its name is written;
// and the name has to lead to this machine.
func TestHTTPStaysOnThisMachine(t *testing.T) {
	for _, endpoint := range []string{"http://LocalHost:9", "http://localhost:9", "http://127.0.0.2:9", "http://[::1]:9"} {
		u, err := url.Parse(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if to, err := newTransport(Config{Endpoint: endpoint}).Proxy(&http.Request{URL: u}); to != nil || err != nil {
			t.Errorf("%s goes through %v, %v", endpoint, to, err)
		}
	}
	check := onlyTo("http://localhost:9")
	for address, ours := range map[string]bool{"127.0.0.1:9": true, "[::1]:9": true, "127.8.9.10:9": true, "[::ffff:127.0.0.1]:9": true,
		"10.0.0.1:9": false, "192.0.2.1:80": false, "[fe80::1]:9": false, "0.0.0.0:9": false, "localhost:9": false} {
		if err := check("tcp", address, nil); (err == nil) != ours {
			t.Errorf("%s: %v", address, err)
		}
	}
	if onlyTo("https://pbx.example") != nil {
		t.Error("https goes anywhere")
	}
	c := client(t, Config{Endpoint: "http://localhost:9"})
	c.http = newHTTPClient(Config{Endpoint: "http://192.0.2.1:9"})
	k := &call{Client: c, method: "GET", path: "/x", url: &url.URL{Scheme: "http", Host: "192.0.2.1:9", Path: "/x"}}
	if _, e := k.roundTrip(t.Context(), token{value: "t"}, &wire{}); e == nil || e.again || !strings.Contains(e.Message, "192.0.2.1:9 is not this machine") {
		t.Errorf("%v", e)
	}
}

// The environment names proxies, which net/http reads once.
func init() {
	for name, value := range map[string]string{"HTTPS_PROXY": "http://proxy.example:3128", "HTTP_PROXY": "http://proxy.example:3129", "NO_PROXY": "", "https_proxy": "", "http_proxy": "", "no_proxy": ""} {
		_ = os.Setenv(name, value)
	}
}

// Https goes through the proxy of the environment, and http through none.
func TestProxyOfTheEnvironment(t *testing.T) {
	for address, want := range map[string]string{"https://pbx.example/x": "http://proxy.example:3128", "http://pbx.example/x": "<nil>"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		to, err := newTransport(Config{Endpoint: "https://pbx.example"}).Proxy(&http.Request{URL: u})
		if got := fmt.Sprint(to); got != want || err != nil {
			t.Errorf("%s: %s %v", address, got, err)
		}
	}
}
