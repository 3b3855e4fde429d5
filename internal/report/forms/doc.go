// Package forms is the list of forms that a report has. A form is one entry here, and one file that
// writes it.
//
// It does not know where a form goes, and reads no flags. Begin at Form.
package forms
