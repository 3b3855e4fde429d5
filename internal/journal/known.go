package journal

import (
	"fmt"
	"net/http"
	"strings"

	"pbxsync/sync"
)

// Known folds records, oldest first, into what they tell and the API cannot.
// Only what was acknowledged counts.
func Known(records []*Record) *sync.Records {
	k := &sync.Records{None: len(records) == 0, Sent: map[string]map[string]sync.Sent{}, IDs: map[string]int64{}, Unsettled: map[string]string{}}
	for _, r := range records {
		for _, s := range r.Steps() {
			fold(k, r.Run, s)
		}
	}
	return k
}

func fold(k *sync.Records, run string, s *Step) {
	first := ""
	if len(s.Intent.Address) > 0 {
		first = s.Intent.Address[0]
	}
	switch {
	case s.Outcome == TypeUnknown && s.Intent.Creates:
		k.Unsettled[first] = fmt.Sprintf("run %s, step %d", run, s.Number)
	case s.Outcome != TypeAck:
	case s.Intent.Method == http.MethodDelete:
		for _, a := range s.Intent.Address {
			forget(k, a)
		}
	default:
		id := s.Intent.Object
		if s.Intent.Creates {
			id = s.ID
			k.IDs[first] = id
			delete(k.Unsettled, first)
		}
		for address, fields := range s.Intent.Sends {
			if k.Sent[address] == nil {
				k.Sent[address] = map[string]sync.Sent{}
			}
			for field, version := range fields {
				k.Sent[address][field] = sync.Sent{Version: version, ID: id}
			}
		}
	}
}

// forget drops an object that was deleted, with what lay under it.
func forget(k *sync.Records, address string) {
	for a := range k.Sent {
		if under(a, address) {
			delete(k.Sent, a)
		}
	}
	for a := range k.IDs {
		if under(a, address) {
			delete(k.IDs, a)
		}
	}
}

func under(a, address string) bool { return a == address || strings.HasPrefix(a, address+"/") }
