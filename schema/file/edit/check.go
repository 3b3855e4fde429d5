package edit

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema/file"
)

// check reads a result and makes sure that it says what was meant and nothing else.
func (d *Document) check(out []byte) error {
	got, problems := file.Tree(file.File{Name: d.name, Data: out})
	if err := problems.Err(); err != nil {
		return d.refuse(d.root.Node, "change the file by hand", "the changes cannot be made by position: the result could not be read (%v)", err)
	}
	if at := differ(d.root.meant(), got); at != nil {
		return d.refuse(at, "change the file by hand", "the changes cannot be made by position: here the result would say something else than what is meant")
	}
	return nil
}

// meant is the tree that the changes are to lead to.
func (n *Node) meant() *yaml.Node {
	if n.put != nil {
		return n.put
	}
	if len(n.parts) == 0 && len(n.first) == 0 {
		return n.Node
	}
	out := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Line: n.Line, Column: n.Column}
	take := func(list []addition) {
		for _, a := range list {
			if a.key != nil {
				out.Content = append(out.Content, a.key)
			}
			out.Content = append(out.Content, a.value)
		}
	}
	take(n.first)
	for _, p := range n.parts {
		if !p.gone {
			take([]addition{{p.Key, p.Value.meant()}})
		}
		take(p.after)
	}
	return out
}

// differ returns a node of two trees that differs, nil if none does.
func differ(want, got *yaml.Node) *yaml.Node {
	if want.Kind != got.Kind || len(want.Content) != len(got.Content) {
		return got
	}
	if want.Kind == yaml.ScalarNode && (want.Value != got.Value || tag(want) != tag(got)) {
		return got
	}
	for i := range want.Content {
		if at := differ(want.Content[i], got.Content[i]); at != nil {
			return at
		}
	}
	return nil
}

func tag(n *yaml.Node) string {
	if n.Tag == "" {
		return fmt.Sprint(n.ShortTag())
	}
	return n.Tag
}
