package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
)

// disk is a small file system in memory, which only root can make.
func disk(t testing.TB, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("pbxsync", dir, "tmpfs", 0, options+",mode=700"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// TestDiskFull runs with less and less space for the records, on a disk that another
// program fills while the run is at work, without inodes, and without the right to write.
func TestDiskFull(t *testing.T) {
	text := tenantFile(6)
	want, _ := reference(t, text)
	var a tally
	sent := 0
	announced := func(l *lab, f *faults, state string) {
		found := unannounced(l, state)
		sent += len(found)
		f.check(len(found) == 0, "sent without a record: %v", found)
	}
	try := func(what, state string, prepare func(l *lab), f func(l *lab, f *faults, code int, stderr string)) {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
		defer l.close()
		l.env = append(l.env, "PBXSYNC_STATE_DIR="+state)
		if prepare != nil {
			prepare(l)
		}
		c := l.start(nil, "apply", "--auto-approve", "--parallelism", "4", "tenant.yaml")
		code := c.wait()
		wrong := &faults{}
		f(l, wrong, code, c.stderr.String())
		l.sim.Intercept(nil)
		l.env = append(l.env, "PBXSYNC_STATE_DIR="+filepath.Join(l.dir, ".pbxsync")) // there is room
		l.converges(wrong, want)
		a.note(wrong.list, what)
	}
	for kib := 4; kib <= 120; kib += evidence.Size(evidence.Quick(40, 24), 4) {
		state := disk(t, fmt.Sprintf("mode=700,size=%dk", kib))
		try(fmt.Sprintf("%d KiB", kib), state, nil, func(l *lab, f *faults, code int, stderr string) {
			writes := l.sim.Counts().Writes
			switch code {
			case 0:
			case 1:
				f.check(writes == 0, "exit 1 after %d calls: %s", writes, stderr)
			case 4:
				f.check(writes > 0, "exit 4 after no call: %s", stderr)
			default:
				f.check(false, "exit %d: %s", code, stderr)
			}
			f.check(code == 0 || strings.Contains(stderr, "no space left on device"), "%s", stderr)
			announced(l, f, state)
		})
	}
	for n := 1; n <= 30; n += evidence.Size(evidence.Quick(15, 10), 1) { // somebody else takes all that is left during the nth call
		state := disk(t, "mode=700,size=512k")
		try(fmt.Sprintf("full from call %d on", n), state, func(l *lab) { l.fillAt(n, state) }, func(l *lab, f *faults, code int, stderr string) {
			f.check(code == 0 || code == 4, "exit %d: %s", code, stderr)
			announced(l, f, state)
		})
	}
	for inodes := 2; inodes <= 8; inodes++ {
		try(fmt.Sprintf("%d inodes", inodes), disk(t, fmt.Sprintf("mode=700,size=1m,nr_inodes=%d", inodes)), nil, func(l *lab, f *faults, code int, stderr string) {
			last := code == 4 && strings.Contains(stderr, "everything was carried out, but what is there now could not be kept") // the last file has no inode
			f.check(code == 0 || last || code == 1 && l.sim.Counts().Writes == 0, "exit %d after %d calls: %s", code, l.sim.Counts().Writes, stderr)
		})
	}
	state := disk(t, "mode=700,size=1m")
	if err := syscall.Mount("pbxsync", state, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err == nil {
		try("read-only", state, nil, func(l *lab, f *faults, code int, stderr string) {
			f.check(code == 1 && l.sim.Counts().Writes == 0 && strings.Contains(stderr, "read-only file system"), "exit %d: %s", code, stderr)
		})
	}
	report(t, "16", &a, fmt.Sprintf("the built program on a full, filling or read-only file system (a real tmpfs): %d of %d; calls sent without a record while the disk filled: %d", a.right, a.tried, sent))
}

// fillAt fills the disk when the nth write arrives.
func (l *lab) fillAt(n int, dir string) {
	g := newGate(n, false)
	l.sim.Intercept(g.hold(l.sim))
	go func() {
		<-g.here
		_ = exec.Command("dd", "if=/dev/zero", "of="+filepath.Join(dir, "other"), "bs=4k").Run() // until it fails
		close(g.open)
	}()
}

// unannounced returns the paths of writes for which the records have no line.
func unannounced(l *lab, state string) []string {
	var text strings.Builder
	found, _ := filepath.Glob(filepath.Join(state, "*", "*", "*.jsonl"))
	for _, path := range found {
		data, _ := os.ReadFile(path)
		text.Write(data)
	}
	var out []string
	for call := range l.writes() {
		method, path, _ := strings.Cut(call, " ")
		if !strings.Contains(text.String(), fmt.Sprintf(`"method":%q,"path":%q`, method, path)) {
			out = append(out, call)
		}
	}
	return out
}
