package diff

import "pbxsync/schema"

// takeName keeps what the tenant calls the file with the content of an object: answers have that
// in the place of the content.
func takeName(o *schema.Object, v any) { o.FileName, _ = v.(string) }

// sameFile compares the contents of files, of which only that matters.
func sameFile(a, b any) bool { return schema.FileRefOf(a).SHA256 == schema.FileRefOf(b).SHA256 }
