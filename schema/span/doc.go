// Package span knows days of the calendar that come back every year or every
// month: which of them there are, and which follow them. It says so only where
// it holds in every year.
package span
