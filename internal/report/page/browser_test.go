//go:build browser

// What a real browser makes of the page. The library that drives it is most of what these
// tests would build, and few have a browser beside their compiler: .ci/run sets the tag.

package page

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pbxsync/internal/report"
)

// axe is what finds what a page lacks for those who do not see it, or use no mouse.
const axe = "../../editor/testdata/node_modules/axe-core/axe.min.js"

var picture = flag.Bool("picture", false, "take docs/report-page.png anew")

// browser opens a report in a real browser.
func browser(t *testing.T, r *report.Report) context.Context {
	t.Helper()
	t.Logf("%d changes", len(r.Changes))
	return shown(t, written(t, r))
}

// shown opens a page in a real browser, and returns what evaluates scripts there. Whatever is
// written to its console fails the test.
func shown(t *testing.T, html string) context.Context {
	t.Helper()
	path := chromium(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Errorf("the page asked for %s", r.URL.Path)
		}
		fmt.Fprint(w, html)
	}))
	t.Cleanup(server.Close)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	began := time.Now()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Skipf("Chromium does not start here: %v", err)
	}
	go func() {
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			t.Errorf("console: %v", m)
		}
	}()
	started := time.Now()
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes: the browser started in %v, the page was open after %v", len(html), started.Sub(began), time.Since(started))
	return ctx
}

// chromium is where the browser is.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium here, so the page is not looked at")
	return ""
}

func eval[T any](t *testing.T, ctx context.Context, script string, o ...chromedp.EvaluateOption) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, o...))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

const visible = `[...document.querySelectorAll(".changes > div")].filter(x => !x.hidden).length`

// filtered sets a filter as a person does and returns how many changes are left, and in how many
// milliseconds the browser had drawn them.
func filtered(t *testing.T, ctx context.Context, id, value string) (left int, took float64) {
	t.Helper()
	took = eval[float64](t, ctx, fmt.Sprintf(`new Promise(done => { const from = performance.now(), x = document.getElementById(%q); x.value = %q;
		x.dispatchEvent(new Event("input", {bubbles: true})); requestAnimationFrame(() => setTimeout(() => done(performance.now() - from))); })`, id, value), chromedp.EvalAwaitPromise)
	return eval[int](t, ctx, visible), took
}

// Filters work by risk, kind, action and text, and together.
func TestFilters(t *testing.T) {
	ctx := browser(t, many(70))
	check := func(want int, id, value string) {
		t.Helper()
		if got, _ := filtered(t, ctx, id, value); got != want {
			t.Errorf("%s = %q leaves %d changes, want %d", id, value, got, want)
		}
	}
	check(14, "risk", "cuts")
	check(2, "kind", "did")
	check(2, "action", "update")
	check(0, "text", "nothing has this")
	if eval[bool](t, ctx, `document.getElementById("none").hidden`) {
		t.Error("it is not said that nothing matches")
	}
	check(2, "text", "DESK")
	eval[bool](t, ctx, `document.querySelector("form.filter").reset(); true`)
	time.Sleep(50 * time.Millisecond)
	if got := eval[int](t, ctx, visible); got != 70 {
		t.Errorf("cleared, %d changes are shown", got)
	}
	check(18, "text", "<script>alert(1)") // a name that stays text can be looked for
	eval[bool](t, ctx, `document.getElementById("open").click(); true`)
	if got := eval[int](t, ctx, `document.querySelectorAll(".changes details[open]").length`); got != 18 {
		t.Errorf("%d of 18 are open", got)
	}
	eval[bool](t, ctx, `location.hash = "#c3"; true`)
	time.Sleep(100 * time.Millisecond)
	if !eval[bool](t, ctx, `document.querySelector("#c3 details").open && !document.getElementById("c3").hidden`) {
		t.Error("a link to a change does not open it")
	}
}

// The page of the week that testdata/replay plays is the one that docs/report-page.png shows:
// go test -tags browser ./internal/report/page -run Replay -picture takes it.
func TestPageOfTheReplay(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	html, err := os.ReadFile(filepath.Join(root, "testdata", "replay", "bob-leaves.html"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := shown(t, string(html))
	if got := eval[int](t, ctx, visible); got != 2 {
		t.Errorf("%d changes are shown", got)
	}
	eval[bool](t, ctx, `document.getElementById("open").click(); true`)
	if !*picture {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(root, "docs", "report-page.png"), png, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// 5,000 changes open and filter: the figures are logged, since they are the machine's.
func TestManyChanges(t *testing.T) {
	ctx := browser(t, many(5000))
	left, took := filtered(t, ctx, "risk", "cuts")
	if left != 1000 {
		t.Errorf("%d changes are left", left)
	}
	t.Logf("filtered by risk in %.0f ms", took)
	left, took = filtered(t, ctx, "text", "desk 4")
	if left == 0 {
		t.Error("no change is left")
	}
	t.Logf("filtered by text, %d left, in %.0f ms", left, took)
	if took > 20_000 { // items of a list are numbered again for each that is hidden: that took over a minute
		t.Error("the browser stalls")
	}
}

// Nobody is kept out: axe finds nothing in light, in dark, or with everything open.
func TestAccessible(t *testing.T) {
	source, err := os.ReadFile(filepath.FromSlash(axe))
	if err != nil {
		t.Skip("axe-core is not installed here: npm ci --ignore-scripts --prefix internal/editor/testdata")
	}
	ctx := browser(t, many(30))
	eval[bool](t, ctx, `document.querySelectorAll("details").forEach(x => x.open = true); true`)
	eval[bool](t, ctx, string(source)+"; true")
	found := eval[[]string](t, ctx, `axe.run(document).then(r => r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(" | ")))`, chromedp.EvalAwaitPromise)
	for _, v := range found {
		t.Error(v)
	}
	if passed := eval[int](t, ctx, `axe.run(document).then(r => r.passes.length)`, chromedp.EvalAwaitPromise); passed < 15 {
		t.Errorf("only %d rules were asked", passed)
	}
}
