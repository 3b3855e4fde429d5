// Package record is what runs leave behind for later ones: what was sent, what came of it,
// and what objects were like before. How it is kept on disk is the business of whoever keeps
// it. It knows neither plans nor calls.
//
// Begin reading at Records.
package record
