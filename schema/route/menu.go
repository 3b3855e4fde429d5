package route

import "fmt"

// level is a place on the way: a context of a menu that waits for a key.
type level struct{ context *Context }

// menu follows a call to a menu.
func (w *Walker) menu(e *Extension) *Step {
	m := e.Menu
	if m == nil || m.Entry == nil {
		at := e.Source
		if m != nil {
			at = m.Source
		}
		return w.end(Step{Source: at, Does: Chooses, Name: e.String(), Says: "menu " + e.String() + ": what it offers is not said here"})
	}
	return w.once(m, Step{Source: m.Source, Does: Chooses, Name: e.String(), Says: "menu " + e.String()}, func(s *Step) {
		s.then("", w.option(e, m.Entry, OnStart))
		if m.Lifetime > 0 {
			s.then(fmt.Sprintf("after %d s in it", m.Lifetime), w.exit(e, m.Late))
		}
	})
}

// option follows a call to an option of a context.
func (w *Walker) option(e *Extension, c *Context, key string) *Step {
	o := c.Option(key)
	if o == nil || len(o.Steps) == 0 {
		return w.afterwards(e, c, key, Source{c.Address, c.Place})
	}
	return w.action(e, c, o, 0)
}

// afterwards is what follows an option whose steps lead nowhere: behind start the menu waits.
func (w *Walker) afterwards(e *Extension, c *Context, key string, at Source) *Step {
	if key == OnStart {
		return w.level(e, c)
	}
	return w.end(Step{Source: at, Does: HungUp, Says: "hangs up"})
}

// level follows a call that waits for a key.
func (w *Walker) level(e *Extension, c *Context) *Step {
	return w.once(level{c}, Step{Source: c.Source, Does: Level, Name: e.String(), Says: "waits for a key in " + c.Name}, func(s *Step) {
		for _, o := range c.Options {
			if when := o.when(); when != "" {
				s.then(when, w.option(e, c, o.Key))
			}
		}
	})
}

func (o *Option) when() string {
	switch o.Key {
	case OnStart:
		return ""
	case OnTimeout:
		return "no key"
	case OnInvalid:
		return "any other key"
	}
	return "key " + o.Key
}

// action follows a call through the steps of an option, from one on.
func (w *Walker) action(e *Extension, c *Context, o *Option, i int) *Step {
	if i == len(o.Steps) {
		return w.afterwards(e, c, o.Key, o.Source)
	}
	a := o.Steps[i]
	step := Step{Source: a.Source, Does: Heard, Name: e.String(), Says: a.Says}
	switch a.Does {
	case Hangup:
		return w.end(Step{Source: a.Source, Does: HungUp, Says: "hangs up"})
	case AskVariable, AskServer:
		step.Does = Unknown
		return w.end(step)
	}
	return w.once(a, step, func(s *Step) {
		switch a.Does {
		case Transfer, SimpleTransfer:
			w.sendOn(s, e, &Rule{Source: a.Source, Does: a.Does, To: a.To}, frame{})
		case Jump:
			w.jump(s, e, a)
		default:
			for _, key := range a.Answers {
				s.then("the answer for "+key, w.option(e, c, key))
			}
			s.then(a.rest(), w.action(e, c, o, i+1))
		}
	})
}

// rest names what follows a step in any other case.
func (a *Action) rest() string {
	if len(a.Answers) > 0 {
		return "any other answer"
	}
	return ""
}

func (w *Walker) jump(s *Step, e *Extension, a *Action) {
	if a.Context == nil {
		s.then("", w.end(Step{Source: a.Source, Does: Nowhere, Says: "the level it jumps to is not there"}))
		return
	}
	key := a.Option
	if key == "" {
		key = OnStart
	}
	s.then("", w.option(e, a.Context, key))
}
