package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

var sample = `{"id":30,"name":"000*300","extension_group_id":14,"dial_rule_limit":null,"ani_rfc3325":false,"message_did":"string","status":"active","domain":"sip.example","create_date":"2020-03-16 12:11:13","label":"Alice Archer","caller_id_name":"Alice","client_id":12,"type":"phone"}`

// A GET of ours beside one of net/http and encoding/json, without a network.
func BenchmarkGet(b *testing.B) {
	transport := fake(func(*http.Request) (*http.Response, error) { return reply(200, sample), nil })
	b.Run("api", func(b *testing.B) {
		c, err := New(Config{Endpoint: "https://pbx.example", Transport: transport})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Get(b.Context(), "/extension/30/phone/"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		c := &http.Client{Transport: transport}
		b.ReportAllocs()
		for b.Loop() {
			req, _ := http.NewRequestWithContext(b.Context(), "GET", "https://pbx.example/api/ver1.0/extension/30/phone/", nil)
			resp, err := c.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			var v any
			dec := json.NewDecoder(resp.Body)
			dec.UseNumber()
			if err := dec.Decode(&v); err != nil {
				b.Fatal(err)
			}
			resp.Body.Close()
		}
	})
}

func BenchmarkDecodeList(b *testing.B) {
	body := []byte("[" + strings.Repeat(sample+",", 199) + sample + "]")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(body); err != nil {
			b.Fatal(err)
		}
	}
}
