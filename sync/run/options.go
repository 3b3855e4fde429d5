package run

import (
	"time"

	"pbxsync/schema"
)

// RunOptions say how a plan is carried out.
type Options struct {
	Catalogue   *schema.Catalogue
	Parallelism int           // calls at the same time
	Journal     Journal       // nil: none
	Folder      schema.Folder // of the files that steps send; nil: there is none
	Settle      time.Duration // how long to look for what a call without an answer may have made
	Run         string        // name of the run
	Hangup      []string      // addresses of what may be deleted although something goes on at it
}
