// Package folder reads the files that a run is given, most of which somebody else may have
// written: a tenant's folder comes with a pull request.
//
// What lies in a tenant's folder is a regular file there, by whatever links inside the folder,
// and nothing else: no pipe, socket or device, and no link that leads out of it. A file that the
// person who runs the program names (by a flag, the environment, or their own profile) may also
// be a link or a pipe, such as the <(command) of a shell. Neither is larger than what it is for,
// and is measured before it is read. Nothing is waited for after an interrupt.
//
// The folder of run records is judged here too: whose it is, who can write to it, and whether a
// version control brought it.
package folder
