// Command pbxsync brings a PBX tenant to what YAML files say.
package main

import (
	"os"

	"pbxsync/internal/cli"
)

func main() { os.Exit(cli.Main()) }
