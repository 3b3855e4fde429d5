package lock

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"pbxsync/internal/folder"
)

// ErrNowhere says that the user has no folder for the locks of this machine.
var ErrNowhere = errors.New("there is no folder of the user's own for the locks of this machine (XDG_RUNTIME_DIR, or the cache folder)")

// Folders are where the locks of a user on this machine lie: below the runtime folder,
// which is on no other machine, and below the cache folder, since a job of the clock
// has no runtime folder. Empty ones are left out.
func Folders(runtime, cache string) []string {
	var out []string
	for _, dir := range []string{runtime, cache} {
		if filepath.IsAbs(dir) {
			out = append(out, filepath.Join(dir, "pbxsync"))
		}
	}
	return out
}

// Machine takes the lock of one tenant of one server in each of the folders. Fresh
// reports that no run of this user has done so before.
func Machine(folders []string, server, tenant string, me Holder) (l *Lock, fresh bool, err error) {
	name := fmt.Sprintf("%x.lock", sha256.Sum256([]byte(Server(server)+"\n"+tenant)))
	l, fresh = &Lock{me: me}, true
	for _, dir := range folders {
		usable, err := own(dir)
		if err == nil && usable {
			path := filepath.Join(dir, name)
			if _, err := os.Lstat(path); err == nil {
				fresh = false
			}
			err = l.add(path)
		}
		if err != nil {
			l.Release(true)
			return nil, false, err
		}
	}
	if len(l.held) == 0 {
		return nil, false, ErrNowhere
	}
	return l, fresh, nil
}

// own makes a folder for locks below one that is the user's. What is below is refused
// where it is not as it was made; where nothing can be made the folder is no use.
func own(dir string) (usable bool, err error) {
	base := filepath.Dir(dir)
	if _, err := os.Stat(filepath.Dir(base)); err != nil { // a home that is not there is not made
		return false, nil
	}
	if err := os.MkdirAll(base, 0o700); err != nil {
		return false, nil
	}
	if info, err := os.Stat(base); err != nil {
		return false, nil
	} else if _, other := folder.Foreign(info); other {
		return false, nil // of who called sudo, as an instance
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return false, err
	}
	if !info.IsDir() || folder.OnlyOurs(dir, info) != nil {
		return false, fmt.Errorf("%s holds the locks of this machine, and has to be a folder that nobody else can enter, and no link (it is %s); delete it", dir, info.Mode())
	}
	return true, nil
}

// Server is the name of a server in its locks: one for all ways to write the endpoint,
// and rather one for two servers than two for one.
func Server(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return endpoint
	}
	host, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		host = "localhost"
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return net.JoinHostPort(host, port)
}
