package expect

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema/route"
	"pbxsync/schema/wording"
)

// target is where a call is wanted to go.
type target struct {
	acts      []route.Act
	extension *route.Extension // nil: any
	name      string           // of a sound, or a number outside; "": any
}

// places are what a call can go to, with what each is for.
var places = map[string]struct {
	acts []route.Act
	kind string // type of the extension that is named; "" any
	of   of
}{
	"extension":    {[]route.Act{route.Rings, route.Waits, route.Chooses, route.Faxed, route.Confers}, "", named},
	"queue":        {[]route.Act{route.Waits}, route.AQueue, named},
	"menu":         {[]route.Act{route.Chooses}, route.AMenu, named},
	"fax":          {[]route.Act{route.Faxed}, route.AFax, named},
	"conference":   {[]route.Act{route.Confers}, route.AConference, named},
	"voicemail":    {[]route.Act{route.Voicemail}, route.APhone, perhapsNamed},
	"outside":      {[]route.Act{route.Outside}, "", free},
	"announcement": {[]route.Act{route.Announced}, "", free},
	"busy":         {[]route.Act{route.Engaged}, "", alone},
	"hangup":       {[]route.Act{route.HungUp}, "", alone},
	"nobody":       {[]route.Act{route.Nobody, route.Nowhere, route.Blocked, route.Engaged, route.HungUp}, "", alone},
}

// of says what stands behind the word of a place.
type of int

const (
	named        of = iota // an extension
	perhapsNamed           // an extension, or nothing
	free                   // a text, or nothing
	alone                  // nothing
)

var forms = []string{"extension/101", "queue/200", "menu/100", "fax/190", "conference/195", "voicemail", "voicemail/101", "outside", "outside 491711234567", "announcement", "announcement Closed", "busy", "hangup", "nobody"}

// wanted reads where a call is wanted to go.
func wanted(b *route.Board, text string) (*target, error) {
	word, name := parted(text)
	p, known := places[word]
	switch {
	case !known:
		return nil, fmt.Errorf("%q is no place that a call goes to; %s", wording.Excerpt(text), wording.OneOf(forms))
	case p.of == named && name == "":
		return nil, fmt.Errorf("%s needs a number, such as %s/%s", word, word, "101")
	case p.of == alone && name != "":
		return nil, fmt.Errorf("nothing stands behind %s", word)
	}
	t := &target{acts: p.acts}
	if p.of == free {
		t.name = name
		if word == "outside" {
			t.name = route.Digits(name)
		}
		return t, nil
	}
	if name == "" {
		return t, nil
	}
	if t.extension = b.Extension(name); t.extension == nil {
		return nil, b.NoExtension(name)
	}
	if is := t.extension.Type; p.kind != "" && is != "" && is != p.kind {
		return nil, fmt.Errorf("%s is no %s; its type is %s", name, word, is)
	}
	return t, nil
}

// parted is the word of a place and what stands behind it.
func parted(text string) (word, name string) {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, "/ "); i > 0 {
		return text[:i], strings.TrimSpace(text[i+1:])
	}
	return text, ""
}

// is reports whether a call goes there.
func (t *target) is(b *route.Board, first *route.Step) bool {
	a, ok := first.Answer()
	if !ok {
		return slices.Contains(t.acts, route.Nobody)
	}
	switch {
	case !slices.Contains(t.acts, a.Does):
		return false
	case t.extension != nil:
		return b.Owner(a) == t.extension
	}
	return t.name == "" || t.name == a.Name
}
