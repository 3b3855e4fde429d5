package diff

import "pbxsync/schema"

// takeName keeps what the tenant calls the file with the content of an object: answers have that
// in the place of the content.
func takeName(o *schema.Object, v any) { o.FileName, _ = v.(string) }
