package cli

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/simulator"
	"pbxsync/internal/survey"
	"pbxsync/internal/survey/playback"
	"pbxsync/schema/wording"
)

// simulator runs the simulated PBX for people until it is interrupted.
func (p *Program) simulator(c *ucli.Context) error {
	if err := errors.Join(p.output(c), atMost(c, 0)); err != nil {
		return err
	}
	if c.String("playback") != "" {
		return p.playback(c)
	}
	o := simulator.Options{Catalogue: p.Catalogue, Latency: c.Duration("latency"), Admin: c.Bool("admin"),
		AppID: p.Getenv("PBXSYNC_APP_ID"), AppSecret: p.Getenv("PBXSYNC_APP_SECRET")}
	if c.Bool("lenient-slash") {
		o.Slash = simulator.Lenient
	}
	if c.Bool("redirect-slash") {
		o.Slash = simulator.Redirect
	}
	switch c.String("on-delete") {
	case "refuse":
	case "null":
		o.OnDelete = simulator.Null
	default:
		return exit.Fail(exit.Error, "--on-delete %s is not known; refuse or null", c.String("on-delete"))
	}
	address, err := listenAddress(c)
	if err != nil {
		return err
	}
	sim := simulator.New(o)
	if err := p.fill(sim, c.String("state"), c.String("seed")); err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	rehearsal, err := p.rehearse(sim, c.String("faults"), c.String("history"))
	if err != nil {
		return errors.Join(err, l.Close())
	}
	p.out.Linef("listening on http://%s (any credentials are taken unless PBXSYNC_APP_ID and PBXSYNC_APP_SECRET are set)", l.Addr())
	err = errors.Join(p.serve(p.whole, l, sim, c.String("state")), rehearsal.end())
	n := sim.Counts()
	p.log.Linef("answered %s, %s and %s for a token", wording.CountOf(n.Reads, "read"), wording.CountOf(n.Writes, "write"), wording.CountOf(n.Token, "call"))
	return errors.Join(err, keep(sim, c.String("state")))
}

func listenAddress(c *ucli.Context) (string, error) {
	address, err := netip.ParseAddrPort(c.String("listen"))
	if err != nil || !address.Addr().IsLoopback() {
		return "", exit.Fail(exit.Error, "--listen %s: an address of this machine is due, such as 127.0.0.1:8080", c.String("listen"))
	}
	return address.String(), nil
}

// playback answers in the shapes of a record that check made of another server.
func (p *Program) playback(c *ucli.Context) error {
	address, err := listenAddress(c)
	if err != nil {
		return err
	}
	data, err := folder.Named(c.String("playback"), folder.Shapes, p.Stop)
	if err != nil {
		return exit.Fail(exit.Error, "the record cannot be read (%w); correct --playback", err)
	}
	rec, err := survey.Decode(data)
	if err != nil {
		return exit.Fail(exit.Invalid, "%s: %w; check --deep --record writes one", c.String("playback"), err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	p.out.Linef("listening on http://%s (made-up values in recorded shapes; any credentials are taken)", l.Addr())
	srv := simulator.HTTP(playback.New(rec), l)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-p.Stop:
		return srv.Shutdown(p.whole)
	}
}

// fill loads the state, or else the seed.
func (p *Program) fill(sim *simulator.Server, state, seedFile string) error {
	if state != "" {
		if found, err := p.loadState(sim, state); err != nil || found {
			return err
		}
	}
	if seedFile != "" {
		data, err := folder.Named(seedFile, folder.Seed, p.Stop)
		return seed(sim, seedFile, data, err)
	}
	return nil
}

func keep(sim *simulator.Server, state string) error {
	if state == "" || !sim.Dirty() {
		return nil
	}
	return sim.Save(state)
}

// serve answers until the first interrupt, and keeps the state every second.
func (p *Program) serve(ctx context.Context, l net.Listener, sim *simulator.Server, state string) error {
	srv := simulator.HTTP(sim, l)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-failed:
			return err
		case <-tick.C:
			if err := keep(sim, state); err != nil {
				return err
			}
		case <-p.Stop:
			sim.Heal() // what faults hold up would hold up the end
			return srv.Shutdown(ctx)
		}
	}
}
