package schema

import "pbxsync/schema/zone"

// Same returns a value in the form in which it is compared: what means the same is
// equal, and what is sent stays as it is written.
func (f *Field) Same(v any, prefix string) any {
	return f.mapTexts(f.Short(v, prefix), func(f *Field, s string) string {
		if same := formats[f.Format].same; same != nil {
			return same(s)
		}
		return s
	})
}

func sameZone(s string) string { return zone.Of(s) }
