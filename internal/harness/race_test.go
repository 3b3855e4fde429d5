//go:build race

package harness

func init() { mostAtATime = 1 }
