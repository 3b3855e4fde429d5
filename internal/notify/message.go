package notify

import (
	"fmt"
	"strings"

	"pbxsync/schema/wording"
)

// Message is what is told of a run.
type Message struct {
	Tenant  string
	Verdict string   // one sentence
	Lines   []string // what was found, the worst first
	Link    string   // where more stands, or ""
}

// Bounds of a message: what a phone shows without scrolling much.
const (
	mostLines   = 8
	longestLine = 160
)

// String returns the message as plain text, without a character that a service could take for
// markup of another line.
func (m *Message) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "pbxsync: %s: %s", m.Tenant, m.Verdict)
	for i, line := range m.Lines {
		if i == mostLines {
			fmt.Fprintf(&b, "\nand %d more", len(m.Lines)-mostLines)
			break
		}
		b.WriteString("\n- " + wording.Cut(line, longestLine, longestLine/2))
	}
	if m.Link != "" {
		b.WriteString("\n" + m.Link)
	}
	return b.String()
}
