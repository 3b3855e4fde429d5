package markdown

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pbxsync/internal/report"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

// room is what is kept free for the line that says what was left out.
const room = 300

// Write writes a comment of at most so many bytes; 0 is no limit.
func Write(w io.Writer, r *report.Report, budget int) error {
	r = r.InTime()
	c := &comment{r: r, groups: r.Groups(false)}
	head, tail := c.head(), c.tail()
	need := len(head) + len(tail) + room
	if budget > 0 && budget < need {
		return fmt.Errorf("the verdict alone needs %s bytes, and --budget allows %s; allow as many as that", wording.Thousands(need), wording.Thousands(budget))
	}
	left := budget - need
	if budget == 0 {
		left = int(^uint(0) >> 1)
	}
	body := c.body(&left) + c.beside(&left)
	_, err := io.WriteString(w, head+body+c.missing()+tail)
	return err
}

// comment is a comment in the making.
type comment struct {
	r      *report.Report
	groups []*report.Group
	told   int // changes that are told by groups alone, without their values
	unsaid int // that are not told at all
	notes  int // what was found beside changes and is left out
}

// head is what must not be left out: the mark by which the comment is found again, the verdict,
// risks and refusals, and what to do.
func (c *comment) head() string {
	var b strings.Builder
	r := c.r
	name := "unknown"
	if r.Tenant != nil {
		name = r.Tenant.Name
	}
	fmt.Fprintf(&b, "<!-- pbxsync: %s -->\n", marked(name))
	fmt.Fprintf(&b, "### pbxsync %s", r.Command)
	if r.Tenant != nil {
		fmt.Fprintf(&b, ": tenant %s", code(name))
		if r.Tenant.ID != 0 {
			fmt.Fprintf(&b, " (%s)", code(r.Tenant.Known()))
		}
	}
	b.WriteString("\n")
	c.rules(&b)
	fmt.Fprintf(&b, "\n**%s.**", capital(r.Verdict.Sentence))
	if a := r.Applied; a != nil {
		fmt.Fprintf(&b, " Applied: %d done, %d failed, %d skipped.", a.Done, a.Failed, a.Skipped)
	}
	b.WriteString("\n")
	c.risks(&b)
	list(&b, "Errors", errorLines(r))
	list(&b, "Refused", guardLines(r))
	list(&b, "Answers to calls that change", answerLines(r))
	c.commands(&b)
	return b.String()
}

// rules tells what the files change of their own review.
func (c *comment) rules(b *strings.Builder) {
	var lines []string
	for _, x := range c.r.Rules.Told() {
		lines = append(lines, fmt.Sprintf("**%s** %s at %s", x.Effect, code(x.String()), code(report.RulePlaces(x))))
	}
	if len(lines) > 0 {
		list(b, "**"+code(c.r.Rules.Heading())+"**", lines)
	}
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (c *comment) risks(b *strings.Builder) {
	var parts []string
	for _, class := range risk.Classes() {
		if n := c.r.Risks[class]; n > 0 {
			parts = append(parts, fmt.Sprintf("**%s %s** (%s)", class, wording.Thousands(n), class.Meaning()))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(b, "\nRisks: %s.\n", strings.Join(parts, ", "))
	}
}

// most is how many lines of one sort stand at the top.
const most = 10

func list(b *strings.Builder, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n\n", title)
	for _, line := range lines[:min(most, len(lines))] {
		fmt.Fprintf(b, "- %s\n", line)
	}
	if n := len(lines) - most; n > 0 {
		fmt.Fprintf(b, "- and %s more\n", wording.Thousands(n))
	}
}

func errorLines(r *report.Report) []string {
	var out []string
	for _, e := range r.Errors {
		out = append(out, code(e.String()))
	}
	for _, m := range r.Moved {
		out = append(out, code(m.String()))
	}
	return out
}

func guardLines(r *report.Report) []string {
	var out []string
	for _, g := range r.Guards {
		out = append(out, code(g.Sentence))
	}
	return out
}

func answerLines(r *report.Report) []string {
	var out []string
	for i, line := range report.AnswerLines(r) {
		if line = code(line); r.Answers[i].Cut {
			line = "**cut off**: " + line
		}
		out = append(out, line)
	}
	return out
}

// commands shows how the plan is applied, with the approvals that it needs.
func (c *comment) commands(b *strings.Builder) {
	title, command := "To apply it", c.r.ApplyCommand()
	if ways := c.r.Ways(); len(ways) > 0 {
		title, command = "What can be done about it", strings.Join(ways, "\n")
	}
	if command == "" {
		return
	}
	fence := "```"
	for strings.Contains(command, fence) {
		fence += "`"
	}
	lines := strings.Split(command, "\n")
	for i := range lines {
		lines[i] = report.Clean(lines[i])
	}
	fmt.Fprintf(b, "\n%s:\n\n%sconsole\n%s\n%s\n", title, fence, strings.Join(lines, "\n"), fence)
}

// tail is the cost, and how much was looked at.
func (c *comment) tail() string {
	var lines []string
	if c.r.Calls != nil {
		lines = append(lines, "Calls: "+c.r.Calls.Short()+".")
	}
	if c.r.Coverage != nil {
		lines = append(lines, c.r.Coverage.Sentences())
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n<sub>" + strings.Join(slices.Compact(lines), " ") + "</sub>\n"
}

// missing says what was left out, and where it is.
func (c *comment) missing() string {
	var parts []string
	if c.told > 0 {
		parts = append(parts, "the values of "+wording.CountOf(c.told, "change"))
	}
	if c.unsaid > 0 {
		parts = append(parts, wording.CountOf(c.unsaid, "change"))
	}
	if c.notes > 0 {
		parts = append(parts, wording.CountOf(c.notes, "line")+" beside the changes")
	}
	if len(parts) == 0 {
		return ""
	}
	return "\nLeft out here for want of room: " + strings.Join(parts, ", ") + ". `pbxsync " + c.r.Command + " --all` and `--report json=FILE` tell all.\n"
}
