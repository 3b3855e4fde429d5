package folder

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// This file reads the index of git, which lists what a checkout has brought. Git itself is not
// asked: it may not be there, and in a repository that somebody else has set up it runs what
// that one's configuration names.

// tracked reports whether git brought a folder, a link of its name, or anything in it.
func tracked(dir string) (bool, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return false, err
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(whole))
	if err != nil {
		return false, err
	}
	for top := parent; ; top = filepath.Dir(top) {
		git, err := gitDir(top)
		if err != nil {
			return false, err
		}
		if git != "" {
			rel, err := filepath.Rel(top, filepath.Join(parent, filepath.Base(whole)))
			if err != nil {
				return false, err
			}
			return inIndex(filepath.Join(git, "index"), filepath.ToSlash(rel))
		}
		if top == filepath.Dir(top) {
			return false, nil
		}
	}
}

// gitDir returns where the repository of a worktree lies, "" where a folder is none.
func gitDir(top string) (string, error) {
	path := filepath.Join(top, ".git")
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", nil // none, or none that git could use
	case info.IsDir():
		return path, nil
	case !info.Mode().IsRegular():
		return "", nil
	}
	text, err := NamedFile(path, Use{Name: "the place of a repository", Most: 64 << 10, Way: "look at it"}, nil)
	place, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", nil
	case !filepath.IsAbs(place):
		place = filepath.Join(top, place)
	}
	return place, nil
}

// inIndex reports whether an index names a path or anything below it. The letter case does not
// count, since some file systems do not tell it.
func inIndex(index, path string) (bool, error) {
	if _, err := os.Stat(index); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	var err error
	for _, hash := range []int{20, 32} { // of SHA-1 and SHA-256: the index does not say which
		found, shared, bad := scan(index, hash, path)
		if bad == nil && !found && shared != "" { // there is none of that name where the hash is the other one
			found, _, bad = scan(filepath.Join(filepath.Dir(index), "sharedindex."+shared), hash, path)
		}
		if bad == nil {
			return found, nil
		}
		err = bad
	}
	return false, err
}

var errIndex = errors.New("the index is in a form that is not known")

// scan reads the entries of an index up to one that is meant, and else the name of the index
// that it shares with others.
func scan(index string, hash int, path string) (found bool, shared string, err error) {
	f, err := os.Open(index)
	if err != nil {
		return false, "", err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<16)
	var head struct {
		Sign    [4]byte
		Version uint32
		Entries uint32
	}
	if err := binary.Read(r, binary.BigEndian, &head); err != nil {
		return false, "", err
	}
	if string(head.Sign[:]) != "DIRC" || head.Version < 2 || head.Version > 4 {
		return false, "", errIndex
	}
	name := ""
	for range head.Entries {
		if name, err = entry(r, hash, head.Version, name); err != nil {
			return false, "", err
		}
		if meant(name, path) {
			return true, "", nil
		}
	}
	shared, err = link(r, hash)
	return false, shared, err
}

// meant reports whether an entry is a path, something in it, or a folder around it that is
// listed as one.
func meant(name, path string) bool {
	name, path = strings.ToLower(name), strings.ToLower(path)
	return name == path || strings.HasPrefix(name, path+"/")
}

// entry reads one entry and returns its name; before is that of the entry before it.
func entry(r *bufio.Reader, hash int, version uint32, before string) (string, error) {
	const stat, extended, length = 40, 0x4000, 0xfff
	fixed := make([]byte, stat+hash+2)
	if _, err := io.ReadFull(r, fixed); err != nil {
		return "", err
	}
	read := len(fixed)
	flags := binary.BigEndian.Uint16(fixed[stat+hash:])
	if flags&extended != 0 {
		if _, err := r.Discard(2); err != nil {
			return "", err
		}
		read += 2
	}
	kept := ""
	if version == 4 { // the name goes on where the one before it begins alike
		n, err := strip(r)
		if err != nil || n > len(before) {
			return "", errors.Join(err, errIndex)
		}
		kept = before[:len(before)-n]
	}
	rest, err := r.ReadBytes(0)
	if err != nil || len(rest) > 1<<16 {
		return "", errors.Join(err, errIndex)
	}
	read += len(rest)
	if pad := (8 - read%8) % 8; version < 4 {
		if _, err := r.Discard(pad); err != nil {
			return "", err
		}
	}
	name := kept + string(rest[:len(rest)-1])
	if int(flags&length) != min(len(name), length) { // then it is not the hash that it seemed to be
		return "", errIndex
	}
	return name, nil
}

// strip reads how much of the name before is left off.
func strip(r *bufio.Reader) (int, error) {
	n := 0
	for i := 0; ; i++ {
		b, err := r.ReadByte()
		if err != nil || i > 4 {
			return 0, errors.Join(err, errIndex)
		}
		n = n<<7 | int(b&0x7f)
		if b&0x80 == 0 {
			return n, nil
		}
		n++
	}
}

// link finds the extension that names a shared index, "" where there is none.
func link(r *bufio.Reader, hash int) (string, error) {
	for {
		head := make([]byte, 8)
		if _, err := io.ReadFull(r, head); err != nil {
			return "", nil // at the end only the sum of all is left
		}
		size := binary.BigEndian.Uint32(head[4:])
		if bytes.Equal(head[:4], []byte("link")) {
			sum := make([]byte, hash)
			if _, err := io.ReadFull(r, sum); err != nil {
				return "", err
			}
			if bytes.Equal(sum, make([]byte, hash)) {
				return "", nil
			}
			return fmt.Sprintf("%x", sum), nil
		}
		if _, err := r.Discard(int(size)); err != nil {
			return "", nil
		}
	}
}
