// Package file reads the YAML of tenant files into a tenant whose every value keeps its
// file, line and column. Package schema/file/export below it writes them.
//
// The two are the only place that knows how tenant files look; what may stand in them they have
// from the catalogue of package schema. This one is given bytes and gives values back, and may not
// know of the API, of terminals, flags, the environment, the clock, or of any single kind.
//
// Begin at load.go for the way from files to a tenant: source.go reads a file into YAML nodes
// and refuses what no file may hold, section.go finds the kinds, object.go and field.go read
// objects and their values, finish.go checks what takes all files. What [Parse] found wrong is a
// list of problems and no panic, whatever the input.
package file
