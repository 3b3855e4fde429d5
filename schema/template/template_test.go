package template

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"/client/{client_id}/did/", "{client_id}"},
		{"/extension/{e}/ivr/context/{c}/options/{o}/rules/{r}", "{e}, {c}, {o}, {r}"},
		{"/user/", "none"},
		{"/", "none"},
		{"client/", "does not begin with a slash"},
		{"", "does not begin with a slash"},
		{"/client//did/", "an empty segment"},
		{"/client/{}/did/", "{} is neither a word nor a name in braces"},
		{"/client/x{id}/", "x{id} is neither"},
		{"/client/{id/", "{id is neither"},
		{"/a/{id}/b/{id}", "has {id} twice"},
	} {
		p, err := Parse(tt.text)
		got := Names(p.Variables())
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%q: %s, wanted %s", tt.text, got, tt.want)
		}
	}
}

func TestOwn(t *testing.T) {
	above := []string{"client_id", "extension_id", "context_id"}
	for _, tt := range []struct{ text, want string }{
		{"/extension/{extension_id}/context/{context_id}/options/{option}", "{option}"},
		{"/client/{client_id}/extension/{extension_id}/context/{context_id}/options/", "none"},
		{"/extension/{extension_id}/context/{context_id}/{area}/{number}", "{area}, {number}"},
		{"/extension/{extension_id}/options/{option}", "{option} names no level, {context_id} is due there"},
		{"/extension/{extension_id}/options/", "the level {context_id} is missing"},
		{"/context/{context_id}/options/{option}", "the level {extension_id} is missing"},
		{"/context/{context_id}/extension/{extension_id}/options/{option}", "{context_id} stands before {extension_id}; the levels are {client_id}, {extension_id}, {context_id}"},
		{"/extension/{extension_id}/context/{contextid}/options/{option}", "{contextid} names no level, {context_id} is due there"},
		{"/extension/{extension_id}/context/{context_id}/client/{client_id}", "{client_id} stands out of its place"},
	} {
		p, err := Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		own, err := p.Own(above, 1)
		got := Names(own)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want && (err == nil || !strings.HasPrefix(got, tt.want)) {
			t.Errorf("%q: %s, wanted %s", tt.text, got, tt.want)
		}
	}
}

func TestExpand(t *testing.T) {
	p, err := Parse("/extension/{e}/context/{c}")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Fill(func(i int) string { return fmt.Sprint(i + 7) }); got != "/extension/7/context/8" {
		t.Error(got)
	}
	none := errors.New("none")
	for _, text := range []string{"/a/{b}", "/a/{b"} {
		if got, err := Expand(text, func(string) (string, error) { return "x", none }); err == nil || got != "" {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	if got := Under(Parent+"/event/", "/agent/{id}/"); got != "/agent/{id}/event/" {
		t.Error(got)
	}
}
