package rehearsal

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/folder"
	"pbxsync/internal/simulator"
	"pbxsync/internal/survey"
	"pbxsync/internal/survey/playback"
	"pbxsync/schema/wording"
)

// Options say how a simulator runs for people.
type Options struct {
	simulator.Options

	Listen   string // HOST:PORT of this machine
	Seed     string // a file that says what exists beforehand, or ""
	State    string // a file that keeps the state, or ""
	Playback string // a record of shapes that is answered from in place of a state, or ""
	Faults   string // a file that says which calls go wrong, or ""
	History  string // a file that what came of each call is appended to, or ""
	Stop     <-chan struct{}
}

// OnDelete is what a delete of something in use does, by the word of its flag.
func OnDelete(word string) (simulator.OnDelete, error) {
	switch word {
	case "refuse":
		return simulator.Refuse, nil
	case "null":
		return simulator.Null, nil
	}
	return simulator.Refuse, exit.Fail(exit.Error, "--on-delete %s is not known; refuse or null", word)
}

// Run runs a simulator until it is to stop.
func Run(ctx context.Context, o Options, c *console.Console) error {
	address, err := o.address()
	if err != nil {
		return err
	}
	sim := simulator.New(o.Options)
	if err := o.fill(sim); err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	rehearsal, err := o.rehearse(sim, c)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	c.Out.Linef("listening on http://%s (any credentials are taken unless PBXSYNC_APP_ID and PBXSYNC_APP_SECRET are set)", l.Addr())
	err = errors.Join(o.serve(ctx, l, sim), rehearsal.end())
	n := sim.Counts()
	c.Log.Linef("answered %s, %s and %s for a token", wording.CountOf(n.Reads, "read"), wording.CountOf(n.Writes, "write"), wording.CountOf(n.Token, "call"))
	return errors.Join(err, keep(sim, o.State))
}

func (o *Options) address() (string, error) {
	address, err := netip.ParseAddrPort(o.Listen)
	if err != nil || !address.Addr().IsLoopback() {
		return "", exit.Fail(exit.Error, "--listen %s: an address of this machine is due, such as 127.0.0.1:8080", o.Listen)
	}
	return address.String(), nil
}

// Play answers in the shapes of a record that check made of another server.
func Play(ctx context.Context, o Options, c *console.Console) error {
	address, err := o.address()
	if err != nil {
		return err
	}
	data, err := folder.Named(o.Playback, folder.Shapes, o.Stop)
	if err != nil {
		return exit.Fail(exit.Error, "the record cannot be read (%w); correct --playback", err)
	}
	rec, err := survey.Decode(data)
	if err != nil {
		return exit.Fail(exit.Invalid, "%s: %w; check --deep --record writes one", o.Playback, err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	c.Out.Linef("listening on http://%s (made-up values in recorded shapes; any credentials are taken)", l.Addr())
	srv := simulator.HTTP(playback.New(rec), l)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-o.Stop:
		return srv.Shutdown(ctx)
	}
}

// fill loads the state, or else the seed.
func (o *Options) fill(sim *simulator.Server) error {
	if o.State != "" {
		if found, err := Restore(sim, o.State, o.Stop); err != nil || found {
			return err
		}
	}
	if o.Seed != "" {
		data, err := folder.Named(o.Seed, folder.Seed, o.Stop)
		return Seed(sim, o.Seed, data, err)
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
func (o *Options) serve(ctx context.Context, l net.Listener, sim *simulator.Server) error {
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
			if err := keep(sim, o.State); err != nil {
				return err
			}
		case <-o.Stop:
			sim.Heal() // what faults hold up would hold up the end
			return srv.Shutdown(ctx)
		}
	}
}
