// Package metrics writes what a run has found as a text file for Prometheus, which the node
// exporter's textfile collector reads. Begin at Run.Write.
package metrics
