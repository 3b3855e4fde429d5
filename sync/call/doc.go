// Package call is what the engine asks of the API: two small interfaces, so that another
// program can bring its own client, the paths of calls, and what their answers and errors
// mean wherever they are read. It knows no plan and no tenant.
//
// Begin reading at Reader and Writer.
package call
