package diff

import "pbxsync/schema"

// NewSequence makes the object of a sequence of the answers about its items.
func (l *Live) NewSequence(k *schema.Kind, parent *schema.Object, rows []map[string]any) (*schema.Object, error) {
	o := &schema.Object{Kind: k, Parent: parent, Values: map[string]any{}}
	items := make([]any, len(rows))
	for i, row := range rows {
		item, err := l.NewObject(k.Each, parent, row)
		if err != nil {
			return nil, err
		}
		o.Items = append(o.Items, item.ID)
		items[i] = row
	}
	o.Values[k.List().Name] = k.List().Live(items, l.Prefix)
	return o, nil
}

// emptyList reports whether a field says of a new sequence that it has no items.
func emptyList(o *schema.Object, f Field) bool {
	list, ok := f.New.([]any)
	return ok && len(list) == 0 && o.Kind.Each != nil
}
