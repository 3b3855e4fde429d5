package wording

import (
	"os/exec"
	"testing"
)

// A shell takes each text as the one word that it is.
func TestShellWord(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here, so none is asked")
	}
	for _, text := range []string{"extension/101", "", "-x", "it's", "a b", "$HOME", "`id`", "a\nb", `\`, "~", "*", "Büro/1", "{a,b}", "x;y", "a&b", "#1", "!", "[0-9]", "a\tb", "„x“"} {
		out, err := exec.Command(shell, "-c", "printf '%s|' "+ShellWord(text)).Output()
		if err != nil || string(out) != text+"|" {
			t.Errorf("%q is taken as %q (%v)", text, out, err)
		}
	}
	for _, text := range []string{"extension/101", "client_user/alice@acme.example", "extension/%2A,x:y=1+2"} {
		if ShellWord(text) != text {
			t.Errorf("%s needs no quotes", text)
		}
	}
}
