// Package rehearsal runs the simulator for people: on a port of this machine, with a state that
// lasts, and with faults to rehearse what to do about them.
//
// It does not know flags. Begin at Run.
package rehearsal
