package report

import (
	"slices"
	"strconv"
	"strings"

	"pbxsync/schema/natural"
	"pbxsync/schema/wording"
)

// kindOf returns the word of the kind in an address.
func kindOf(address string) string {
	parts := strings.Split(address, "/")
	if len(parts)%2 == 0 {
		return parts[len(parts)-2]
	}
	return parts[len(parts)-1]
}

// nameIn returns the keys in an address, without the words of kinds.
func nameIn(address string) string {
	parts := strings.Split(address, "/")
	var keys []string
	for i := 1; i < len(parts); i += 2 {
		keys = append(keys, parts[i])
	}
	if len(keys) == 0 {
		return address
	}
	return unescape.Replace(strings.Join(keys, "/"))
}

// unescape gives a key in an address its own letters again.
var unescape = strings.NewReplacer("%2F", "/", "%25", "%", "%2A", "*")

// Plural counts objects of a kind in words.
func Plural(kind string, n int) string {
	word := strings.ReplaceAll(kind, "_", " ")
	switch {
	case n == 1:
		return "1 " + word
	case strings.HasSuffix(word, "s"):
		word += "es"
	default:
		word += "s"
	}
	return wording.Thousands(n) + " " + word
}

// Names lists the objects of addresses by their keys, numbers in a row as 101-140. Of a list that
// is longer than most characters the rest is counted; 0 lists all.
func Names(addresses []string, most int) (list string, left int) {
	names := make([]string, len(addresses))
	for i, a := range addresses {
		names[i] = nameIn(a)
	}
	slices.SortFunc(names, natural.Compare)
	var out []string
	size := 0
	for i := 0; i < len(names); {
		end := row(names, i)
		text := names[i]
		if strings.ContainsAny(text, ",;") {
			text = strconv.Quote(text)
		}
		if end-i > 2 {
			text += "-" + names[end-1]
		} else {
			end = i + 1
		}
		if size += len(text) + 2; most > 0 && size > most && len(out) > 0 {
			return strings.Join(out, ", "), len(names) - i
		}
		out, i = append(out, text), end
	}
	return strings.Join(out, ", "), 0
}

// row returns where a row of numbers that follow each other ends.
func row(names []string, i int) int {
	n, err := strconv.ParseUint(names[i], 10, 62)
	end := i + 1
	for err == nil && end < len(names) && names[end] == padded(n+uint64(end-i), len(names[i])) {
		end++
	}
	return end
}

func padded(n uint64, size int) string {
	text := strconv.FormatUint(n, 10)
	return strings.Repeat("0", max(0, size-len(text))) + text
}
