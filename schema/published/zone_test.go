package published

import (
	"archive/zip"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Each zone that the program knows has a name of the published form.
func TestZonePattern(t *testing.T) {
	goRoot, _ := exec.Command("go", "env", "GOROOT").Output()
	z, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(goRoot)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skip("the list of zones that comes with Go is not here: ", err)
	}
	defer z.Close()
	form, seen := regexp.MustCompile(patterns["timezone"].text), 0
	for _, f := range z.File {
		if _, err := time.LoadLocation(f.Name); err != nil || strings.HasSuffix(f.Name, "/") {
			continue
		}
		if seen++; !form.MatchString(f.Name) {
			t.Errorf("%s is a zone, and the pattern refuses it", f.Name)
		}
	}
	if seen < 400 {
		t.Errorf("only %d zones", seen)
	}
}
