package schema

import "pbxsync/schema/format"

// Same returns a value in the form in which it is compared: what means the same is
// equal, and what is sent stays as it is written.
func (f *Field) Same(v any, prefix string) any {
	return f.mapTexts(f.Short(v, prefix), func(f *Field, s string) string { return format.Same(f.Format, s) })
}
