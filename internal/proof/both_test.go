package proof

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	gosync "sync"
	"testing"

	"pbxsync/internal/contrary"
	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// server is what the tests need of a server: its calls counted, and one that may be kept
// from its answer.
type server interface {
	http.Handler
	Intercept(func(w http.ResponseWriter, r *http.Request) bool)
	Answer(w http.ResponseWriter, r *http.Request)
	Counts() simulator.Counts
	ResetCounts()
	History() []simulator.Call
}

// documented is the contrary server, which knows the API from the documents alone.
type documented struct {
	*contrary.Server
	first     *contrary.Tenant
	mu        gosync.Mutex
	intercept func(w http.ResponseWriter, r *http.Request) bool
	counts    simulator.Counts
	calls     []simulator.Call
}

// status keeps the status of an answer.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func (s *documented) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), "/api/ver1.0")
	if !ok {
		s.Answer(w, r)
		return
	}
	kept := &status{ResponseWriter: w}
	defer func() { s.keep(simulator.Call{Method: r.Method, Path: path, Template: path, Status: kept.code}) }()
	s.mu.Lock()
	f := s.intercept
	s.mu.Unlock()
	if f == nil || !f(kept, r) {
		s.Answer(kept, r)
	}
}

func (s *documented) keep(c simulator.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Method == http.MethodGet {
		s.counts.Reads++
	} else {
		s.counts.Writes++
	}
	s.calls = append(s.calls, c)
}

func (s *documented) Answer(w http.ResponseWriter, r *http.Request) { s.Server.ServeHTTP(w, r) }

func (s *documented) Intercept(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intercept = f
}

func (s *documented) Counts() simulator.Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

func (s *documented) ResetCounts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts, s.calls = simulator.Counts{}, nil
}

func (s *documented) History() []simulator.Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// otherBox is a box with the contrary server, which speaks a dialect and has a seed.
func otherBox(t tb, d contrary.Dialect, seed string) *box {
	t.Helper()
	data, err := os.ReadFile("../../schema/testdata/contract.json")
	if err != nil {
		t.Fatalf("%v", err)
	}
	s, err := contrary.New(data, d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	b := &box{tb: t, server: &documented{Server: s}, cat: schema.Builtin(), records: &records{}}
	b.server.(*documented).first = b.sow(s, seed)
	s.StartAt(1000) // chains write lower ids
	b.options = options{Catalogue: b.cat, Parallelism: 8, Records: b.records.known, Folder: sounds}
	b.api = b.dial(wired(b.server))
	b.looking = b.dial(wired(http.HandlerFunc(s.Look)))
	return b
}

// sow gives the contrary server the tenants of a seed, by the paths of their kinds.
func (b *box) sow(s *contrary.Server, seed string) (first *contrary.Tenant) {
	b.Helper()
	doc, err := file.ParseMap(file.File{Name: "seed", Data: []byte(seed)})
	if err != nil {
		b.Fatalf("seed: %v", err)
	}
	tenants, _ := plain(doc["tenants"]).([]any)
	for _, one := range tenants {
		sections := one.(map[string]any)
		settings := sections["settings"].(map[string]any)
		tenant := s.AddTenant(fmt.Sprint(settings["name"]), fmt.Sprint(settings["prefix"]))
		for name, v := range settings {
			if name != "id" && name != "prefix" {
				tenant.Values[name] = v
			}
		}
		if first == nil {
			first = tenant
		}
		if id, ok := settings["id"].(int64); ok {
			tenant.ID = id
		}
		for _, word := range sortedKeys(sections) {
			if word == "settings" {
				continue
			}
			k := b.cat.Kind(word)
			if k == nil || k.Collection == "" || len(k.Parents) > 0 {
				b.Fatalf("seed: %s has no place on the contrary server", word)
			}
			for _, row := range sections[word].([]any) {
				b.put(s, tenant, k, row.(map[string]any))
			}
		}
	}
	return first
}

func (b *box) put(s *contrary.Server, t *contrary.Tenant, k *schema.Kind, row map[string]any) {
	if k.Behaviour == schema.ManyInOneCall {
		t.SetVariable(fmt.Sprint(row[k.Key[0].Field.Answer]), fmt.Sprint(row["value"]))
		return
	}
	s.Put(t, seedRow(k, row))
}

// collection is what the contrary server calls the place of a kind's objects.
func collection(k *schema.Kind) string {
	return strings.Trim(strings.TrimPrefix(k.Collection, "/client/{client_id}"), "/")
}

func seedRow(k *schema.Kind, values map[string]any) *contrary.Row {
	r := &contrary.Row{Collection: collection(k), Values: values}
	r.ID, _ = values["id"].(int64)
	r.Dealer, _ = values["dealer"].(bool)
	if domain, ok := values["domain"].(map[string]any); ok {
		values["domain"] = domain["name"]
	}
	delete(values, "id")
	delete(values, "dealer")
	return r
}

// rows are the first tenant's objects of a kind without parents.
func (b *box) rows(k *schema.Kind) []map[string]any {
	b.Helper()
	if b.sim != nil {
		return b.sim.Rows(k.Word)
	}
	fill := func(path string) string { return strings.ReplaceAll(path, "{client_id}", fmt.Sprint(tenantID)) }
	switch {
	case !k.Managed():
		return nil
	case k.Singleton():
		v, err := b.looking.Get(context.Background(), fill(k.Item))
		if err != nil {
			b.Fatalf("%s: %v", k.Word, err)
		}
		return []map[string]any{v.(map[string]any)}
	case !k.Has(schema.List):
		return b.unlisted(k)
	}
	rows, _, _, err := b.looking.List(context.Background(), fill(k.Collection), k.Listing())
	if err != nil {
		b.Fatalf("%s: %v", k.Word, err)
	}
	for i, row := range rows {
		rows[i] = plain(row).(map[string]any)
	}
	return rows
}

// unlisted are the rows of a kind that has no list: a test knows their ids, the engine does not.
func (b *box) unlisted(k *schema.Kind) []map[string]any {
	b.Helper()
	s := b.server.(*documented)
	var out []map[string]any
	for _, r := range s.first.Rows(collection(k)) {
		path := k.Item[:strings.LastIndex(k.Item, "{")] + fmt.Sprint(r.ID)
		v, err := b.looking.Get(context.Background(), strings.ReplaceAll(path, "{client_id}", fmt.Sprint(tenantID)))
		if err != nil {
			b.Fatalf("%s: %v", k.Word, err)
		}
		out = append(out, v.(map[string]any))
	}
	return out
}

// insert makes an object as somebody else would.
func (b *box) insert(word string, row map[string]any) int64 {
	b.Helper()
	if b.sim != nil {
		return b.sim.Insert(word, row)
	}
	k := b.cat.Kind(word)
	path := k.Collection
	if parent, ok := row["parent"].(int64); ok {
		delete(row, "parent")
		path = strings.ReplaceAll(path, "{parent}", numbered(k.Parents[0].Item, parent))
	}
	for _, f := range k.Fields {
		if f.Secret() {
			row[f.API] = "Passw0rd-of-users"
		}
	}
	made, err := b.looking.Send(context.Background(), http.MethodPost, strings.ReplaceAll(path, "{client_id}", fmt.Sprint(tenantID)), row)
	if err != nil {
		b.Fatalf("insert %s: %v", word, err)
	}
	id, _ := plain(made["id"]).(int64)
	return id
}

// sound gives the tenant a sound with a file.
func (b *box) sound(title string) int64 {
	if b.sim != nil {
		return b.sim.Insert("sound", map[string]any{"title": title})
	}
	s := b.server.(*documented)
	return s.Put(s.first, &contrary.Row{Collection: "sound", Values: map[string]any{"title": title}}).ID
}

// edit changes an object as somebody else would.
func (b *box) edit(word string, id int64, fields map[string]any) error {
	if b.sim != nil {
		return b.sim.Edit(word, id, fields)
	}
	_, err := b.looking.Send(context.Background(), http.MethodPut, numbered(b.cat.Kind(word).Item, id), fields)
	return err
}

// alone changes one phone of a bundle and none of the others, as no call does.
func (b *box) alone(extension int64, fields map[string]any) error {
	if b.sim != nil {
		return b.sim.Edit("phone", extension, fields)
	}
	for _, r := range b.server.(*documented).first.Rows("phone") {
		if r.Parent.ID == extension {
			for name, v := range fields {
				r.Values[name] = plain(v)
			}
			return nil
		}
	}
	return fmt.Errorf("the extension %d has no phone", extension)
}

// gone deletes an object as somebody else would.
func (b *box) gone(word string, id int64) error {
	if b.sim != nil {
		return b.sim.Remove(word, id)
	}
	_, err := b.looking.Send(context.Background(), http.MethodDelete, numbered(b.cat.Kind(word).Item, id), nil)
	return err
}

// numbered is the path of an object of the first tenant.
func numbered(item string, id int64) string {
	item = strings.ReplaceAll(item, "{client_id}", fmt.Sprint(tenantID))
	return item[:strings.Index(item, "{")] + fmt.Sprint(id)
}

// count is the number of objects of a kind.
func (b *box) count(word string) int { return len(b.rows(b.cat.Kind(word))) }

// met are the dialects in which each property of both servers meets the contrary one.
var met = []contrary.Dialect{
	{Name: "plain"},
	{Name: "mixed", Wrap: "rows", WrapPages: true, Variables: "map", Extra: true, Newest: true, PageCap: 4, IDsAsText: true,
		Booleans: "words", Created: 201, PutEmpty: true, DeleteBody: true, NullOnGone: true},
}

// tried are the dialects of this run: the plain one takes as long as the mixed one and finds
// less, so that it is left to the full size, and to the chains.
func tried() []contrary.Dialect {
	if evidence.Full() {
		return met
	}
	return met[1:]
}

// onBoth holds a property on the simulator and on the contrary server.
func onBoth(t *testing.T, hold func(t *testing.T, start func(*testing.T) *box)) {
	t.Helper()
	on(t, true, tried(), hold)
}

// onOne does the same with the nth of many cases, and leaves one of the servers to the next
// case where somebody waits.
func onOne(t *testing.T, n int, hold func(t *testing.T, start func(*testing.T) *box)) {
	t.Helper()
	switch {
	case evidence.More():
		onBoth(t, hold)
	case n%2 == 0:
		on(t, true, nil, hold)
	default:
		on(t, false, tried(), hold)
	}
}

func on(t *testing.T, simulated bool, others []contrary.Dialect, hold func(t *testing.T, start func(*testing.T) *box)) {
	t.Helper()
	if simulated {
		t.Run("simulator", func(t *testing.T) {
			hold(t, func(t *testing.T) *box { return testBox(t, simulator.Options{}) })
		})
	}
	for _, d := range others {
		t.Run("contrary "+d.Name, func(t *testing.T) {
			hold(t, func(t *testing.T) *box { return otherBox(t, d, seedFile(t)) })
		})
	}
}
