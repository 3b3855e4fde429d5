package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// usage is what one run took. Times are in seconds, memory in bytes.
type usage struct {
	Wall   float64 `json:"wall"`
	CPU    float64 `json:"cpu"`
	Memory int64   `json:"memory,omitempty"` // peak, 0: not measured
	Reads  int     `json:"reads"`
	Writes int     `json:"writes"`
	Tokens int     `json:"tokens"`
}

// ratio is one usage divided by another.
type ratio struct {
	Wall   float64 `json:"wall"`
	CPU    float64 `json:"cpu"`
	Memory float64 `json:"memory,omitempty"`
	Reads  float64 `json:"reads"`
}

// measured is one size at one latency.
type measured struct {
	Extensions int     `json:"extensions"`
	Latency    float64 `json:"latency"`
	Plan       usage   `json:"plan"`
	Bare       usage   `json:"bare"`
	Ratio      ratio   `json:"ratio"` // plan to bare client
}

// result is the whole measurement. Growth has, for each latency, what an extension
// costs in the largest tenant, divided by what it costs in the smallest.
type result struct {
	Rounds int        `json:"rounds"`
	Cases  []measured `json:"cases"`
	Growth []growth   `json:"growth,omitempty"`
}

type growth struct {
	Latency  float64 `json:"latency"`
	From, To int
	Plan     ratio `json:"plan"`
	Bare     ratio `json:"bare"`
}

// aims are the most that a plan may take of what a bare client takes.
var aims = ratio{Wall: 1.1, CPU: 2, Memory: 3, Reads: 1}

func newMeasured(n int, latency time.Duration, plan, bare usage) *measured {
	return &measured{Extensions: n, Latency: latency.Seconds(), Plan: plan, Bare: bare, Ratio: divide(plan, bare, 1)}
}

// divide returns a/b, each multiplied by a factor.
func divide(a, b usage, factor float64) ratio {
	return ratio{
		Wall:   factor * a.Wall / b.Wall,
		CPU:    factor * a.CPU / b.CPU,
		Memory: factor * float64(a.Memory) / max(1, float64(b.Memory)),
		Reads:  factor * float64(a.Reads) / float64(b.Reads),
	}
}

// median takes the median of each number by itself.
func median(runs []usage) usage {
	u := runs[0]
	u.Wall = middle(runs, func(u usage) float64 { return u.Wall })
	u.CPU = middle(runs, func(u usage) float64 { return u.CPU })
	u.Memory = middle(runs, func(u usage) int64 { return u.Memory })
	return u
}

func middle[T cmp.Ordered](runs []usage, of func(usage) T) T {
	values := make([]T, len(runs))
	for i, u := range runs {
		values[i] = of(u)
	}
	slices.Sort(values)
	return values[(len(values)-1)/2]
}

func (r *result) growth() {
	byLatency := map[float64][]measured{}
	for _, c := range r.Cases {
		byLatency[c.Latency] = append(byLatency[c.Latency], c)
	}
	for _, c := range r.Cases {
		same := byLatency[c.Latency]
		delete(byLatency, c.Latency) // once for each
		bySize := func(a, b measured) int { return cmp.Compare(a.Extensions, b.Extensions) }
		if len(same) < 2 {
			continue
		}
		small, large := slices.MinFunc(same, bySize), slices.MaxFunc(same, bySize)
		factor := float64(small.Extensions) / float64(large.Extensions)
		r.Growth = append(r.Growth, growth{Latency: c.Latency, From: small.Extensions, To: large.Extensions,
			Plan: divide(large.Plan, small.Plan, factor), Bare: divide(large.Bare, small.Bare, factor)})
	}
}

func (r *result) print(to io.Writer) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(to, "An empty plan beside a bare client, median of %d\n\n", r.Rounds)
	row(w, "extensions", "latency", "", "wall", "CPU", "memory", "GETs", "tokens")
	for _, c := range r.Cases {
		n, latency := fmt.Sprint(c.Extensions), seconds(c.Latency)
		c.Plan.print(w, n, latency, "plan")
		c.Bare.print(w, n, latency, "bare")
		c.Ratio.print(w, n, latency, "ratio")
		c.Ratio.printAims(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return r.printGrowth(to)
}

func (r *result) printGrowth(to io.Writer) error {
	if len(r.Growth) == 0 {
		return nil
	}
	fmt.Fprint(to, "\nCost of one extension in the larger tenant, divided by that in the smaller\n\n")
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	row(w, "extensions", "latency", "", "wall", "CPU", "memory", "GETs")
	for _, g := range r.Growth {
		n := fmt.Sprintf("%d/%d", g.To, g.From)
		g.Plan.print(w, n, seconds(g.Latency), "plan")
		g.Bare.print(w, n, seconds(g.Latency), "bare")
	}
	return w.Flush()
}

func row(w io.Writer, cells ...string) {
	for _, c := range cells {
		fmt.Fprint(w, c, "\t")
	}
	fmt.Fprintln(w)
}

func seconds(s float64) string { return time.Duration(s * float64(time.Second)).String() }

func (u usage) print(w io.Writer, n, latency, who string) {
	row(w, n, latency, who, fmt.Sprintf("%.2fs", u.Wall), fmt.Sprintf("%.2fs", u.CPU), memory(u.Memory),
		fmt.Sprint(u.Reads), fmt.Sprint(u.Tokens))
}

func (q ratio) print(w io.Writer, n, latency, who string) {
	row(w, n, latency, who, factor(q.Wall), factor(q.CPU), factor(q.Memory), factor(q.Reads), "")
}

// printAims says of each ratio whether it is within its aim.
func (q ratio) printAims(w io.Writer) {
	row(w, "", "", "aim", verdict(q.Wall, aims.Wall), verdict(q.CPU, aims.CPU), verdict(q.Memory, aims.Memory), verdict(q.Reads, aims.Reads), "")
}

func verdict(have, most float64) string {
	switch {
	case have == 0:
		return notMeasured
	case have <= most:
		return fmt.Sprintf("%g met", most)
	}
	return fmt.Sprintf("%g MISSED", most)
}

const notMeasured = "not measured"

func memory(bytes int64) string {
	if bytes == 0 {
		return notMeasured
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

func factor(f float64) string {
	if f == 0 {
		return notMeasured
	}
	return fmt.Sprintf("%.2f", f)
}
