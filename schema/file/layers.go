package file

import (
	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

func newDecoder(c *schema.Catalogue) *decoder {
	d := &decoder{}
	d.c, d.defaults = c, map[*schema.Kind]*schema.Object{}
	d.children, d.protected = map[*schema.Object][]childNodes{}, map[*schema.Object]schema.Place{}
	d.tenant = &schema.Tenant{Managed: map[*schema.Kind]schema.Place{}, Unmanaged: map[*schema.Kind]schema.Policy{}, Prune: map[*schema.Kind]schema.Place{}, Ruled: map[string]schema.Place{}, Defaults: d.defaults}
	return d
}

// decoder reads files into one tenant. It stands on those who read an object, who read a
// field, who know the whole folder, and who say what is wrong; each knows those below it.
type decoder struct {
	objectReader
	broken bool         // a file could not be read, so what is missing proves nothing
	named  schema.Place // where tenant: stands
	headed string
}

// objectReader reads one object.
type objectReader struct {
	fieldReader
	children map[*schema.Object][]childNodes // until their parent's own key is known
}

// fieldReader reads the value of a field, and judges it by the schema.
type fieldReader struct {
	folder
	unchecked map[*yaml.Node]bool // patterns that stay as they are
}

// folder is what all files together say, and checks what takes all of them.
type folder struct {
	notes
	tenant    *schema.Tenant
	defaults  map[*schema.Kind]*schema.Object
	refs      []reference
	protected map[*schema.Object]schema.Place // the lines at objects that protect these
	kinds     []kindUse
	losses    []loss
	called    map[string]*schema.Object // by natural address, once all files are read
}

// reference is a use of a bare key, to be checked when all files are read.
type reference struct {
	from  *schema.Object
	field *schema.Field
	key   string
	at    schema.Place
	said  string // the key as it is written, where it means one below a parent
}

// kindUse is a kind named in prune: or unmanaged:, to be checked likewise.
type kindUse struct {
	kind *schema.Kind
	word string
	at   schema.Place
}
