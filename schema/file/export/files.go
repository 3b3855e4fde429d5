package export

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/edit"
	"pbxsync/schema/reserved"
)

// HeadFile is the file in which the words for a whole folder stand.
const HeadFile = "tenant.yaml"

const (
	fewObjects = 5     // sections with no more stand in the head file
	fileLimit  = 1_000 // objects in one file
)

// files lays the tenant out: what holds for the whole folder and the small
// sections in one file, each larger section in files of its own.
func (e *exporter) files() error {
	var head []*yaml.Node
	var own []file.File
	for _, kinds := range e.sections() {
		count := 0
		for _, k := range kinds {
			count += len(e.top[k])
		}
		if count <= fewObjects || kinds[0].Singleton() {
			head = append(head, e.section(kinds, 0, count))
			continue
		}
		parts := (count + fileLimit - 1) / fileLimit
		for i := range parts {
			data, err := e.file([]*yaml.Node{e.section(kinds, i*fileLimit, (i+1)*fileLimit)})
			if err != nil {
				return err
			}
			own = append(own, file.File{Name: fileName(kinds[0].Section[0], i, parts), Data: data})
		}
	}
	data, err := e.file(slices.Concat([]*yaml.Node{e.header()}, head, e.footer()))
	if err != nil {
		return err
	}
	e.out.Files = append(own, file.File{Name: HeadFile, Data: data})
	slices.SortFunc(e.out.Files, func(a, b file.File) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

func fileName(section string, part, parts int) string {
	if parts == 1 {
		return section + ".yaml"
	}
	return fmt.Sprintf("%s-%0*d.yaml", section, len(fmt.Sprint(parts)), part+1)
}

// sections returns the kinds that files manage by their words at the top, what a
// tenant has one of first.
func (e *exporter) sections() [][]*schema.Kind {
	var out [][]*schema.Kind
	for _, k := range e.catalogue.Top() {
		written := k.Managed() && (k.Readable() || len(e.top[k]) > 0) && !slices.Contains(e.options.Missed, Missed{Kind: k})
		if !written || (e.options.Part != nil || k.Singleton()) && len(e.top[k]) == 0 {
			continue
		}
		i := slices.IndexFunc(out, func(s []*schema.Kind) bool { return s[0].Section[0] == k.Section[0] })
		if i < 0 {
			out = append(out, []*schema.Kind{k})
		} else {
			out[i] = append(out[i], k)
		}
	}
	slices.SortStableFunc(out, e.compareSections)
	return out
}

// compareSections puts people and numbers first, then what else the tenant has, and last
// what it has none of.
func (e *exporter) compareSections(a, b []*schema.Kind) int {
	rank := func(kinds []*schema.Kind) (int, int, int) {
		first, empty, late := cmp.Or(kinds[0].First, math.MaxInt), 1, e.late(kinds[0])
		for _, k := range kinds {
			if len(e.top[k]) > 0 {
				empty = 0
			}
		}
		return empty, first, late
	}
	emptyA, firstA, lateA := rank(a)
	emptyB, firstB, lateB := rank(b)
	return cmp.Or(cmp.Compare(emptyA, emptyB), cmp.Compare(firstA, firstB), cmp.Compare(lateA, lateB), cmp.Compare(a[0].Section[0], b[0].Section[0]))
}

// section writes the objects from one number to another of the kinds that share
// a word at the top.
func (e *exporter) section(kinds []*schema.Kind, from, to int) *yaml.Node {
	group := mapping()
	before := 0
	for _, k := range kinds {
		objects := e.top[k]
		low, high := min(max(from-before, 0), len(objects)), min(max(to-before, 0), len(objects))
		before += len(objects)
		if low == high && (len(objects) > 0 || from > 0) {
			continue
		}
		key, value := text(k.Section[len(k.Section)-1]), e.kind(k, objects[low:high])
		if key.HeadComment = secretsNote(k); high == low {
			key.HeadComment = ""
		}
		group.Content = append(group.Content, key, value)
	}
	if len(kinds[0].Section) == 1 {
		return group
	}
	return mapping(text(kinds[0].Section[0]), group)
}

func (e *exporter) kind(k *schema.Kind, objects []*schema.Object) *yaml.Node {
	if !k.Singleton() {
		return e.entries(k, objects)
	}
	return e.object(objects[0])
}

// header says whose files these are.
func (e *exporter) header() *yaml.Node {
	tenant := mapping()
	for _, p := range [][2]string{{reserved.Name, e.live.Name}, {reserved.Prefix, e.live.Prefix}} {
		n := text(p[1])
		if why := file.Refusal(n); why != "" {
			e.out.Left = append(e.out.Left, schema.Problem{Message: fmt.Sprintf("the tenant's %s is left out: %s", p[0], why), Warning: schema.WarnLeftOut})
			continue
		}
		if p[1] != "" {
			tenant.Content = append(tenant.Content, text(p[0]), n)
		}
	}
	tenant.Style = yaml.FlowStyle
	return mapping(text(reserved.Tenant), tenant)
}

// footer writes the other words for the whole folder. What people look for stands above.
func (e *exporter) footer() []*yaml.Node {
	var out []*yaml.Node
	unmanaged := mapping()
	for _, k := range e.catalogue.Kinds {
		if k.Stray != "" && k.Managed() && !slices.Contains(e.options.Missed, Missed{Kind: k}) && len(k.Parents) == 0 && e.options.Part == nil {
			unmanaged.Content = append(unmanaged.Content, text(k.Word), text(string(k.Stray)))
		}
	}
	if len(unmanaged.Content) > 0 {
		out = append(out, mapping(text(reserved.Unmanaged), unmanaged))
	}
	if defaults := e.defaultsBlock(); defaults != nil {
		out = append(out, defaults)
	}
	return out
}

// file puts the parts of a file together, with a line between them.
func (e *exporter) file(parts []*yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	if e.options.Schema != "" {
		fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n", e.options.Schema)
	}
	b.WriteString("version: 1\n")
	for i, n := range parts {
		data, err := edit.Encode(n, 2)
		if err != nil {
			return nil, err
		}
		if i > 0 || !bytes.HasPrefix(data, []byte(reserved.Tenant+":")) {
			b.WriteByte('\n')
		}
		b.Write(data)
	}
	return b.Bytes(), nil
}
