package contrary

// What the documents say in words, and not in their tables of fields.

// plurals are collections whose items have another word.
var plurals = map[string]string{"phone_events": "phone_event", "client_info": "client"}

// whole are paths whose last word means something else below the client.
var whole = []string{"extension/ani", "extension/event"}

// singles are what an extension has one of from its beginning, and of which type it is;
// none where each has it.
var singles = map[string]string{"phone": "phone", "queue": "queue", "fax": "fax", "extension/ani": ""}

// refs are the fields that hold the id of something else, or a list of ids, and of what.
var refs = map[string]string{
	"extension_id":                      "extension",
	"message_extension_id":              "extension",
	"extension_group_id":                "extension_group",
	"dial_rule_id":                      "dial_rule",
	"sip_network_permission_id":         "network_permission",
	"network_permission_group_id":       "network_permission",
	"hold_music":                        "sound",
	"ringback_sound":                    "sound",
	"announce_sound_upon_outgoing_call": "sound",
	"announce_sound_upon_incoming_call": "sound",
	"vm_greeting":                       "sound",
	"agent_sound_id":                    "sound",
	"sound":                             "sound",
	"start_sound":                       "sound",
	"announce_sound":                    "sound",
	"playfile_sound":                    "sound",
	"agent_announce_sound":              "sound",
	"did_list":                          "did",
	"interval_id":                       "interval",
}

// keys are the fields by which people tell the rows of a collection apart; name where
// nothing is said.
var keys = map[string][]string{
	"agent/local/event":    {"event_type", "method", "url"},
	"agent/remote/event":   {"event_type", "method", "url"},
	"phone_event":          {"event_type", "method", "url"},
	"extension/event":      {"event_type", "method", "url"},
	"sound":                {"title"},
	"user/client":          {"login"},
	"user/extension":       {"login"},
	"user/extension_group": {"login"},
	"alias":                {"name", "domain"},
}

func keyOf(collection string) []string {
	if k, ok := keys[collection]; ok {
		return k
	}
	return []string{"name"}
}

// logins share one name space.
var logins = []string{"user/client", "user/extension", "user/extension_group"}

// namespaces are the collections in which a field may hold a value once.
var namespaces = []struct {
	field       string
	collections []string
}{{"login", logins}, {"name", []string{"caller_id_group"}}}

// belowExtension begins the paths of what an extension has of its own.
const belowExtension = "/extension/{extension_id}/"

// eventless is the type of extension that takes no events.
const eventless = "ivr"

// given are the collections that only the operator fills.
var given = []string{"did", "alias"}

// empty are the lists of what happens while calls are made; nobody calls here.
var empty = []string{"record", "record/stats", "oauth/session"}

// bundlePhone and bundleExtension are the fields that all members of a bundle share.
var (
	bundlePhone = []string{"record_transfer", "ringback_sound", "geo_list", "record_enabled", "hold_music", "announce_sound_upon_outgoing_call",
		"announce_sound_upon_incoming_call", "conference_pin", "conference_announce_caller_name", "conference_end_on_exit", "record_format", "record_stereo", "incoming_limit"}
	bundleExtension = []string{"status", "dial_rule_id", "dial_rule_limit"}
)

// writeOnly are fields that are sent and never shown.
var writeOnly = []string{"password", "email_notify", "email_for_notify", "file"}

// cleared are the yes or no fields that null clears: the documents give them null as
// their default.
var cleared = []string{"record_stereo", "blind_transfer_return", "outg_call_VR_on_fail"}
