package page

import (
	"fmt"

	"pbxsync/internal/report"
)

// wave are the steps that can be sent at the same time, once those of the waves before are done.
type wave struct {
	Number int
	Steps  []step
}

// step is a call as it is shown.
type step struct {
	report.Step
	Of int // number of the change that it serves first, 0 for none
}

// waves puts steps where they stand in the order: behind all that they wait for.
func waves(steps []report.Step, numbers map[string]int) []wave {
	depth := make(map[int]int, len(steps))
	var out []wave
	for _, s := range steps {
		d := 0
		for _, before := range s.After {
			d = max(d, depth[before]+1)
		}
		depth[s.Number] = d
		for len(out) <= d {
			out = append(out, wave{Number: len(out) + 1})
		}
		of := 0
		if len(s.Changes) > 0 {
			of = numbers[s.Changes[0]]
		}
		out[d].Steps = append(out[d].Steps, step{s, of})
	}
	return out
}

// graph is the order of the steps as a drawing: a column for each wave, an arrow from each
// step to those that wait for it.
type graph struct {
	Width, Height int
	Nodes         []node
	Edges         []edge
}

type node struct {
	X, Y, Right, Mid int
	Label            string
	step
}

type edge struct{ Path string }

// Sizes of the drawing, in CSS pixels, and how many steps are drawn at most: the list of
// waves says the same of more than one can look at.
const (
	mostDrawn  = 300
	nodeWidth  = 210
	nodeHeight = 26
	gapX       = 70
	gapY       = 8
	longLabel  = 30
)

func draw(list []wave) *graph {
	g := &graph{}
	at := map[int]node{}
	for x, w := range list {
		for y, s := range w.Steps {
			n := node{X: gapY + x*(nodeWidth+gapX), Y: gapY + y*(nodeHeight+gapY), Label: label(s), step: s}
			n.Right, n.Mid = n.X+nodeWidth, n.Y+nodeHeight/2
			at[s.Number] = n
			g.Nodes = append(g.Nodes, n)
			g.Width, g.Height = max(g.Width, n.Right+gapY), max(g.Height, n.Y+nodeHeight+gapY)
		}
	}
	if len(g.Nodes) == 0 || len(g.Nodes) > mostDrawn {
		return nil
	}
	for _, n := range g.Nodes {
		for _, before := range n.After {
			from := at[before]
			g.Edges = append(g.Edges, edge{fmt.Sprintf("M%d %d C%d %d %d %d %d %d", from.Right, from.Mid, from.Right+gapX/2, from.Mid, n.X-gapX/2, n.Mid, n.X, n.Mid)})
		}
	}
	return g
}

func label(s step) string {
	text := fmt.Sprintf("%d %s", s.Number, s.Method)
	if len(s.Changes) > 0 {
		text += " " + s.Changes[0]
	}
	text = report.Clean(text)
	if runes := []rune(text); len(runes) > longLabel {
		return string(runes[:longLabel-1]) + "…"
	}
	return text
}
