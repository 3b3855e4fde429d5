package main

import (
	"strings"

	"pbxsync/internal/faults"
)

// faultsPage says how to rehearse. The tables are what the program itself reads
// files by.
func faultsPage() []byte {
	w := &writer{}
	w.head("Rehearsing faults")
	w.line("%s", faultsIntro)
	w.line("## Which calls")
	w.line("")
	w.line("%s", faultsWhich)
	w.table([]string{"Word", "Meaning"}, paramRows(faults.Choosers()))
	w.line("%s", faultsWhen)
	w.line("## What goes wrong")
	w.line("")
	var rows [][]string
	for _, word := range faults.Words() {
		rows = append(rows, []string{code(string(word.Do)), word.Text, needs(word.Needs), codes(word.Takes, ", ")})
	}
	w.table([]string{"`do`", "What it does", "Needs", "Takes"}, rows)
	w.table([]string{"Word", "Meaning"}, paramRows(faults.Params()))
	w.line("%s", faultsWhat)
	w.line("## The history")
	w.line("")
	w.line("%s", faultsHistory)
	w.table([]string{"Key", "Meaning"}, historyRows)
	w.line("## In tests")
	w.line("")
	w.line("%s", faultsInTests)
	return w.tidy()
}

func paramRows(params []faults.Param) [][]string {
	var rows [][]string
	for _, p := range params {
		rows = append(rows, []string{code(p.Name), p.Text})
	}
	return rows
}

func needs(list []string) string {
	out := make([]string, len(list))
	for i, need := range list {
		out[i] = codes(strings.Split(need, " or "), " or ")
	}
	return strings.Join(out, ", ")
}

const faultsIntro = "`pbxsync simulator --faults FILE` lets calls go wrong, so that you can see beforehand what a bad night\n" +
	"does to an apply. What happens is printed, and `--history FILE` keeps what came of each call.\n" + `
` + "```yaml" + `
seed: 7
faults:
  - {on: POST, path: "/client/*/extension/", at: 1, do: drop, commit: true}  # done, and the answer is lost
  - {on: GET, rate: 0.3, do: status, status: 503, retry_after: 1}            # three of ten reads
  - {on: GET, every: 5, do: truncate, bytes: 20}
  - {do: delay, wait: 50ms}
` + "```" + `

` + "```sh" + `
pbxsync simulator --seed examples/acme/_seed.yaml --faults faults.yaml --history history.jsonl
` + "```" + `

Mistakes in the file are reported all at once, with their places, and end with 3. A path that no call can
have is one of them. At the end the simulator names each rule that met nothing: a rehearsal without its
fault shows nothing.
`

const faultsWhich = `A rule holds for the calls that fit all of what it says.
`

const faultsWhen = "`at`, `every` and `rate` exclude each other; `from` and `to` stand alone or beside `every` or `rate`. With\n" +
	`none of them each matching call meets the fault.

Each rule counts the calls that it matches, whatever else happens to them, and decides by the number of the
call, the seed and its place in the file. So the same calls meet the same faults. Calls at the same time may
come in another order, and then other ones are hit, but as many; and calls that a rule does not match change
nothing in what it does. A client's own network layer may send a GET once more when its connection broke,
before the program knows: such calls count too.

A call can meet several faults: every write by another client, every page rule and every delay whose turn it
is, in the order of the file, and the first of the others.
`

const faultsWhat = `Rules about pages hold only for calls that ask for pages. Writes by other clients go to the first tenant and
need not be what the API would take; one that cannot be made is printed, and stands in the history with its
reason.

A few nights:

` + "```yaml" + `
faults:   # the server is overloaded, then back
  - {from: 2, to: 4, do: status, status: 503}
  - {do: rate_limit, calls: 5, per: 1s, retry_after: 1}
` + "```" + `

` + "```yaml" + `
faults:   # a gateway gives up, and the create is done all the same, two seconds later
  - {on: POST, at: 1, do: status, status: 504, after: 2s}
` + "```" + `

` + "```yaml" + `
faults:   # somebody else is at work
  - {on: POST, at: 1, do: insert, kind: extension_group, set: {name: sales}}
  - {on: GET, path: "/client/*/did/", at: 1, do: update, kind: did, set: {extension_id: null}}
  - {on: GET, at: 5, do: remove, kind: extension, key: "101"}
  - {path: "/client/*/did/?page=2", do: page_shift, by: 1}
` + "```" + `

` + "```yaml" + `
faults:   # a portal before the network, an expired token, a page size of the server's own
  - {at: 2, do: content, as: html, commit: false}
  - {at: 4, do: expire}
  - {do: page_cap, size: 1}
  - {path: /oauth/token, at: 2, do: status, status: 500}
` + "```" + `
`

const faultsHistory = "`--history FILE` appends a line of JSON for each call when it ends, for each write by another client, and for\n" +
	`each call that was carried out later. It holds no bodies and no secrets: a digest tells whether two bodies of
one run were the same, with a key that is made again each time.
`

var historyRows = [][]string{
	{"`what`", "`call`; `token`, a call for a token; `late`, a call that is carried out after its client was told nothing or something else; `edit`, a write by another client"},
	{"`number`", "the number of the call, in the order of arrival; `late` has that of its call, `edit` that of the call that it came before"},
	{"`start_ns`, `end_ns`", "when it began and ended, in nanoseconds since the first of them could come"},
	{"`method`, `path`, `template`", "the call, below the API's base; with the real ids, and as the documents write it"},
	{"`body`", "the digest of what was sent"},
	{"`faults`", "what it met: `do`, the number of the `rule` in the file, and as its `nth` matching call"},
	{"`committed`", "whether something was written"},
	{"`kind`, `ids`", "of what was written, as far as the path and the answer tell"},
	{"`server`, `status`", "the status that the server had for the call, and the one that was sent; not there: none"},
	{"`answered`", "whether the true end of an answer was sent"},
	{"`foreign`", "true for a write by another client"},
	{"`error`", "why such a write was not made, or that the request broke off"},
}

const faultsInTests = "`simulator.Server` has `Rehearse`, `Heal`, `Record`, `Late` and `Digest`. `simulator.Transport` is a way to it\n" +
	"without sockets: a broken connection is `io.ErrUnexpectedEOF`, and in a bubble of `testing/synctest` an\n" +
	`hour of waiting takes no time.
`
