package schema

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"pbxsync/schema/natural"
	"pbxsync/schema/wording"
)

// This file is the one place of the behaviour FileContent in this package: a file
// is named in tenant files, and compared by what is in it.

// Content is what FileContent has to know. The field is the path of a file in tenant
// files, a part of a form in requests, and is compared by what Download gives.
type Content struct {
	Field    *Field
	Download string   // path of the bytes
	Types    []string // what the file may be, told by its content
	Most     int64    // bytes
}

// Folder opens the files that objects name, by their path in the tenant's folder. It
// opens regular files of that folder only; its errors say what else a path is.
type Folder interface {
	Open(name string) (io.ReadCloser, error)
}

// FileRef is the value of a field that is the content of a file: which file, and
// what is in it. It never holds the bytes.
type FileRef struct {
	Name   string `json:"name,omitempty"` // path in the tenant's folder
	Type   string `json:"type,omitempty"` // what the content is, such as wav
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// The members of a FileRef in the normal form of values.
const (
	refName   = "name"
	refType   = "type"
	refSize   = "size"
	refSHA256 = "sha256"
)

// value returns the reference in normal form. What is not known is left out.
func (r FileRef) value() map[string]any {
	v := map[string]any{refName: r.Name}
	if r.SHA256 != "" {
		v[refType], v[refSize], v[refSHA256] = r.Type, r.Size, r.SHA256
	}
	return v
}

// FileRefOf returns the reference behind a value in normal form.
func FileRefOf(v any) FileRef {
	m, _ := v.(map[string]any)
	r := FileRef{}
	r.Name, _ = m[refName].(string)
	r.Type, _ = m[refType].(string)
	r.Size, _ = m[refSize].(int64)
	r.SHA256, _ = m[refSHA256].(string)
	return r
}

// Named returns the value of the content as that of a file.
func (r FileRef) Named(name string) map[string]any {
	r.Name = name
	return r.value()
}

// UploadName returns the name under which the file is uploaded, by which callbacks may
// play it: that of the file where it is plain, else one made from the key of its object.
// In which folders it lies here is nobody's business.
func (r FileRef) UploadName(o *Object) string {
	if base := path.Base(r.Name); plainFile(base) && strings.EqualFold(path.Ext(base), "."+r.Type) {
		return base
	}
	return slug(o) + "." + r.Type
}

var plainFileName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 ._-]{0,98}[A-Za-z0-9])?$`)

// plainFile reports whether every file system and every server takes a name.
func plainFile(name string) bool {
	before, _, _ := strings.Cut(strings.ToLower(name), ".")
	return plainFileName.MatchString(name) && !devices.MatchString(before)
}

// slug makes a name that every file system takes of the key of an object.
func slug(o *Object) string {
	name := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return '-'
	}, o.NaturalKey())
	name = strings.Join(strings.FieldsFunc(name, func(c rune) bool { return c == '-' }), "-")
	if name == "" {
		name = o.Kind.Word
	}
	return name[:min(len(name), 100)]
}

// Contents reads the files that the objects name and notes what is in them. Whatever
// could not be uploaded is a problem at the file's line.
func (t *Tenant) Contents(folder Folder) Problems {
	var problems Problems
	for _, o := range t.Objects {
		c := o.Kind.Content
		if c == nil || o.Absent || o.Values[c.Field.Name] == nil {
			continue
		}
		ref := FileRefOf(o.Values[c.Field.Name])
		data, err := c.Read(folder, ref.Name)
		if err == nil {
			err = c.check(data)
		}
		if err != nil {
			problems = append(problems, Problem{Place: o.PlaceOf(c.Field.Name), Address: o.Address(), Message: fmt.Sprintf("%s: %q %s", c.Field.Name, wording.Cut(ref.Name, wording.Longest, wording.Longest), err)})
			continue
		}
		o.Values[c.Field.Name] = c.Describe(data).Named(ref.Name)
	}
	return problems.Sort()
}

// Read reads a file, no more of it than may be uploaded.
func (c *Content) Read(folder Folder, name string) ([]byte, error) {
	if folder == nil {
		return nil, errors.New("cannot be read: there is no folder; name a tenant's file or folder instead of standard input")
	}
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, c.Most+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	return data, nil
}

// Is reports whether data is the content that a reference describes.
func (r FileRef) Is(data []byte) bool { return sum(data) == r.SHA256 && int64(len(data)) == r.Size }

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// Describe says what is in data.
func (c *Content) Describe(data []byte) FileRef {
	r := FileRef{Size: int64(len(data)), SHA256: sum(data)}
	for _, t := range c.Types {
		if contentTypes[t].is(data) {
			r.Type = t
		}
	}
	return r
}

// check says why data cannot be uploaded.
func (c *Content) check(data []byte) error {
	switch {
	case len(data) == 0:
		return errors.New("is empty; export it again")
	case int64(len(data)) > c.Most:
		return fmt.Errorf("is over the limit of %d MB; shorten it, or use MP3", c.Most>>20)
	}
	for _, t := range c.Types {
		if contentTypes[t].is(data) {
			return contentTypes[t].check(data)
		}
	}
	return fmt.Errorf("is neither %s by its content, whatever its name says; convert it", strings.ReplaceAll(strings.ToUpper(strings.Join(c.Types, "/")), "/", " nor "))
}

// Check says why data cannot be uploaded, or nil.
func (c *Content) Check(data []byte) error { return c.check(data) }

// fillDownload reads the path of the bytes, if the kind has one.
func (r *Route) fillDownload(k *Kind, raw *rawKind) (err error) {
	if k.Content != nil {
		r.Download, err = r.path(k.Content.Download, raw, "x-behaviour", ownIDs(k))
	}
	return err
}

// contentOperations are the operations on a file's content.
func contentOperations(k *Kind) []Operation {
	var all []Operation
	for _, r := range k.Routes {
		if r.Download != nil {
			all = append(all, Operation{Method: "POST", Path: textOf(r.Item), Kind: k, Verb: Replace},
				Operation{Method: "GET", Path: r.Download.String(), Kind: k, Verb: Download})
		}
	}
	return all
}

// fillContent finds the field that is the content of a file.
func fillContent(k *Kind, r *rawKind) error {
	f := fieldByAPI(k, r.Behaviour.Body)
	if f == nil {
		return fmt.Errorf("x-behaviour: %q is no property", r.Behaviour.Body)
	}
	f.Apart, f.Takes = true, "path of a file"
	f.normal = func(v any) any {
		name, _ := v.(string)
		return FileRef{}.Named(name)
	}
	k.Content = &Content{Field: f, Download: r.Behaviour.Download, Types: r.Behaviour.Types, Most: r.Behaviour.Most}
	return nil
}

// devices are names that some file systems keep for themselves, whatever follows a dot.
var devices = regexp.MustCompile(`^(con|prn|aux|nul|(com|lpt)[0-9])$`)

// ContentNames gives the content of each object the name of a file, as yet without its
// type: in a folder that is called like the section, called as in the tenant where that
// name is plain, else made of the key, and differing from every other. Of two files that
// the tenant calls alike the second lies in a folder of its own.
func ContentNames(objects []*Object) map[*Object]string {
	objects = slices.Clone(objects)
	slices.SortStableFunc(objects, func(a, b *Object) int { return natural.Compare(a.Key, b.Key) })
	out, taken := make(map[*Object]string, len(objects)), map[string]bool{}
	free := func(base string) string {
		name := base
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[strings.ToLower(name)] = true
		return name
	}
	for _, o := range objects {
		base := slug(o)
		if devices.MatchString(base) {
			base = o.Kind.Word + "-" + base
		}
		folder, own := o.Kind.ContentFolder()+"/", o.plainName()
		switch {
		case own == "":
			out[o] = free(folder + base)
		case taken[strings.ToLower(folder+own)]:
			out[o] = free(folder+base) + "/" + own
		default:
			out[o] = free(folder + own)
		}
	}
	return out
}

// plainName returns the name of the file in the tenant without its type, "" where it
// cannot be kept.
func (o *Object) plainName() string {
	ext := path.Ext(o.FileName)
	if !plainFile(o.FileName) || !slices.Contains(o.Kind.Content.Types, strings.TrimPrefix(ext, ".")) {
		return ""
	}
	return strings.TrimSuffix(o.FileName, ext)
}

// ContentFolder names the folder beside the tenant files into which an import puts the
// content of objects of the kind, "" if they have none.
func (k *Kind) ContentFolder() string {
	if k.Content == nil {
		return ""
	}
	return k.Section[0]
}
