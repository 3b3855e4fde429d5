// Package beyond describes, as data, what the API offers beyond the kinds that the
// catalogue ships: resources that public clients use and tenant files do not have
// yet (kinds/), and other addresses of what a kind stands for already (views.yaml).
//
// It is data with a reader, and serves nothing: package simulator does. A kind
// of the catalogue takes the place of one from here as soon as it has its path.
package beyond
