package metrics

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"pbxsync/internal/staging"
)

// Run is one run of a command for one tenant.
type Run struct {
	Command  string
	Tenant   string
	Code     int // its exit code
	Began    time.Time
	Ended    time.Time
	Found    map[string]int // differences by what they are: drift, pending, conflict, same, changes, strays
	Risks    map[string]int // changes by class of risk
	Reads    int
	Writes   int
	Retries  int
	Success  bool // it came to its end, whatever it found
	Guards   int  // refusals
	Problems int
}

// lastSuccess is kept from file to file: a run that fails does not forget when the last one
// came through.
const lastSuccess = "pbxsync_last_success_timestamp_seconds"

// Write writes the file whole, or leaves the one that is there.
func (r *Run) Write(path string) error {
	var b bytes.Buffer
	for _, f := range r.families(before(path)) {
		if len(f.Metric) == 0 {
			continue // the form has no family without a value
		}
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			return err
		}
	}
	return staging.Replace(path, b.Bytes())
}

// families are in the order of their names.
func (r *Run) families(success float64) []*dto.MetricFamily {
	if r.Success {
		success = seconds(r.Ended)
	}
	out := []*dto.MetricFamily{
		r.one("pbxsync_exit_code", "Exit code of the last run.", float64(r.Code)),
		r.one("pbxsync_last_run_timestamp_seconds", "When the last run ended.", seconds(r.Ended)),
		r.one("pbxsync_duration_seconds", "How long the last run took.", r.Ended.Sub(r.Began).Seconds()),
		r.one("pbxsync_guards", "Refusals of the last run.", float64(r.Guards)),
		r.one("pbxsync_problems", "Problems of the last run.", float64(r.Problems)),
		r.many("pbxsync_differences", "Differences that the last run found, by what they are.", "side", r.Found),
		r.many("pbxsync_changes_with_risk", "Changes that the last run found, by class of risk.", "risk", r.Risks),
		r.many("pbxsync_calls", "Calls of the last run.", "sort", map[string]int{"read": r.Reads, "write": r.Writes, "retry": r.Retries}),
	}
	if success > 0 {
		out = append(out, r.one(lastSuccess, "When a run last came to its end.", success))
	}
	slices.SortFunc(out, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	return out
}

func (r *Run) one(name, help string, value float64) *dto.MetricFamily {
	f := family(name, help)
	f.Metric = append(f.Metric, r.metric(value))
	return f
}

func (r *Run) many(name, help, label string, values map[string]int) *dto.MetricFamily {
	f := family(name, help)
	for _, word := range slices.Sorted(maps.Keys(values)) {
		f.Metric = append(f.Metric, r.metric(float64(values[word]), label, word))
	}
	return f
}

func family(name, help string) *dto.MetricFamily {
	return &dto.MetricFamily{Name: &name, Help: &help, Type: dto.MetricType_GAUGE.Enum()}
}

// metric is a value of this run, with its labels in the order of their names. more are the
// name and value of one more.
func (r *Run) metric(value float64, more ...string) *dto.Metric {
	words := append([]string{"tenant", strings.ToValidUTF8(r.Tenant, "?"), "command", r.Command}, more...)
	m := &dto.Metric{Gauge: &dto.Gauge{Value: &value}}
	for pair := range slices.Chunk(words, 2) {
		m.Label = append(m.Label, &dto.LabelPair{Name: &pair[0], Value: &pair[1]})
	}
	slices.SortFunc(m.Label, func(a, b *dto.LabelPair) int { return strings.Compare(a.GetName(), b.GetName()) })
	return m
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// before returns the last success that stands in the file, 0 where none does.
func before(path string) float64 {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(f)
	if err != nil || families[lastSuccess] == nil || len(families[lastSuccess].Metric) == 0 {
		return 0
	}
	return families[lastSuccess].Metric[0].GetGauge().GetValue()
}
