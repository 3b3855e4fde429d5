// Package notify tells people in their chat, mail or pager what a run has found: one message
// a run, short, the worst first.
//
// It knows services by their URL, which holds their credentials, so none of its errors repeats
// one. Begin at To.
package notify
