package file

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"pbxsync/schema"
)

// urlWarnings warns of URLs that the PBX, which calls them, may be led astray by. They may
// be meant, on a network of one's own, so they are no errors.
func urlWarnings(o *schema.Object, subject string) (problems schema.Problems) {
	for _, name := range slices.Sorted(maps.Keys(o.Values)) {
		f := o.Kind.Field(name)
		text, ok := o.Values[name].(string)
		if f == nil || f.Format != "uri" || !ok {
			continue
		}
		if why, hint := doubtfulURL(text); why != "" {
			problems = append(problems, schema.Problem{Place: o.PlaceOf(name), Address: subject, Warning: schema.WarnURL, Message: fmt.Sprintf("%s: %q %s", name, text, why), Hint: hint})
		}
	}
	return problems
}

// doubtfulURL says what a URL should not be without a reason, and the way out.
func doubtfulURL(text string) (why, hint string) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", "" // an error, and told as one
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	switch a, err := netip.ParseAddr(host); {
	case err == nil && (a.Unmap().IsLoopback() || a.IsUnspecified()), host == "localhost", strings.HasSuffix(host, ".localhost"):
		return "is the PBX itself", "name a host that is meant to be called"
	case err == nil && a.Unmap().IsLinkLocalUnicast():
		return "is a link-local address, where clouds keep credentials", "name a host that is meant to be called"
	case err == nil && a.Unmap().IsPrivate(), strings.HasSuffix(host, ".internal"), strings.HasSuffix(host, ".local"):
		return "is an address of a private network", "make sure that it is the right one as the PBX sees it"
	case err == nil:
		return "is an address without a name", "write its name, which its certificate is for"
	case u.Scheme != "https":
		return "is not encrypted", "write https://"
	}
	return "", ""
}
