// Command bench measures an empty plan of a large tenant.
//
//	go run ./internal/bench [-sizes 1000,10000] [-latency 20ms,0s] [-rounds 3] [-json]
//
// It builds the program and lets it plan generated tenants whose files say what
// is live, so that the plan is empty. The simulator runs in a process of its own,
// and so does each plan. Beside it, in the same round, runs a bare client: it
// makes the same calls on as many connections and does nothing with the answers
// but decode and keep them (package bare). What the program costs beyond it is
// what reading files, checking, comparing and ordering cost.
//
// The aims: no more than 1.1 times the bare client's time, 2 times its CPU and 3
// times its memory, with the same calls; and a cost per extension that does not
// grow with the tenant.
//
// It is a command and not a test, because a time limit in a test fails on a busy
// machine. It ends with 1 when a plan was not empty, or the calls were not those
// that the plan announced; a missed aim is shown and is no failure.
//
// How an import does, and the plan of what it wrote, shows go run ./internal/bench
// import [-extensions 10000] [-latency 20ms].
//
// Where the time goes shows go run ./internal/bench/profile DIR plan PATH.
package main
