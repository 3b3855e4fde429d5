package cli

import (
	"cmp"
	"os"
	"path/filepath"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/metrics"
	"pbxsync/internal/notify"
	"pbxsync/internal/report"
)

// telling says who is told of a run beside the person who started it.
type telling struct {
	notify  []string
	link    string
	metrics string
}

func tellingOf(c *ucli.Context) telling {
	return telling{c.StringSlice("notify"), c.String("link"), c.String("metrics")}
}

func tellingFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringSliceFlag{Name: "notify", Usage: "tell a service by its `URL` of drift and failures, such as slack://TOKEN@CHANNEL; it holds a credential, so better name it by the variable; repeatable", EnvVars: env("notify")},
		&ucli.StringFlag{Name: "link", Usage: "a `URL` that the message ends with, where more stands", EnvVars: env("link")},
		&ucli.StringFlag{Name: "metrics", Usage: "write what the run found to `FILE` for the textfile collector of Prometheus", EnvVars: env("metrics")},
	}
}

// told is a run of which somebody is told.
type told struct {
	telling
	console *console.Console
	command string
	began   time.Time
	targets []*notify.Target
	job     *job // nil: the run came to an end before it knew one
}

// tellAtEnd checks who is to be told, before anything is done.
func (p *Program) tellAtEnd(command string, t telling) error {
	p.told = &told{telling: t, console: p.Console, command: command, began: time.Now()}
	for _, address := range t.notify {
		p.Mask.Hide(address)
		target, err := notify.To(address)
		if err != nil {
			return exit.Fail(exit.Error, "--notify: %w", err)
		}
		p.told.targets = append(p.told.targets, target)
	}
	if dir := filepath.Dir(t.metrics); t.metrics != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return exit.Fail(exit.Error, "--metrics %s: there is no folder %s; make it, or name another", t.metrics, dir)
		}
	}
	return nil
}

// about says which job it is that somebody is told of.
func (t *told) about(j *job) *job {
	if t != nil {
		t.job = j
	}
	return j
}

// tell tells of a run that has ended. What cannot be told is a warning: the run is over.
func (t *told) tell(code int, err error) {
	if t == nil {
		return
	}
	p := t.console
	if t.metrics != "" {
		if err := t.measured(code).Write(t.metrics); err != nil {
			p.Log.Linef("warning: %s was not written: %v", t.metrics, err)
		}
	}
	if code == exit.Fine || code == exit.Interrupted {
		return
	}
	text := t.message(code, err).String()
	for _, target := range t.targets {
		if err := target.Send(p.Mask.Text(text)); err != nil {
			p.Log.Linef("warning: nobody was told of this: %v", err)
		}
	}
}

// message is what is told of a run.
func (t *told) message(code int, err error) *notify.Message {
	m := &notify.Message{Tenant: "a tenant", Link: t.link, Verdict: t.command + ": " + exit.Name(code)}
	if t.job != nil && t.job.tenant != nil {
		m.Tenant = report.Clean(cmp.Or(t.job.tenant.Name, t.job.tenant.Prefix))
	}
	if r := t.found(); r != nil {
		for _, line := range r.Short() {
			m.Lines = append(m.Lines, report.Clean(line))
		}
	}
	if err != nil && err.Error() != "" { // else everything was said
		m.Lines = append(m.Lines, report.Clean(err.Error()))
	}
	return m
}

func (t *told) found() *report.Report {
	if t.job == nil {
		return nil
	}
	return t.job.report
}

// measured are the figures of a run.
func (t *told) measured(code int) *metrics.Run {
	r := &metrics.Run{Command: t.command, Code: code, Began: t.began, Ended: time.Now(), Success: code == exit.Fine || code == exit.Differences}
	if j := t.job; j != nil {
		if j.tenant != nil {
			r.Tenant = cmp.Or(j.tenant.Name, j.tenant.Prefix)
		}
		if j.conn != nil && j.conn.client != nil {
			n := j.conn.client.Counts()
			r.Reads, r.Writes, r.Retries = n.Reads, n.Writes, n.Retries
		}
	}
	if found := t.found(); found != nil {
		r.Found, r.Guards, r.Problems = found.Counts(), len(found.Guards), len(found.Errors)
	}
	return r
}
