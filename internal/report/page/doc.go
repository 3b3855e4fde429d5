// Package page writes a report as one HTML page that needs nothing else: no network, no
// file beside it. A policy in the page keeps the browser from fetching anything, and from running
// any script but the one that stands here, so that a name which holds markup stays a name.
//
// It does not decide what is told: all it shows is in the report. Begin at Write.
package page
