package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report/answer"
	"pbxsync/internal/savedplan"
	"pbxsync/schema/route"
	"pbxsync/sync"
	"pbxsync/sync/observe"
)

// routeFlags are those of route beyond the server's.
func routeFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "to", Usage: "the `NUMBER` that is called: one of the tenant's, an extension, or what an extension dials"},
		&ucli.StringFlag{Name: "from", Usage: "who calls: a `NUMBER`, anonymous, or an extension such as extension/101"},
		&ucli.StringFlag{Name: "at", DefaultText: "now", Usage: "the `TIME`, such as 2026-12-24T18:10, in the tenant's zone"},
		&ucli.BoolFlag{Name: "matrix", Usage: "show the week of --at, Monday to Sunday, of every number or that of --to, so that gaps are seen"},
		&ucli.BoolFlag{Name: "live", Usage: "ask the live tenant instead of the files; PATH names the folder of its profile and run records"},
	}
}

// routing are the options of route.
type routing struct {
	common
	to, from, at string
	matrix, live bool
}

func routingOf(c *ucli.Context) *routing {
	return &routing{commonOf(c), c.String("to"), c.String("from"), c.String("at"), c.Bool("matrix"), c.Bool("live")}
}

// router tells where calls go.
type router struct {
	*Program
	o      *routing
	board  *route.Board
	missed []string // what could not be read of a live tenant
}

// route tells where one call goes, or all of a week.
func (r *router) route(ctx context.Context) error {
	o := r.o
	if err := r.output(o.printing); err != nil {
		return err
	}
	if o.to == "" && !o.matrix {
		return exit.Fail(exit.Error, "route takes the number that is called with --to, such as --to 4930123456, or shows the week of every number with --matrix; see pbxsync route --help")
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	if o.matrix {
		return r.week()
	}
	q, asked := r.board.Ask(o.to, o.from)
	at, timed := r.moment()
	if err := errors.Join(asked, timed); err != nil {
		return exit.Fail(exit.Invalid, "%w", err)
	}
	found := answer.Of(r.board, q, o.from, at, r.missed)
	if r.Format == console.JSON {
		return r.JSON(exit.Fine, found)
	}
	answer.Text(r.Out, found)
	return nil
}

// week tells where calls go in a week.
func (r *router) week() error {
	at, err := r.moment()
	var to []*route.Question
	from, wrong := r.board.Caller(r.o.from)
	if err = errors.Join(wrong, err); r.o.to != "" && wrong == nil {
		q, asked := r.board.Ask(r.o.to, r.o.from)
		to, err = append(to, q), errors.Join(asked, err)
	}
	if err != nil {
		return exit.Fail(exit.Invalid, "%w", err)
	}
	found := answer.OfWeek(r.board, r.board.WeekOf(at, from, to...), r.missed)
	if r.Format == console.JSON {
		return r.JSON(exit.Fine, found)
	}
	answer.WeekText(r.Out, found)
	return nil
}

// moment is the point in time that is asked about.
func (r *router) moment() (time.Time, error) {
	if r.o.at == "" {
		return r.clock().In(r.board.Zone), nil
	}
	at, _, err := r.board.Moment(r.o.at)
	return at, err
}

// read makes a board of files, of a snapshot, or of the live tenant.
func (r *router) read(ctx context.Context) error {
	where, err := r.o.path()
	switch {
	case err != nil:
		return err
	case filepath.Ext(where) == savedplan.Ext:
		return r.snapshot(ctx, where)
	case r.o.live:
		return r.ask(ctx, where)
	}
	t, _, err := r.Program.tenant(where, r.o.command)
	if err == nil {
		r.board = route.Of(t)
	}
	return err
}

func (r *router) snapshot(ctx context.Context, where string) error {
	s, err := loadSnapshot(where, r.Stop)
	if err != nil {
		return err
	}
	whole, err := sync.WholeOf(ctx, r.Catalogue, s)
	return r.take(whole, err)
}

// ask reads the live tenant. The files say which server it is on, and are not read.
func (r *router) ask(ctx context.Context, where string) error {
	if err := r.o.serving.check(); err != nil {
		return err
	}
	if info, err := os.Stat(where); err == nil && !info.IsDir() {
		where = filepath.Dir(where)
	}
	j, err := r.open(&r.o.common, &job{where: where, dir: where}, &input.Input{Dir: where})
	if err != nil {
		return err
	}
	defer j.conn.close()
	whole, err := j.engine(r.Program).Whole(ctx, r.options(&r.o.common, where))
	return r.take(whole, unseeded(j, err))
}

// take makes a board of what was read of a live tenant.
func (r *router) take(whole *observe.Import, err error) error {
	if err != nil {
		return err
	}
	for _, u := range whole.Missed {
		r.missed = append(r.missed, u.String())
	}
	r.board = route.Of(&whole.Live.Tenant)
	return nil
}
