package pcre

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// pieces are what patterns are made of here: each construct of the documents, right and wrong.
var pieces = append(strings.Fields(`a b 1 0 ^ $ . * + ? {2} {2,} {2,3} {3,2} {,3} {70000} | ( ) (?: (?= (?! (?<= (?<! (?> (?| (?<n>
(?'n' (?P<m> (?&n) (?P=n) (?P>m) (?R) (?1) (?2) (?-1) (?+1) (?0) \1 \2 \8 \10 \12 \g1 \g{1} \g{-1} \g{n} \g<n> \g<1> \g'n' \k<n>
\k{n} \k'n' \k \d \D \w \s \S \h \H \v \R \X \N \K \G \A \z \Z \b \B \e \f \n \a \t \x \x41 \x{41} \x{110000} \x{} \x{zz} \o{101}
\o{9} \o1 \07 \377 \400 \N{U+41} \N{foo} \p{Lu} \pL \p{^L} \p{Foo} \p{Xan} \pX \P{Greek} \cA \c \j \L \u \i \Q \E \* \+ \. \\ [ ]
[^ [a-z] [z-a] [\d-z] [a-\d] [[:alpha:]] [[:foo:]] [:alpha:] [[:^digit:]] [[.a.]] [[=a=]] []] [^]] [] [\b] [\B] [\R] [\N] [\Q]\E]
[a-] [-a] [\]] - , : = ! < > ' # (?#c) (?# (?i) (?x) (?xx) (?n) (?J) (?s-i:a) (?i- (?-i-s) (?^) (?^i) (?^-i) (?z) (?C) (?C1)
(?C256) (?C'a') (?C'a (?(1)a|b) (?(1)a|b|c) (?(n)a) (?(<n>)a) (?('n')a) (?(R)a) (?(R1)a) (?(R&n)a) (?(DEFINE)a) (?(DEFINE)a|b)
(?(?=a)b) (?(?!a)b|c) (?(?:a)b) (?(VERSION>=10)a) (?(+1)a) (?(-1)a) (?(0)a) (*UCP) (*UTF) (*ACCEPT) (*F) (*FAIL) (*COMMIT)
(*PRUNE:x) (*SKIP) (*MARK:x) (*MARK) (*:x) (*:) (*THEN) (*FOO) (*pla:a) (*atomic:a) (*plb:a) (*naplb:a*) (*sr:a) (*LIMIT_MATCH=3)
(*CRLF) (* ä é \d+ \d{4} (\d+) (a) (ab) (?<n>a)`), " ", `\ `)

// dead and alive are patterns of dial rules; PCRE2 refuses the first and takes the others.
var (
	dead  = []string{`^*40$`, `^+13005550100$`, `^+?502([0-9]{8})$`, `^\1$`, `(?<!\d+)1`, `^(0|+49)\d+$`, `^[0-9$`, `^(\d+$`, `(?|(a)|(b))\2`}
	alive = []string{`^\*40$`, `^\+?502([0-9]{8})$`, `^112\Z`, `^\d{3,4}\Z`, `(*UCP)^\d+$`, `^(?:0|(?:00|\+)49)[1-9]\d+$`, `^(?!110$|112$)\d+$`,
		`^\d{1500}$`, `^(?>00|\+)\d+$`, `^\e?\d+$`, `\G1`, `a\Kb`, `a++b`, `[[:digit:]]+`, `(?x) 1 # one`, ``, `(?|(a)|(b))\1`, `^\813005550100$`, `(?<=(*pla:a+)b)c`, `(?<=(*positive_lookahead:a+)b)c`}
)

func TestDialRules(t *testing.T) {
	for _, s := range dead {
		if Check(s) == nil {
			t.Errorf("%s is dead", s)
		}
	}
	for _, s := range alive {
		if err := Check(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// generated makes patterns of the pieces, and of dial rules with some of them changed.
func generated(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, seed))
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	var out []string
	for range n {
		var b strings.Builder
		if r.IntN(3) > 0 {
			for range 1 + r.IntN(7) {
				b.WriteString(pick(pieces))
			}
		} else {
			s := pick(slices.Concat(dead, alive[:len(alive)-1]))
			for range 1 + r.IntN(2) {
				i := r.IntN(len(s) + 1)
				s = s[:i] + pick(pieces) + s[min(len(s), i+r.IntN(2)):]
			}
			b.WriteString(s)
		}
		out = append(out, b.String())
	}
	return out
}

var written = map[string]*regexp.Regexp{
	".pm": regexp.MustCompile(`(?:=~ *m?|qr|split )/((?:[^/\\\n]|\\[^\n])+)/`),
	".pl": regexp.MustCompile(`(?:=~ *m?|qr|split )/((?:[^/\\\n]|\\[^\n])+)/`),
	".py": regexp.MustCompile(`re\.(?:compile|match|search|sub|findall)\(\s*r'([^'\n]+)'`),
	".js": regexp.MustCompile(`[=(,:] ?/([^/*\s](?:[^/\\\n]|\\[^\n])*)/[gimsuy]*[.,;)]`),
	".go": regexp.MustCompile("regexp\\.MustCompile\\(`([^`\n]+)`\\)"),
}

// goSources is the folder of Go's own sources, "" where there is no go command.
func goSources() string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return ""
	}
	return filepath.Join(strings.TrimSpace(string(out)), "src")
}

// public are the patterns in the sources of Perl, Python, Go and Node.js that are installed here.
func public(most int) []string {
	seen := map[string]bool{}
	for _, root := range []string{"/usr/share/perl", "/usr/share/perl5", "/usr/lib/node_modules", "/usr/share/nodejs", "/usr/lib/python3", "/usr/lib/python3.11", "/usr/lib/x86_64-linux-gnu/perl-base", "/usr/share/vim", goSources()} {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			re := written[filepath.Ext(path)]
			if err != nil || re == nil || d.IsDir() || len(seen) >= most {
				return nil
			}
			if data, err := os.ReadFile(path); err == nil {
				for _, m := range re.FindAllSubmatch(data, -1) {
					seen[string(m[1])] = true
				}
			}
			return nil
		})
	}
	var out []string
	for s := range seen {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// verdicts asks the library itself, by its own test program.
func verdicts(t *testing.T, patterns []string) map[string]string {
	t.Helper()
	program, err := exec.LookPath("pcre2test")
	if err != nil {
		t.Skip("pcre2test is not installed here; it comes with Debian's pcre2-utils")
	}
	var in bytes.Buffer
	var asked []string
	for _, s := range patterns {
		if s == "" || strings.ContainsAny(s, "/\n\r\x00") || strings.HasSuffix(s, `\`) || strings.TrimSpace(s) != s || len(s) > 400 || !utf8.ValidString(s) {
			continue // its input has no place for these
		}
		asked = append(asked, s)
		fmt.Fprintf(&in, "/%s/utf\n\n", s)
	}
	cmd := exec.Command(program, "-q")
	cmd.Stdin = &in
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	out, at, now := map[string]string{}, 0, ""
	for line := range strings.SplitSeq(string(text), "\n") {
		switch {
		case at < len(asked) && line == "/"+asked[at]+"/utf":
			now = asked[at]
			out[now] = ""
			at++
		case strings.HasPrefix(line, "Failed:") && now != "":
			out[now] = line
		}
	}
	if at != len(asked) {
		t.Fatalf("%d of %d patterns were judged, up to %q", at, len(asked), now)
	}
	return out
}

// differs tells where this parser and the library disagree without a reason.
func differs(s, verdict string) bool {
	if strings.Contains(verdict, "error 136") || strings.Contains(verdict, "error 147") || strings.Contains(verdict, "error 199") {
		return false // \C, which only UTF-8 forbids there; names of properties, and \K in what looks around, which differ by release
	}
	return (Check(s) == nil) != (verdict == "")
}

// compare asks both about each pattern, and returns how many the library judged.
func compare(t *testing.T, patterns []string, least int) int {
	t.Helper()
	all := verdicts(t, patterns)
	bad := 0
	for _, s := range patterns {
		if v, ok := all[s]; ok && differs(s, v) {
			bad++
			t.Errorf("%q: %v, by the library %q", s, Check(s), v)
		}
	}
	if len(all) < least {
		t.Errorf("%d patterns were judged, %d are due", len(all), least)
	}
	t.Logf("%d patterns, %d disagreements", len(all), bad)
	return len(all)
}

func TestLibraryAgreesOnGenerated(t *testing.T) { compare(t, generated(12_000, 26), 8000) }

// How many public ones there are depends on what is installed here: of those that are, most
// are judged, and fewer than 2,000 are too few to say more than that none disagrees.
func TestLibraryAgreesOnPublic(t *testing.T) {
	found := public(20_000)
	if judged := compare(t, found, len(found)/2); judged < 2000 {
		t.Skipf("%d patterns found here, 2000 wanted", judged)
	}
}

// No text makes the parser panic or run for long.
func FuzzCheck(f *testing.F) {
	for _, s := range append(generated(200, 1), dead...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if err, ok := Check(s).(*Error); ok && (err.Offset < 0 || err.Offset > len(s) || err.Message == "") {
			t.Errorf("%q: %#v", s, err)
		}
	})
}
