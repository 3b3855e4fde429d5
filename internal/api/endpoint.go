package api

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// parseEndpoint takes scheme://host[:port] and nothing more. The text itself
// stays out of messages where it may hold a password.
func parseEndpoint(text string) (*url.URL, error) {
	if text == "" {
		return nil, errors.New("the endpoint is missing; give the server as https://host")
	}
	if !strings.Contains(text, "://") {
		return nil, fmt.Errorf("endpoint %q has no scheme; write it as https://host[:port]", shorten(text))
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("the endpoint is no URL; write it as https://host[:port]")
	}
	return checkEndpoint(u)
}

func checkEndpoint(u *url.URL) (*url.URL, error) {
	switch {
	case u.User != nil:
		return nil, errors.New("the endpoint holds a user name or password; give the credentials apart, and the endpoint as https://host[:port]")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("the endpoint of %s has a query or fragment; write it as https://host[:port]", u.Host)
	case u.Hostname() == "":
		return nil, errors.New("the endpoint has no host; write it as https://host[:port]")
	case u.Path != "" && u.Path != "/":
		return nil, fmt.Errorf("endpoint %s has the path %q; leave it out (/api/ver1.0 and /oauth/token are added) or set the base path", u.Host, shorten(u.Path))
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("endpoint %s has the scheme %q; only https is spoken", u.Host, u.Scheme)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("endpoint http://%s would send the credentials in clear text; use https://%s (http is for this machine only)", u.Host, u.Host)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, _ := netip.ParseAddr(host) // what is none is no loopback address
	return addr.IsLoopback()
}

// check looks at the settings that have no type to keep them right.
func (cfg Config) check() error {
	for _, s := range []struct{ name, value string }{{"app id", cfg.AppID}, {"app secret", cfg.AppSecret}} {
		if strings.ContainsFunc(s.value, isControl) {
			return fmt.Errorf("the %s holds a line break or control character; take it out (was it read from a file with a line end?)", s.name)
		}
	}
	for _, p := range []struct{ name, value string }{{"base path", cfg.BasePath}, {"token path", cfg.TokenPath}} {
		if err := checkPath(p.value); err != nil || strings.ContainsAny(p.value, "?%") {
			return fmt.Errorf("the %s %q is no plain path; write it like /api/ver1.0", p.name, shorten(p.value))
		}
	}
	if cfg.PageSize < 1 || cfg.Parallelism < 1 || cfg.MaxBody < 1 || cfg.RetryBase < 0 || cfg.Rate < 0 {
		return errors.New("page size, parallelism, rate and the longest answer must be above zero")
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// checkPath refuses what no path of ours holds. Two slashes in a row would be
// an empty id: DELETE on the collection instead of the item.
func checkPath(path string) error {
	plain, _, _ := strings.Cut(path, "?")
	switch {
	case !strings.HasPrefix(path, "/"):
		return errors.New("the path does not begin with a slash")
	case strings.Contains(plain, "//"):
		return errors.New("the path has an empty part")
	case strings.Contains(plain+"/", "/../") || strings.Contains(plain+"/", "/./"):
		return errors.New("the path has a part that is only dots")
	case strings.Contains(path, "#") || strings.ContainsFunc(path, notInURL):
		return errors.New("the path has a character that must be escaped")
	}
	return nil
}

func notInURL(r rune) bool { return r <= ' ' || r >= 0x7f }
