package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"pbxsync/internal/evidence"
)

// nonsense is an answer that is none: what is in it, and for which endpoints it
// would be one all the same.
type nonsense struct {
	name, head, body string
	fine             []string
}

const (
	typeJSON = "Content-Type: application/json\r\n"
	typeHTML = "Content-Type: text/html; charset=utf-8\r\n"
	zipped   = typeJSON + "Content-Encoding: gzip\r\n"
	file     = "Content-Type: audio/wav\r\n"
)

func zip(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.String()
}

func nonsenses() []nonsense {
	const list, write, remove, object, download = "list", "write", "remove", "object", "download"
	page := "<!DOCTYPE html><html><title>Sign in</title></html>"
	return []nonsense{
		{"HTML", typeHTML, page, nil},
		{"captive portal", typeHTML + "Set-Cookie: portal=1\r\nCache-Control: no-store\r\n", page, nil},
		{"HTML that says JSON", typeJSON, page, nil},
		{"HTML without a type", "", page, []string{download}},
		{"JSON that says HTML", typeHTML, `[{"id":1}]`, nil},
		{"JSON that says text", "Content-Type: text/plain\r\n", `[{"id":1}]`, []string{download}},
		{"XHTML", "Content-Type: application/xhtml+xml\r\n", page, []string{download}},
		{"XML", "Content-Type: application/xml\r\n", "<list/>", []string{download}},
		{"XML that says JSON", typeJSON, "<?xml version=\"1.0\"?><list/>", nil},
		{"YAML", "Content-Type: application/yaml\r\n", "- id: 1", []string{download}},
		{"empty", typeJSON, "", []string{remove}},
		{"empty without a type", "", "", []string{remove}},
		{"empty HTML", typeHTML, "", []string{remove}},
		{"blank", typeJSON, " \r\n\t", []string{remove}},
		{"null", typeJSON, "null", []string{write, remove}},
		{"object for a list", typeJSON, `{"id":1}`, []string{write, remove, object}},
		{"empty object for a list", typeJSON, `{}`, []string{write, remove, object}},
		{"two lists in an envelope", typeJSON, `{"result":[{"id":1}],"errors":[{"id":2}]}`, []string{write, remove, object}},
		{"error with 200", typeJSON, `{"message":"Not found"}`, []string{write, remove, object}},
		{"text", typeJSON, `"[]"`, nil},
		{"number", typeJSON, `0`, nil},
		{"true", typeJSON, `true`, nil},
		{"list of null", typeJSON, `[null]`, []string{object}},
		{"list of numbers", typeJSON, `[{"id":1},2]`, []string{object}},
		{"list of lists", typeJSON, `[[{"id":1}]]`, []string{object}},
		{"byte order mark", typeJSON, "\ufeff[]", nil},
		{"UTF-16", typeJSON, "\xff\xfe[\x00]\x00", nil},
		{"Latin-1", typeJSON, "[{\"name\":\"M\xfcller\"}]", nil},
		{"trailing garbage", typeJSON, `[{"id":1}]x`, nil},
		{"trailing page", typeJSON, `[{"id":1}]` + page, nil},
		{"two values", typeJSON, `[] []`, nil},
		{"trailing NUL", typeJSON, "[]\x00", nil},
		{"cut", typeJSON, `[{"id":1},{"id":`, nil},
		{"cut after a row", typeJSON, `[{"id":1},`, nil},
		{"prefix against theft", typeJSON, ")]}',\n[]", nil},
		{"call", typeJSON, `callback([])`, nil},
		{"comment", typeJSON, `[] // none`, nil},
		{"trailing comma", typeJSON, `[{"id":1},]`, nil},
		{"NaN", typeJSON, `[{"id":NaN}]`, nil},
		{"a name twice", typeJSON, `[{"id":1,"id":2}]`, nil},
		{"id 0", typeJSON, `[{"id":0}]`, nil},
		{"id -1", typeJSON, `{"id":-1}`, nil},
		{"id 1.5", typeJSON, `[{"id":1.5}]`, nil},
		{"deep", typeJSON, strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100), nil},
		{"100,000 deep", typeJSON, strings.Repeat(`{"a":`, 100_000), nil},
		{"zipped garbage", zipped, "not zipped", nil},
		{"zipped and cut", zipped, zip(`[{"id":1}]`)[:20], nil},
		{"zipped with a wrong sum", zipped, zip(`[{"id":1}]`)[:28] + "xxxxxxxx", nil},
		{"a packing that was not asked for", typeJSON + "Content-Encoding: br\r\n", "\x0b\x01\x80[]\x03", nil},
	}
}

// endpoints are the ways to call. Each returns the rows that were taken.
var endpoints = map[string]func(context.Context, *Client) (int, error){
	"list": func(ctx context.Context, c *Client) (int, error) {
		l, err := c.List(ctx, "/x/", Listing{})
		return len(l.Rows), err
	},
	"pages": func(ctx context.Context, c *Client) (int, error) {
		l, err := c.List(ctx, "/x/", Listing{Pages: true})
		return len(l.Rows), err
	},
	"object": func(ctx context.Context, c *Client) (int, error) { _, err := c.Get(ctx, "/x"); return 0, err },
	"post":   func(ctx context.Context, c *Client) (int, error) { return send(ctx, c, "POST") },
	"put":    func(ctx context.Context, c *Client) (int, error) { return send(ctx, c, "PUT") },
	"remove": func(ctx context.Context, c *Client) (int, error) { return send(ctx, c, "DELETE") },
	"form": func(ctx context.Context, c *Client) (int, error) {
		_, err := c.SendForm(ctx, "/x", nil, "file", "a.wav", []byte("x"))
		return 0, err
	},
	"download": func(ctx context.Context, c *Client) (int, error) {
		b, err := c.Download(ctx, "/x", 1<<20)
		return len(b), err
	},
}

func send(ctx context.Context, c *Client, method string) (int, error) {
	_, err := c.Send(ctx, method, "/x", map[string]any{})
	return 0, err
}

func (n nonsense) fineFor(endpoint string) bool {
	switch endpoint {
	case "download":
		text := strings.Contains(n.head, "json") || strings.Contains(n.head, "html") && !strings.Contains(n.head, "xhtml")
		return n.body != "" && !text
	case "post", "form":
		return slices.Contains(n.fine, "write") || strings.HasPrefix(n.name, "list of")
	case "put":
		return slices.Contains(n.fine, "write")
	case "pages":
		endpoint = "list"
	}
	return slices.Contains(n.fine, endpoint)
}

// faultNonsense: what is no whole answer of the API is an error at every endpoint,
// and never an empty list; at a write it is doubtful.
func faultNonsense(t *testing.T) *tally {
	a := &tally{}
	empty := 0
	call := func(name, endpoint string, fine bool, answer func(net.Conn, *http.Request)) {
		onLines(t, &lines{answer: answer}, func(t *testing.T, c *Client) {
			rows, err := endpoints[endpoint](t.Context(), c)
			if err == nil && rows == 0 && (endpoint == "list" || endpoint == "pages") {
				empty++
			}
			e, _ := err.(*Error)
			write := slices.Contains([]string{"post", "put", "remove", "form"}, endpoint)
			a.note(fine == (err == nil) && (e == nil || e.Doubtful == write), "%s at %s: %v", name, endpoint, err)
		})
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range endpoints {
			if !yield(name) {
				return
			}
		}
	})
	for _, n := range nonsenses() {
		for _, endpoint := range names {
			raw := fmt.Sprintf("HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s", n.head, len(n.body), n.body)
			call(n.name, endpoint, n.fineFor(endpoint), func(conn net.Conn, _ *http.Request) { io.WriteString(conn, raw) })
		}
	}
	for _, code := range []int{204, 206, 304} {
		for _, endpoint := range names {
			raw := fmt.Sprintf("HTTP/1.1 %d X\r\n%sConnection: close\r\n\r\n", code, typeJSON)
			if code == 206 {
				raw = fmt.Sprintf("HTTP/1.1 206 Partial Content\r\n%sContent-Range: bytes 0-1/99\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]", typeJSON)
			}
			fine := code == 204 && slices.Contains([]string{"post", "put", "remove", "form"}, endpoint)
			call(strconv.Itoa(code), endpoint, fine, func(conn net.Conn, _ *http.Request) { io.WriteString(conn, raw) })
		}
	}
	for _, mib := range []int64{40, 10 << 10} { // bombs, as long as anybody reads
		for _, endpoint := range []string{"list", "post", "download"} {
			head := zipped
			if endpoint == "download" {
				head = strings.Replace(zipped, "application/json", "audio/wav", 1)
			}
			call(fmt.Sprintf("bomb of %d MiB", mib), endpoint, false, func(conn net.Conn, _ *http.Request) { bomb(conn, head, mib<<20) })
		}
	}
	a.figure = fmt.Sprintf("empty lists taken: %d", empty)
	return a
}

// bomb writes a packed list that is n bytes long, unless the reader goes before.
func bomb(conn net.Conn, head string, n int64) {
	io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+head+"Connection: close\r\n\r\n")
	z, _ := gzip.NewWriterLevel(conn, gzip.BestSpeed)
	defer z.Close()
	block := bytes.Repeat([]byte(" "), 1<<20)
	io.WriteString(z, "[")
	for ; n > 0; n -= int64(len(block)) {
		if _, err := z.Write(block); err != nil {
			return
		}
	}
	io.WriteString(z, "]")
}

// pageFaults are servers that page in their own way. Each gives a page of the live
// rows.
var pageFaults = []struct {
	name string
	live int // rows
	page func(s *pagesServer, page, per int) (from, to int)
	edit float64 // the part of the pages before which somebody edits
}{
	{"quiet", 500, plainPage, 0},
	{"edits 1 %", 500, plainPage, 0.01},
	{"edits 5 %", 500, plainPage, 0.05},
	{"edits 20 %", 500, plainPage, 0.20},
	{"per_page ignored", 500, func(s *pagesServer, page, per int) (int, int) { return plainPage(s, page, 30) }, 0.01},
	{"the same page for ever", 500, func(s *pagesServer, page, per int) (int, int) { return plainPage(s, 1, per) }, 0},
	{"last page again", 500, func(s *pagesServer, page, per int) (int, int) {
		return plainPage(s, min(page, (len(s.rows)+per-1)/per), per)
	}, 0},
	{"page size changes", 500, func(s *pagesServer, page, per int) (int, int) {
		if s.rand.IntN(10) == 0 {
			s.small = !s.small
		}
		if s.small {
			per = 30
		}
		return plainPage(s, page, per)
	}, 0},
	{"page size changes for good", 500, func(s *pagesServer, page, per int) (int, int) {
		if s.small = s.small || s.calls > s.turn; s.small {
			per = 10
		}
		return plainPage(s, page, per)
	}, 0},
	{"short page in the middle", 500, func(s *pagesServer, page, per int) (int, int) {
		from, to := plainPage(s, page, per)
		if page == 1+s.turn%8 {
			to -= 25
		}
		return from, to
	}, 0},
	{"unstable order", 120, func(s *pagesServer, page, per int) (int, int) {
		s.rand.Shuffle(len(s.rows), func(i, j int) { s.rows[i], s.rows[j] = s.rows[j], s.rows[i] })
		return plainPage(s, page, per)
	}, 0},
}

func plainPage(s *pagesServer, page, per int) (int, int) {
	return min((page-1)*per, len(s.rows)), min(page*per, len(s.rows))
}

type pagesServer struct {
	rand        *rand.Rand
	rows        []int
	next        int
	edited      float64
	calls, turn int
	small       bool
	page        func(s *pagesServer, page, per int) (int, int)
}

func (s *pagesServer) RoundTrip(r *http.Request) (*http.Response, error) {
	q, _ := url.ParseQuery(r.URL.RawQuery)
	page, _ := strconv.Atoi(q.Get("page"))
	per, _ := strconv.Atoi(q.Get("per_page"))
	s.calls++
	if s.rand.Float64() < s.edited {
		at := s.rand.IntN(len(s.rows))
		if s.rand.IntN(2) == 0 {
			s.rows = slices.Delete(s.rows, at, at+1)
		} else {
			s.next++
			s.rows = slices.Insert(s.rows, at, s.next)
		}
	}
	from, to := s.page(s, page, per)
	var b []byte
	for i, id := range s.rows[from:to] {
		b = append(b, ",["[min(1, 1-min(i, 1))])
		b = strconv.AppendInt(append(b, `{"id":`...), int64(id), 10)
		b = append(b, '}')
	}
	if from == to {
		b = append(b, '[')
	}
	return reply(200, string(append(b, ']'))), nil
}

// faultPages: lists that move and servers that page in their own way. As the engine
// does, absence is concluded only from two equal passes; all else is a refusal. A
// miss is a row that was there all the time and is in neither pass.
func faultPages(t *testing.T) *tally {
	lists := evidence.Size(evidence.Quick(20, 80), 20_000)
	a := &tally{}
	var figures []string
	for n, f := range pageFaults {
		stable, misses, once := 0, 0, 0
		synctest.Test(t, func(t *testing.T) {
			for i := range lists {
				r := rand.New(rand.NewPCG(uint64(n), uint64(i)))
				s := &pagesServer{rand: r, edited: f.edit, page: f.page, turn: r.IntN(12)}
				for s.next < f.live-r.IntN(60) {
					s.next++
					s.rows = append(s.rows, s.next)
				}
				c := client(t, Config{Endpoint: "https://pbx.example", Transport: s, PageSize: 50})
				c.tokens.current = token{value: "t", generation: 1}
				before := slices.Clone(s.rows)
				first, err1 := c.List(t.Context(), "/x/", Listing{Pages: true})
				if err1 == nil && missed(before, s.rows, first) > 0 {
					once++
				}
				second, err2 := c.List(t.Context(), "/x/", Listing{Pages: true})
				miss := 0
				if err1 == nil && err2 == nil && slices.Equal(sortedIDs(first), sortedIDs(second)) {
					stable++
					if miss = missed(before, s.rows, second); miss > 0 {
						misses++
					}
				}
				a.note(miss == 0, "%s, list %d: %d rows missed", f.name, i, miss)
			}
		})
		if f.edit == 0 && (f.name == "quiet" || f.name == "last page again") {
			a.note(stable == lists, "%s: only %d of %d lists were stable", f.name, stable, lists)
		}
		figures = append(figures, fmt.Sprintf("%s: %d stable, %d short (one pass: %d)", f.name, stable, misses, once))
	}
	a.figure = fmt.Sprintf("of %d lists each: %s", lists, strings.Join(figures, "; "))
	return a
}

func sortedIDs(l List) []string {
	var ids []string
	for _, row := range l.Rows {
		ids = append(ids, row["id"].(json.Number).String())
	}
	slices.Sort(ids)
	return ids
}

// missed counts the rows that were there before and after, and are not in the list.
func missed(before, after []int, l List) (n int) {
	seen := map[string]bool{}
	for _, id := range sortedIDs(l) {
		seen[id] = true
	}
	left := map[int]bool{}
	for _, id := range after {
		left[id] = true
	}
	for _, id := range before {
		if left[id] && !seen[strconv.Itoa(id)] {
			n++
		}
	}
	return n
}
