package schema

import (
	"fmt"
	"regexp"
	"slices"
)

// devices are names that some file systems keep for themselves, whatever follows a dot.
var devices = regexp.MustCompile(`^(con|prn|aux|nul|(com|lpt)[0-9])$`)

// ContentNames gives the content of each object the name of a file, as yet without its
// type: in a folder that is called like the section, made of the key, and differing
// from every other. They depend on nothing but the keys.
func ContentNames(objects []*Object) map[*Object]string {
	objects = slices.Clone(objects)
	slices.SortStableFunc(objects, func(a, b *Object) int { return compareNatural(a.Key, b.Key) })
	out, taken := make(map[*Object]string, len(objects)), map[string]bool{}
	for _, o := range objects {
		base := slug(o)
		if devices.MatchString(base) {
			base = o.Kind.Word + "-" + base
		}
		base = o.Kind.ContentFolder() + "/" + base
		name := base
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[name], out[o] = true, name
	}
	return out
}

// ContentFolder names the folder beside the tenant files into which an import puts the
// content of objects of the kind, "" if they have none.
func (k *Kind) ContentFolder() string {
	if k.Content == nil {
		return ""
	}
	return k.Section[0]
}
