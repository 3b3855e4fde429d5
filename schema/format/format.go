package format

import (
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on machines that have no zone files
	"unicode/utf8"

	"golang.org/x/text/language"

	"pbxsync/schema/digits"
	"pbxsync/schema/pcre"
	"pbxsync/schema/zone"
)

// form checks and normalises texts of one shape.
type form struct {
	check  func(string) error
	normal func(string) string // nil: as it is
	same   func(string) string // one form of all that mean the same, for comparing; nil: as it is
}

// forms are the values of a kind's format keyword.
var forms = map[string]form{
	"timezone":       {check: checkTimezone, same: zone.Of},
	"countries":      {check: checkCountries, normal: normalCountries},
	"email":          {check: checkEmail},
	"emails":         {check: checkEmails, normal: func(s string) string { return strings.ReplaceAll(s, " ", "") }},
	"uri":            {check: checkURL},
	"pcre":           {check: checkPattern},
	"network":        {check: checkNetwork, normal: normalNetwork},
	"time":           {check: checkTime, normal: normalTime},
	"date":           {check: layout("2006-01-02", "write a date as 2026-12-24")},
	"datetime":       {check: layout("2006-01-02 15:04:05", `write a point in time as "2026-12-24 18:00:00"`)},
	"digits":         {check: checkDigits},
	"phone-number":   {check: checkPhoneNumber},
	"extension-name": {check: checkExtensionName},
	"address-port":   {check: checkAddressPort},
}

// Names returns the names of all forms, sorted.
func Names() []string { return slices.Sorted(maps.Keys(forms)) }

// Known reports whether a form has the name.
func Known(name string) bool { return forms[name].check != nil }

// Check says what a text of that form should be, or nil. A text is of any form that is not
// known.
func Check(name, text string) error {
	if !Known(name) {
		return nil
	}
	return forms[name].check(text)
}

// Has reports whether there is such a form and the text has it.
func Has(name, text string) bool { return Known(name) && forms[name].check(text) == nil }

// Normal writes a text of that form in the one way that is compared and sent.
func Normal(name, text string) string {
	if n := forms[name].normal; n != nil {
		return n(text)
	}
	return text
}

// Same returns one text for all of that form that mean the same.
func Same(name, text string) string {
	if same := forms[name].same; same != nil {
		return same(text)
	}
	return text
}

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// WholeNumber reports whether a text is a whole number in plain decimal form.
func WholeNumber(text string) bool { return wholeNumber.MatchString(text) }

func layout(l, want string) func(string) error {
	return func(s string) error {
		if t, err := time.Parse(l, s); err != nil || t.Format(l) != s {
			return errors.New(want)
		}
		return nil
	}
}

func checkTimezone(s string) error {
	if s == "Local" || s == "" {
		return errors.New("write a zone such as Europe/Berlin")
	}
	if _, err := time.LoadLocation(s); err != nil {
		return errors.New("write a zone such as Europe/Berlin")
	}
	return nil
}

func checkCountries(s string) error {
	if s == "*" {
		return nil
	}
	codes := strings.Fields(s)
	if len(codes) == 0 {
		return errors.New(`write codes such as "DE AT CH", or "*"`)
	}
	for _, c := range codes {
		r, err := language.ParseRegion(c)
		if err != nil || len(c) != 2 || !r.IsCountry() || r.String() != c || r.Canonicalize() != r {
			return fmt.Errorf(`%s is no ISO 3166 alpha-2 country code; write codes such as "DE AT CH", or "*"`, strconv.Quote(c))
		}
	}
	return nil
}

func normalCountries(s string) string {
	codes := strings.Fields(s)
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), " ")
}

func checkEmail(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || !strings.Contains(s[strings.LastIndex(s, "@"):], ".") {
		return errors.New("write an address such as alice@acme.example")
	}
	return nil
}

func checkEmails(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if err := checkEmail(strings.TrimSpace(part)); err != nil {
			return fmt.Errorf("%s: %w", strconv.Quote(strings.TrimSpace(part)), err)
		}
	}
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return errors.New("write one such as https://hooks.acme.example/calls")
	case u.User != nil:
		return errors.New("a URL may not carry a user name or password")
	case strings.ContainsAny(s, " \t"):
		return errors.New("a URL may not hold spaces; write %20")
	}
	return nil
}

// checkPattern judges as the server does, whose patterns are those of PCRE2.
func checkPattern(s string) error {
	var refused *pcre.Error
	switch err := pcre.Check(s); {
	case !errors.As(err, &refused):
		return err
	case refused.Message == pcre.NoItem:
		return errors.New(`a star, plus or question mark that is dialled is written \*, \+ or \?`)
	}
	return fmt.Errorf("%s, at character %d", refused.Message, 1+utf8.RuneCountInString(s[:refused.Offset]))
}

func checkNetwork(s string) error {
	if _, err := parseNetwork(s); err != nil {
		return errors.New("write an address with its mask, such as 192.0.2.0/24")
	}
	return nil
}

// parseNetwork reads address, address/bits and address/dotted mask.
func parseNetwork(s string) (netip.Prefix, error) {
	addr, mask, found := strings.Cut(s, "/")
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return netip.Prefix{}, err
	}
	if !found {
		return a.Prefix(a.BitLen())
	}
	if m, err := netip.ParseAddr(mask); err == nil && m.Is4() && a.Is4() {
		return dotted(a, m)
	}
	return netip.ParsePrefix(s)
}

func dotted(a, mask netip.Addr) (netip.Prefix, error) {
	b := mask.As4()
	bits := strings.TrimRight(fmt.Sprintf("%08b%08b%08b%08b", b[0], b[1], b[2], b[3]), "0")
	if strings.Contains(bits, "0") {
		return netip.Prefix{}, errors.New("mask with holes")
	}
	return a.Prefix(len(bits))
}

func normalNetwork(s string) string {
	p, err := parseNetwork(s)
	if err != nil {
		return s
	}
	return p.Masked().String()
}

// clock is a time of day as people and servers write it.
var clock = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?$`)

func checkTime(s string) error {
	m := clock.FindStringSubmatch(s)
	_, err := time.Parse(time.TimeOnly, normalTime(s))
	switch {
	case m != nil && err == nil && len(m[1]) == 2:
		return nil
	case m != nil && err == nil:
		return fmt.Errorf("write %q", "0"+s)
	case strings.HasPrefix(normalTime(s), "24:00:00"):
		return errors.New(`write "23:59:59" for the end of a day, "00:00:00" for its start`)
	}
	return errors.New(`write a time of day as "08:00" or "08:00:00"`)
}

// normalTime writes hours, minutes and seconds with two digits each, so that the
// order of texts is that of times.
func normalTime(s string) string {
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	return fmt.Sprintf("%02s:%s:%02s", m[1], m[2], m[3])
}

var phoneNumber = regexp.MustCompile(`^\+?[0-9*#]+$`)

func checkPhoneNumber(s string) error {
	if phoneNumber.MatchString(s) {
		return nil
	}
	return plainNumber(s, "a number is written as digits, *, # and a leading +", phoneNumber.MatchString)
}

var fullName = regexp.MustCompile(`^([0-9]{3,9})\*([0-9]{2,4})$`)

// FullName parts a word that names an extension in full, such as 12037*101.
func FullName(word string) (prefix, short string, ok bool) {
	m := fullName.FindStringSubmatch(word)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

func checkExtensionName(s string) error {
	const rule = "an extension is 2 to 4 digits"
	is := func(s string) bool { return len(s) >= 2 && len(s) <= 4 && digitsOf(s) == s }
	if is(s) {
		return nil
	}
	if _, short, full := FullName(s); full {
		return fmt.Errorf("this is the full name; write the short one, %q", short)
	}
	s = strings.TrimPrefix(s, "+")
	if strings.ContainsAny(s, "-/+().") && digitsOf(s) != "" && !strings.HasSuffix(s, ".0") {
		return errors.New(rule)
	}
	return plainNumber(s, rule, is)
}

// checkDigits is for numbers that are digits alone, and for PINs.
func checkDigits(s string) error {
	if s != "" && digitsOf(s) == s {
		return nil
	}
	return errors.New("digits only")
}

// DigitsHint is the way out for a number that should be digits alone.
func DigitsHint(s string) string {
	return plainNumber(strings.TrimPrefix(strings.TrimSpace(s), "+"), "numbers are written as digits", func(s string) bool { return checkDigits(s) == nil }).Error()
}

// plainNumber states the rule, and either the number in that form or what is in the way of it.
func plainNumber(s, rule string, is func(string) bool) error {
	plain, inTheWay := digits.Plain(s)
	switch {
	case inTheWay != "" && digitsOf(s) != "":
		return fmt.Errorf("%s, and in %q %s", rule, s, inTheWay)
	case plain == "" || !is(plain):
		return errors.New(rule)
	}
	return fmt.Errorf("%s: %q", rule, plain)
}

func checkAddressPort(s string) error {
	host, port, ok := strings.Cut(s, ":")
	if n, err := strconv.Atoi(port); !ok || host == "" || err != nil || n < 1 || n > 65535 {
		return errors.New("write address:port, such as 192.0.2.7:5060")
	}
	return nil
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
