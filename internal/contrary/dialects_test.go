package contrary

// known is a dialect, and with what words a tenant cannot be made on it.
type known struct {
	Dialect
	asks string
}

// dialects are the ways of answering that are tried, each alone.
var dialects = []known{
	{Dialect: Dialect{Name: "plain"}},
	{Dialect: Dialect{Name: "nulls", Nulls: true, CreateRefusesNull: true}},
	{Dialect: Dialect{Name: "zeros", Zeros: true}},
	{Dialect: Dialect{Name: "absent", Absent: 3}},
	{Dialect: Dialect{Name: "absent otherwise", Absent: 8}},
	{Dialect: Dialect{Name: "resets", ResetsOmitted: true}},
	{Dialect: Dialect{Name: "wrapped", Wrap: "*", WrapPages: true, Variables: "wrapped"}},
	{Dialect: Dialect{Name: "map", Wrap: "result", Variables: "map"}},
	{Dialect: Dialect{Name: "extra", Extra: true, Newest: true}},
	{Dialect: Dialect{Name: "capped", PageCap: 2}},
	{Dialect: Dialect{Name: "capped at three", PageCap: 3, Wrap: "result", WrapPages: true}},
	{Dialect: Dialect{Name: "ids of each collection", OwnIDs: true}},
	{Dialect: Dialect{Name: "numbers as text", NumbersAsText: true}},
	{Dialect: Dialect{Name: "ids as text", IDsAsText: true}},
	{Dialect: Dialect{Name: "yes as text", Booleans: "text"}},
	{Dialect: Dialect{Name: "yes as word", Booleans: "words"}},
	{Dialect: Dialect{Name: "yes as number", Booleans: "number"}},
	{Dialect: Dialect{Name: "objects", AgentStatus: "object", Domain: "object"}},
	{Dialect: Dialect{Name: "verbs", Created: 201, PutEmpty: true, DeleteBody: true, NullOnGone: true}},
	{Dialect: Dialect{Name: "respelled", Respell: true}},
	{Dialect: Dialect{Name: "refused", Refuse: map[string]string{"phone_event": "403", "extension/call_status": "html", "task_scheduler": "501", "agent/remote": "404", "agent/remote/event": "404"}}},
	{Dialect: Dialect{Name: "refused groups", Refuse: map[string]string{"extension_group": "403", "sound": "html"}}},
	{Dialect{Name: "refused logins", Refuse: map[string]string{"user/extension_group": "501"}},
		"may be taken by a group_user, and not all of these can be read: GET "},
}
