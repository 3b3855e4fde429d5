// Package profile decides which server is meant and with which credentials, from flags, the
// environment and profiles: credentials go only to an endpoint of the same source, and a file
// beside the tenant's files sends them nowhere.
//
// It calls nobody. Begin at Finder.Server.
package profile
