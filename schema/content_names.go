package schema

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"pbxsync/schema/natural"
)

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
