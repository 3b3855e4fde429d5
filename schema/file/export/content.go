package export

import (
	"fmt"

	"pbxsync/schema"
)

// This file is the one place of the behaviour FileContent in this package.

// contentField names the field under which files name the content of an object.
func contentField(o *schema.Object) string { return o.Kind.Content.Field.Name }

// contentName is the name of the file with the content of an object, "" where it has none.
func contentName(o *schema.Object) string {
	if o.Kind.Content == nil || o.Values[contentField(o)] == nil {
		return ""
	}
	return schema.FileRefOf(o.Values[contentField(o)]).Name
}

// renamedFile says what an object's file is called elsewhere, where files cannot keep
// what the tenant calls it, or "".
func renamedFile(o *schema.Object) string {
	if o.Kind.Content == nil || o.FileName == "" || o.Values[o.Kind.Content.Field.Name] == nil {
		return ""
	}
	name := schema.FileRefOf(o.Values[o.Kind.Content.Field.Name]).UploadName(o)
	if name == o.FileName {
		return ""
	}
	return fmt.Sprintf("the tenant calls its file %q, which files do not keep: elsewhere it is called %s, and what plays it by that name does not find it", o.FileName, name)
}
