package notify

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// wait is how long a service is waited for: a run is not held up by who is told of it.
const wait = 10 * time.Second

// Target is where messages go.
type Target struct {
	sender *router.ServiceRouter
	hidden []string // what must not be repeated
	name   string   // the service, such as slack
}

// To returns the target of a URL such as slack://token@channel.
func To(address string) (*Target, error) {
	name, rest, ok := strings.Cut(address, "://")
	if !ok || name == "" || rest == "" {
		return nil, errors.New("a URL of a service is due, such as slack://TOKEN@CHANNEL or generic://HOST/PATH")
	}
	t := &Target{name: name, hidden: hidden(address)}
	var err error
	if t.sender, err = router.NewWithOptions(nil, types.SenderOptions{Timeout: wait}, address); err != nil {
		return nil, fmt.Errorf("the service %s cannot be used: %s", name, t.hide(err.Error()))
	}
	return t, nil
}

// Send sends one message.
func (t *Target) Send(text string) error {
	err := errors.Join(t.sender.Send(text, nil)...)
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %s", t.name, t.hide(err.Error()))
}

// hidden are the parts of a URL that may be a credential: all but the name of the service.
func hidden(address string) []string {
	out := []string{address}
	u, err := url.Parse(address)
	if err != nil {
		return append(out, address[strings.Index(address, "://")+3:])
	}
	for _, values := range u.Query() {
		out = append(out, values...)
	}
	out = append(append(out, u.Host, u.Hostname()), strings.Split(u.Path, "/")...)
	if u.User != nil {
		password, _ := u.User.Password()
		out = append(out, u.User.Username(), password)
	}
	return out
}

// hide takes what may be a credential out of a text. What is shorter than four characters is
// none, and would take ordinary text along.
func (t *Target) hide(text string) string {
	for _, part := range t.hidden {
		for _, form := range []string{part, url.QueryEscape(part), url.PathEscape(part)} {
			if len(form) >= 4 {
				text = strings.ReplaceAll(text, form, "...")
			}
		}
	}
	return strings.Join(strings.Fields(text), " ")
}
