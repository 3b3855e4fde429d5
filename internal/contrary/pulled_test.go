package contrary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pbxsync/internal/evidence"
)

// pulledCount counts what was tried of pull.
type pulledCount struct{ worlds, files, edits, added, deleted, changed, comments, left, refused, items int }

// TestPull takes what was changed by hand over into files that people have written: comments,
// odd spaces, quotes, both ends of lines, blocks and brackets. Then nothing differs, and of the
// files only the lines that say something else.
func TestPull(t *testing.T) {
	var sum pulledCount
	for i, d := range dialects {
		if d.asks != "" || len(d.Dialect.Refuse) > 0 || i%evidence.Quick(2, 1) != 0 {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			for n := range evidence.Size(1, 20) {
				p := &puller{world: newWorld(t, d.Dialect, evidence.Seed()+uint64(1000*i+n)), sum: &sum}
				if wrong := p.pulled(); wrong != "" {
					t.Errorf("world %d: %s", n, wrong)
				}
				sum.worlds++
			}
		})
	}
	t.Logf("%d worlds with %d files: %d fields changed (%d of them by an item of a list), %d objects added and %d deleted by hand; %d changes pulled, %d comments kept, %d left as they are, %d worlds refused; 0 other bytes changed", sum.worlds, sum.files, sum.edits, sum.items, sum.added, sum.deleted, sum.changed, sum.comments, sum.left, sum.refused)
}

type puller struct {
	*world
	r   *rand.Rand
	sum *pulledCount
}

func (p *puller) pulled() string {
	p.r = rand.New(rand.NewPCG(p.seed, 3))
	if wrong := p.reads("import", p.dir); wrong != "" {
		return wrong
	}
	if wrong := p.counted(); wrong != "" {
		return wrong
	}
	p.restyle()
	if wrong := p.reads("drift", p.dir); wrong != "" {
		return "restyled: " + wrong
	}
	before := p.files()
	what := p.change()
	p.s.Forget()
	code, out := p.run("pull", "--auto-approve", "--format", "json", p.dir)
	if code == 3 && strings.Contains(out, "in the same bundle") && maps.Equal(before, p.files()) {
		p.sum.refused++ // a hand that no server allows made two values of what a bundle shares
		return ""
	}
	if code != 0 || len(p.s.Writes()) > 0 {
		return fmt.Sprintf("pull: exit %d, writes %v\n%s%s", code, p.s.Writes(), out, what)
	}
	var said struct {
		Taken []struct{ Address, How string }
		Left  []struct{ Message string }
	}
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		return fmt.Sprintf("%v\n%s", err, out)
	}
	p.sum.changed, p.sum.left = p.sum.changed+len(said.Taken), p.sum.left+len(said.Left)
	code, drift := p.run("drift", p.dir)
	if code != 0 && len(said.Left) == 0 || strings.Contains(drift, "no file declares it") && len(said.Left) == 0 {
		return fmt.Sprintf("drift after pull: exit %d\n%s%s\n%s", code, drift, what, out)
	}
	if wrong := p.compare(before); wrong != "" {
		return wrong + "\n" + what + "\n" + out
	}
	return ""
}

func (p *puller) files() map[string]string {
	out := map[string]string{}
	names, _ := filepath.Glob(filepath.Join(p.dir, "*.yaml"))
	for _, name := range names {
		data, _ := os.ReadFile(name)
		out[name] = string(data)
	}
	return out
}

// change does several things by hand, and says what.
func (p *puller) change() string {
	h := p.hand()
	var what []string
	for range 1 + p.r.IntN(6) {
		lists := map[*Row]map[string]any{}
		for _, r := range h.open() {
			lists[r] = maps.Clone(r.Values)
		}
		r, name := h.edit()
		old, _ := lists[r][name].([]any)
		if fresh, _ := r.Values[name].([]any); len(old) > 0 && len(fresh) > 0 && p.r.IntN(4) > 0 { // people change one item
			r.Values[name] = append(slices.Clone(old[p.r.IntN(2):]), fresh[0])
			p.sum.items++
		}
		what = append(what, fmt.Sprintf("%s .%s is now %v", h.first.address(r), name, r.Values[name]))
		p.sum.edits++
	}
	for range p.r.IntN(3) {
		c := h.pick(h.adds)
		h.g.row(c, 70+p.r.IntN(1000))
		r := h.first.rows[c][len(h.first.rows[c])-1]
		what = append(what, h.first.address(r)+" appeared")
		p.sum.added++
	}
	for range p.r.IntN(3) {
		rows := slices.DeleteFunc(h.open(), func(r *Row) bool {
			return h.s.docs.create(r.Collection) == nil || r.Collection == "client" || r.Collection == "task_scheduler" || len(h.first.users(r)) > 0
		})
		if len(rows) == 0 {
			break
		}
		r := rows[p.r.IntN(len(rows))]
		what = append(what, h.first.address(r)+" is gone")
		h.first.remove(r)
		p.sum.deleted++
	}
	return strings.Join(what, "\n")
}

// restyle writes the imported files as people might have.
func (p *puller) restyle() {
	for name, data := range p.files() {
		lines := strings.Split(strings.TrimSuffix(data, "\n"), "\n")
		var out []string
		for _, line := range lines {
			out = append(out, p.line(line)...)
		}
		end := "\n"
		if p.r.IntN(3) == 0 {
			end = "\r\n"
		}
		text := strings.Join(out, end)
		if p.r.IntN(4) > 0 {
			text += end
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			p.t.Fatal(err)
		}
		p.sum.files++
	}
}

var (
	spaced = regexp.MustCompile(`^( *(?:- )?[a-z_0-9]+:) (.*)$`)
	inline = regexp.MustCompile(`^( *)([^ #{][^{]*): \{(.+)\}$`)
	quoted = regexp.MustCompile(`^([^"']*)"([^"'\\]*)"([^"']*)$`)
)

func (p *puller) line(line string) []string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var out []string
	switch p.r.IntN(8) {
	case 0:
		out = append(out, fmt.Sprintf("%s# note %d: {", indent, p.r.Uint64()))
	case 1:
		out = append(out, "")
	case 2:
		out = append(out, fmt.Sprintf("%s# note %d", strings.Repeat(" ", p.r.IntN(9)), p.r.Uint64()))
	}
	if line == "" || strings.HasPrefix(strings.TrimSpace(line), "#") {
		return append(out, line)
	}
	if m := quoted.FindStringSubmatch(line); m != nil && p.r.IntN(3) == 0 {
		line = m[1] + "'" + m[2] + "'" + m[3]
	}
	if m := inline.FindStringSubmatch(line); m != nil && p.r.IntN(3) == 0 {
		if block := p.block(line, indent); block != nil {
			return append(out, block...)
		}
	}
	if m := spaced.FindStringSubmatch(line); m != nil && p.r.IntN(5) == 0 {
		line = m[1] + strings.Repeat(" ", 1+p.r.IntN(3)) + m[2]
	}
	if p.r.IntN(6) == 0 {
		line += fmt.Sprintf("%s# note %d, \"'", strings.Repeat(" ", 1+p.r.IntN(3)), p.r.Uint64())
	}
	return append(out, line)
}

// block writes what stands in brackets on lines of their own.
func (p *puller) block(line, indent string) []string {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(line), &doc) != nil || doc.Content[0].Kind != yaml.MappingNode {
		return nil
	}
	value := doc.Content[0].Content[1]
	if len(value.Content) == 2 && slices.Contains([]string{"dealer", "live", "id"}, value.Content[0].Value) && p.r.IntN(2) == 0 {
		return nil
	}
	value.Style = 0
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2 + p.r.IntN(3))
	if e.Encode(&doc) != nil {
		return nil
	}
	var out []string
	for l := range strings.Lines(b.String()) {
		out = append(out, indent+strings.TrimRight(l, "\n"))
	}
	return out
}

// compare holds the new files against the old ones: a line that went or came is one of those
// on which the two say something else, and each comment is still there but in what is gone.
func (p *puller) compare(before map[string]string) string {
	for name, fresh := range p.files() {
		old := before[name]
		if strings.Count(old, "\r\n") > 0 && strings.Count(fresh, "\r\n") != strings.Count(fresh, "\n") {
			return name + ": ends of lines are mixed"
		}
		if strings.Count(old, "\r\n") == 0 && strings.Contains(fresh, "\r") {
			return name + ": another end of lines came in"
		}
		was, is := tree(old), tree(fresh)
		went, came := map[int]bool{}, map[int]bool{}
		unlike(was, is, went, came)
		oldLines, freshLines := strings.Split(old, "\n"), strings.Split(fresh, "\n")
		kept := map[string]int{}
		for _, l := range freshLines {
			kept[strings.TrimRight(l, "\r")]++
		}
		for i, l := range oldLines {
			l = strings.TrimRight(l, "\r")
			if went[i+1] {
				continue
			}
			if kept[l]--; kept[l] < 0 && l != "" {
				return fmt.Sprintf("%s:%d changed and says the same: %s\n--- before\n%s\n--- after\n%s", name, i+1, l, old, fresh)
			}
		}
		for _, note := range regexp.MustCompile(`# note [0-9]+.*`).FindAllString(old, -1) {
			note = strings.TrimRight(note, "\r")
			if strings.Contains(fresh, note) {
				p.sum.comments++
				continue
			}
			line := 1 + strings.Count(old[:strings.Index(old, note)], "\n")
			if !went[line] {
				return fmt.Sprintf("%s:%d lost its comment\n--- before\n%s\n--- after\n%s", name, line, old, fresh)
			}
		}
	}
	return ""
}

func tree(text string) *yaml.Node {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return &yaml.Node{}
	}
	return doc.Content[0]
}

// unlike marks the lines on which two trees say something else.
func unlike(a, b *yaml.Node, went, came map[int]bool) {
	if a.Kind != b.Kind || a.Kind == yaml.ScalarNode {
		if a.Value != b.Value || a.Kind != b.Kind || a.Tag != b.Tag {
			mark(a, went)
			mark(b, came)
		}
		return
	}
	if a.Kind == yaml.SequenceNode {
		unlikeItems(a, b, went, came)
		return
	}
	for _, side := range []struct {
		x, y *yaml.Node
		out  map[int]bool
	}{{a, b, went}, {b, a, came}} {
		for i := 0; i+1 < len(side.x.Content); i += 2 {
			if at(side.y, side.x.Content[i].Value) == nil {
				for l := side.x.Content[i].Line; l <= lastLine(side.x.Content[i+1]); l++ {
					side.out[l] = true
				}
				if side.x.Line == side.y.Line || side.y.Style&yaml.FlowStyle != 0 || side.x.Style&yaml.FlowStyle != 0 { // its brackets
					went[a.Line], came[b.Line] = true, true
				}
			}
		}
	}
	for i := 0; i+1 < len(a.Content); i += 2 {
		if y := at(b, a.Content[i].Value); y != nil {
			before := len(went)
			unlike(a.Content[i+1], y, went, came)
			if len(went) > before { // the key of what became empty, or another form
				went[a.Content[i].Line] = true
			}
		}
	}
}

// unlikeItems marks the items of two lists of which the other has none.
func unlikeItems(a, b *yaml.Node, went, came map[int]bool) {
	before := len(went) + len(came)
	for i, x := range a.Content {
		switch {
		case has(b, x):
		case i < len(b.Content) && !has(a, b.Content[i]):
			unlike(x, b.Content[i], went, came)
		default:
			mark(x, went)
		}
	}
	for i, x := range b.Content {
		if !has(a, x) && (i >= len(a.Content) || has(b, a.Content[i])) {
			mark(x, came)
		}
	}
	if len(went)+len(came) > before && a.Style&yaml.FlowStyle != 0 {
		went[a.Line] = true
	}
}

func has(list, item *yaml.Node) bool {
	return slices.ContainsFunc(list.Content, func(n *yaml.Node) bool { return flat(n) == flat(item) })
}

func at(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func flat(n *yaml.Node) string {
	data, _ := json.Marshal(plainNode(n))
	return string(data)
}

func plainNode(n *yaml.Node) any {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	var out []any
	for _, c := range n.Content {
		out = append(out, plainNode(c))
	}
	return out
}

// mark marks the lines from the first of a value to its last: what stands between goes with it.
func mark(n *yaml.Node, lines map[int]bool) {
	for l := n.Line; l <= lastLine(n); l++ {
		lines[l] = true
	}
}

func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}
