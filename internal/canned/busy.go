package canned

// Busy is a tenant that keeps what is sent to it, of which BusyRun changes something of every sort.
func Busy() *Server {
	l := NewServer()
	l.Keeps = true
	l.Tenant["/client/12/agent/local/"] = []map[string]any{{"id": Num(221), "name": "hall", "extension_id": Num(7), "call_timeout": Num(30)}}
	l.Tenant["/client/12/agent/local/221/event/"] = []map[string]any{}
	l.Put("/client/12/user/client/", 71, map[string]any{"name": "Ada", "login": "ada", "email": "ada@a.example", "access": "full", "status": "active"}, nil)
	l.Put("/client/12/user/client/", 72, map[string]any{"name": "Bob", "login": "bob", "email": "bob@a.example", "access": "full", "status": "active"}, nil)
	l.Put("/client/12/interval/", 61, map[string]any{"name": "Night", "timezone": "Europe/Berlin", "conditions": []any{}}, nil)
	return l
}

// BusyRun are files that change Busy.
const BusyRun = `version: 1
tenant: {name: acme, prefix: "12037"}
extension_groups: {a: {extra_params: x}, c: {previously: [b]}, d: {}}
extensions:
  "101": {extension_group: d, label: One}
  "102": {type: ivr, status: active, replaces: ["102"]}
  "103": {absent: true}
  "104": {type: conference, status: active, extension_group: d}
dids:
  "49301": {extension: "104"}
  "49302": {message_extension: null, extension: null}
aliases: {sales: {extension: "104"}}
agents: {local: {hall: {absent: true}, desk: {extension: "104"}}}
users: {client: {ada: {name: Ada, email: a@a.example, access: full, status: active, password: {env: PASSWORD, version: 2}}, bob: {absent: true}}}
intervals: {Night: {absent: true}, Day: {timezone: Europe/Berlin, conditions: []}}
variables: {C: "3"}
`
