package cli

import (
	"errors"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/rehearsal"
	"pbxsync/internal/simulator"
)

// simulator runs the simulated PBX for people until it is interrupted.
func (p *Program) simulator(c *ucli.Context) error {
	if err := errors.Join(p.output(printingOf(c)), argumentsOf(c).atMost(0)); err != nil {
		return err
	}
	o := rehearsal.Options{Listen: c.String("listen"), Seed: c.String("seed"), State: c.String("state"), Playback: c.String("playback"),
		Faults: c.String("faults"), History: c.String("history"), Stop: p.Stop}
	if o.Playback != "" {
		return rehearsal.Play(p.whole, o, p.Console)
	}
	o.Options = simulator.Options{Catalogue: p.Catalogue, Latency: c.Duration("latency"), Admin: c.Bool("admin"),
		AppID: p.Getenv("PBXSYNC_APP_ID"), AppSecret: p.Getenv("PBXSYNC_APP_SECRET")}
	if c.Bool("lenient-slash") {
		o.Slash = simulator.Lenient
	}
	if c.Bool("redirect-slash") {
		o.Slash = simulator.Redirect
	}
	var err error
	if o.OnDelete, err = rehearsal.OnDelete(c.String("on-delete")); err != nil {
		return err
	}
	return rehearsal.Run(p.whole, o, p.Console)
}
