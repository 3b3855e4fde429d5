package file

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
)

// envInputs names a folder for the texts that these tests parse, so that other readers of the
// published schema can be asked about them: internal/editor does.
const envInputs = "PBXSYNC_TEST_INPUTS"

func keepInput(text string) {
	dir := os.Getenv(envInputs)
	if dir == "" || len(text) > maxKept {
		return
	}
	h := fnv.New64a()
	h.Write([]byte(text))
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%016x.yaml", h.Sum64())), []byte(text), 0o600); err != nil {
		panic(err) // whoever asked for them misses one
	}
}

// maxKept leaves out the texts that are there to be too long.
const maxKept = 20000
