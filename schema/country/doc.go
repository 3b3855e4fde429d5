// Package country knows of each country which numbers people dial in need, how numbers abroad
// are dialled, which numbers cost a fortune, and which time zones lie in it. The facts stand in
// countries.txt, with their source.
//
// It knows no tenants.
package country
