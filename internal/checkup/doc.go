// Package checkup says of each thing that has to be right before a plan whether it is: it
// blames the one that is wrong, and tells what failed from what could not be tried.
package checkup
