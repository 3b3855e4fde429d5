package pull

import "pbxsync/schema"

// unlisted reports of a kind that the server does not list its objects: they are known from
// records alone, and nothing tells of one that it is gone.
func unlisted(k *schema.Kind) bool { return k.Behaviour == schema.KnownFromRecords }
