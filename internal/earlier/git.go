package earlier

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/input"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
	"pbxsync/sync"
)

// repository is the working copy in which a path lies.
type repository struct {
	Finder
	dir, name string // name: of the one file that is meant, "" for the folder
}

func (f Finder) git(path string) *repository {
	if path == input.Stdin {
		path = "."
	}
	if folder.Is(path) {
		return &repository{f, path, ""}
	}
	return &repository{f, filepath.Dir(path), filepath.Base(path)}
}

// quiet keeps a repository from having anything run, asked for or fetched.
var quiet = []string{"--no-pager", "--no-optional-locks", "--no-replace-objects", "-c", "core.fsmonitor=", "-c", "core.hooksPath=" + os.DevNull,
	"-c", "core.sshCommand=false", "-c", "credential.helper=", "-c", "protocol.allow=never", "-c", "core.alternateRefsCommand="}

// most bounds what git may answer.
const most = 128 << 20

// run asks git one thing.
func (r *repository) run(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "git", append(append([]string{}, quiet...), args...)...)
	c.Dir, c.Stdin, c.Env = r.dir, in, r.environment()
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &bounded{&out, most}, &bounded{&said, 4 << 10}
	err := c.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errNoGit
	}
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
		return nil, &refusal{first, err}
	}
	return out.Bytes(), nil
}

var errNoGit = errors.New("the program git is not on this machine; install it, or name a folder of earlier files or a snapshot")

// refusal is what git said.
type refusal struct {
	said string
	err  error
}

func (r *refusal) Error() string {
	if r.said == "" {
		return "git: " + r.err.Error()
	}
	return "git: " + wording.Cut(r.said, 200, 200)
}

// environment is what git gets: no credentials, and nothing that changes which repository is read.
func (r *repository) environment() []string {
	env := []string{"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1"}
	for _, name := range []string{"PATH", "HOME", "USERPROFILE", "SystemRoot", "XDG_CONFIG_HOME", "GIT_CEILING_DIRECTORIES"} {
		if v := r.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// bounded takes so many bytes and no more.
type bounded struct {
	to   io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("it says more than is read")
	}
	return b.to.Write(p)
}

// isRevision reports whether git knows a text as a commit.
func (r *repository) isRevision(ctx context.Context, what string) bool {
	_, err := r.commit(ctx, what)
	return err == nil
}

// commit names the commit of a revision.
func (r *repository) commit(ctx context.Context, what string) (string, error) {
	if strings.HasPrefix(what, "-") {
		return "", errors.New("it begins with a dash")
	}
	out, err := r.run(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", what+"^{commit}")
	return strings.TrimSpace(string(out)), err
}

// revision reads files as they were in a revision.
func (f Finder) revision(ctx context.Context, what, path string) (*found, error) {
	if path == input.Stdin {
		return nil, f.fail(exit.Error, what, ": standard input is in no revision; name a folder")
	}
	r := f.git(path)
	commit, err := r.commit(ctx, what)
	if err != nil {
		return nil, r.unknown(ctx, what, err)
	}
	out := &found{known: true, source: sync.FromRevision, where: what, taken: r.committed(ctx, commit)}
	if short := commit[:min(len(commit), 10)]; !strings.HasPrefix(commit, what) {
		out.where += " (" + short + ")"
	}
	dir, err := r.below(ctx, what)
	if err != nil {
		return nil, err
	}
	if out.files, err = r.files(ctx, commit, what, dir); err == nil {
		out.policies, err = r.policies(ctx, commit, what, dir)
	}
	return out, err
}

// unknown says why a text is no revision here.
func (r *repository) unknown(ctx context.Context, what string, err error) error {
	inside, outside := r.run(ctx, nil, "rev-parse", "--is-shallow-repository")
	var said *refusal
	switch {
	case errors.Is(err, errNoGit):
		return r.fail(exit.Error, what, ": %w", err)
	case errors.As(outside, &said) && strings.Contains(said.said, "not a git repository"):
		return r.fail(exit.Invalid, what, " is neither here, nor is %s in a working copy of git; %s", r.dir, r.ways())
	case outside != nil:
		return r.fail(exit.Error, what, ": %w", outside)
	case strings.TrimSpace(string(inside)) == "true":
		return r.fail(exit.Invalid, what, " is not in this clone, which is shallow; fetch the rest with git fetch --unshallow (in a workflow: fetch-depth: 0)")
	}
	return r.fail(exit.Invalid, what, " is neither here nor a revision that git knows at %s; git fetch it, or %s", r.dir, r.ways())
}

// below is the folder of the tenant in the repository, "" for its top.
func (r *repository) below(ctx context.Context, what string) (string, error) {
	out, err := r.run(ctx, nil, "rev-parse", "--show-prefix")
	if err != nil {
		return "", r.fail(exit.Error, what, ": %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(out), "\n"), "/"), nil
}

// files reads the tenant's files of a commit.
func (r *repository) files(ctx context.Context, commit, what, dir string) ([]file.File, error) {
	list, err := r.run(ctx, nil, "ls-tree", "-z", "-l", "--full-tree", "--end-of-options", commit+":"+dir)
	if err != nil {
		return nil, r.fail(exit.Invalid, what, " has no folder %s; name a revision that has it, or a folder", dir)
	}
	blobs, err := r.listed(list, what, dir)
	if err != nil {
		return nil, err
	}
	if len(blobs) == 0 {
		return nil, r.fail(exit.Invalid, what, " has no file of a tenant in %s; name a revision that has one", filepath.ToSlash(filepath.Join(dir, r.name)))
	}
	return r.contents(ctx, blobs, what)
}

// policies reads the files of the folders of policies above a folder, the outermost first, as
// those of a working copy are read.
func (r *repository) policies(ctx context.Context, commit, what, dir string) ([]file.File, error) {
	whole := *r
	whole.name = ""
	var blobs []blob
	for _, up := range above(dir) {
		at := path.Join(up, input.PoliciesName)
		list, err := r.run(ctx, nil, "ls-tree", "-z", "-l", "--full-tree", commit, "--", at+"/")
		if err != nil {
			return nil, r.fail(exit.Error, what, ": %w", err)
		}
		some, err := whole.listed(list, what, at)
		if err != nil {
			return nil, err
		}
		blobs = append(blobs, some...)
	}
	if len(blobs) == 0 {
		return nil, nil
	}
	return r.contents(ctx, blobs, what)
}

// above are the folders around one in the repository, the outermost first.
func above(dir string) []string {
	var out []string
	for dir != "" {
		dir = strings.TrimSuffix(strings.TrimSuffix(dir, path.Base(dir)), "/")
		out = append(out, dir)
	}
	slices.Reverse(out)
	return out
}

// blob is a file of a commit.
type blob struct {
	id, path string
}

// listed finds the tenant's files in what git lists.
func (r *repository) listed(list []byte, what, dir string) ([]blob, error) {
	var blobs []blob
	total := int64(0)
	for _, line := range strings.Split(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		head, name, _ := strings.Cut(line, "\t")
		words, name := strings.Fields(head), path.Base(name)
		if len(words) != 4 || !input.IsTenantFile(name) || r.name != "" && name != r.name || words[1] == "tree" {
			continue
		}
		at := what + ":" + filepath.ToSlash(filepath.Join(dir, name))
		if words[0] != "100644" && words[0] != "100755" {
			return nil, exit.Fail(exit.Invalid, "%s is a link or a module; name a revision in which it is a file", at)
		}
		size, err := strconv.ParseInt(words[3], 10, 64)
		if total += size; err != nil || size > folder.Tenant.Most || total > most/2 {
			return nil, exit.Fail(exit.Invalid, "%s is too large for a tenant file; name another revision", at)
		}
		blobs = append(blobs, blob{words[2], at})
	}
	return blobs, nil
}

// contents reads blobs.
func (r *repository) contents(ctx context.Context, blobs []blob, what string) ([]file.File, error) {
	var ask strings.Builder
	for _, b := range blobs {
		fmt.Fprintln(&ask, b.id)
	}
	out, err := r.run(ctx, strings.NewReader(ask.String()), "cat-file", "--batch")
	if err != nil {
		return nil, r.fail(exit.Error, what, ": %w", err)
	}
	in := bufio.NewReader(bytes.NewReader(out))
	files := make([]file.File, len(blobs))
	for i, b := range blobs {
		head, _ := in.ReadString('\n')
		words := strings.Fields(head)
		if len(words) != 3 || words[1] != "blob" {
			return nil, r.fail(exit.Error, what, ": git does not have %s; fetch it", b.path)
		}
		n, err := strconv.Atoi(words[2])
		if err != nil || n < 0 || n > len(out) {
			return nil, r.fail(exit.Error, what, ": git says nothing sensible of %s", b.path)
		}
		data := make([]byte, n)
		if _, err := io.ReadFull(in, data); err != nil {
			return nil, r.fail(exit.Error, what, ": git cut %s off", b.path)
		}
		_, _ = in.ReadByte()
		files[i] = file.File{Name: b.path, Data: data}
	}
	return files, nil
}

// committed is when a commit was made, "" where it does not say.
func (r *repository) committed(ctx context.Context, commit string) string {
	out, err := r.run(ctx, nil, "cat-file", "commit", commit)
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(out), "\n") {
		if rest, ok := strings.CutPrefix(line, "committer "); ok {
			words := strings.Fields(rest)
			if n := len(words); n >= 2 {
				if s, err := strconv.ParseInt(words[n-2], 10, 64); err == nil {
					return time.Unix(s, 0).UTC().Format(time.RFC3339)
				}
			}
		}
		if line == "" {
			break
		}
	}
	return ""
}
