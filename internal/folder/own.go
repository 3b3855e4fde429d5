package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// Own reads a file that the program itself has written: a regular file of who runs it, to which
// nobody else can write, and no link. Its errors begin with the path.
func Own(path string, u Use) ([]byte, error) {
	info, err := os.Lstat(path) // what could hang is looked at before it is opened
	if err == nil {
		err = own(path, info)
	}
	if err != nil {
		return nil, at(path, reason(err))
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|NoFollow, 0)
	if err != nil {
		return nil, at(path, reason(err))
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = own(path, info) // it may have been exchanged
	}
	if err != nil {
		return nil, at(path, err)
	}
	data, err := u.read(f, info)
	return data, at(path, err)
}

// OwnInfo looks at a file that the program itself has written, and refuses what Own would.
func OwnInfo(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if err == nil {
		err = own(path, info)
	}
	if err != nil {
		return nil, at(path, reason(err))
	}
	return info, nil
}

func own(path string, info fs.FileInfo) error {
	if info.Mode()&fs.ModeSymlink != 0 {
		return errors.New("is a link; put the file itself there")
	}
	if err := regular(info); err != nil {
		return err
	}
	return ownedAlone(path, info, 600)
}

// ownedAlone refuses what belongs to somebody else, and where somebody else can write.
func ownedAlone(path string, info fs.FileInfo, mode int) error {
	if uid, other := Foreign(info); other {
		return fmt.Errorf("belongs to user %d, and user %d runs this; chown it if you trust what is in it, or name another folder with --state-dir", uid, os.Geteuid())
	}
	if writable(info) {
		return fmt.Errorf("can be written by others (%04o), who decide then what the next run believes; chmod %d %s if you trust what is in it", info.Mode().Perm(), mode, path)
	}
	return nil
}
