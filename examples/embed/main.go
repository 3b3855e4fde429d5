// Command embed is a program of somebody else's that plans with the engine: it reads tenant
// files, compares them with the live tenant, and prints the calls that apply would send. It
// writes nothing to the server.
//
//	PBX_ENDPOINT=https://pbx.example PBX_APP_ID=… PBX_APP_SECRET=… go run ./examples/embed tenant.yaml
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/pbx"
)

func main() {
	server := pbx.Config{Endpoint: os.Getenv("PBX_ENDPOINT"), AppID: os.Getenv("PBX_APP_ID"), AppSecret: os.Getenv("PBX_APP_SECRET")}
	if err := printPlan(context.Background(), os.Stdout, server, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// printPlan prints what would make the live tenant what the files say.
func printPlan(ctx context.Context, out io.Writer, config pbx.Config, names []string) error {
	var files []file.File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, file.File{Name: name, Data: data})
	}
	desired, problems := file.Parse(schema.Builtin(), files)
	if err := problems.Err(); err != nil {
		return err
	}
	server, err := pbx.Dial(config)
	if err != nil {
		return err
	}
	defer server.Close()
	engine := &sync.Engine{Reader: server.Reader()} // it cannot write
	planned, err := engine.Plan(ctx, desired, sync.Options{Parallelism: 10}, nil)
	if err != nil { // also what the server knows better than the files
		return err
	}
	for _, guard := range planned.Guards {
		fmt.Fprintln(out, guard)
	}
	for _, s := range planned.Plan.Steps {
		fmt.Fprintln(out, s.Number, s.Method, s.Path)
	}
	return nil
}
