package country

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestFacts(t *testing.T) {
	codes := map[string]bool{}
	for _, c := range known().list {
		if codes[c.Code] || len(c.Code) != 2 || len(c.Emergency) == 0 || strings.Trim(c.Calling, "0123456789") != "" {
			t.Errorf("%+v", c)
		}
		codes[c.Code] = true
		for _, p := range []string{c.premium, c.abroad} {
			if _, err := regexp.Compile("^(?:" + p + ")$"); err != nil {
				t.Errorf("%s: %s", c.Code, err)
			}
		}
	}
	if len(codes) < 200 || len(known().byZone) < 380 {
		t.Errorf("%d countries, %d zones", len(codes), len(known().byZone))
	}
}

// Some that people know by heart.
func TestOfZone(t *testing.T) {
	for zone, want := range map[string]string{
		"Europe/Berlin": "110 112", "Europe/Oslo": "110 112 113", "Europe/London": "112 999", "America/New_York": "112 911",
		"Australia/Sydney": "000 106 112", "Europe/Moscow": "01 02 03 101 102 103 112", "Europe/Kiev": "101 102 103 112", "UTC": "",
	} {
		var got []string
		if c := OfZone(zone); c != nil {
			got = c.Emergency
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", zone, got, want)
		}
	}
	if c := OfZone("Europe/Berlin"); !slices.Contains(c.Emergency, "110") || !c.Abroad("0079161234567") || c.Abroad("00493012345678") || c.Abroad("03012345678") || !c.Abroad("+7916") {
		t.Errorf("%+v", c)
	}
}

func TestPremium(t *testing.T) {
	for number, want := range map[string]string{"499001234567": "DE", "+499001234567": "DE", "493012345678": "", "19005551234": "US", "78095551234": "RU", "101": "", "": ""} {
		c := Premium(number)
		if c == nil && want != "" || c != nil && !strings.Contains(want, c.Code) && c.Calling != "1" && c.Calling != "7" {
			t.Errorf("%s: %v, want %q", number, c, want)
		}
	}
}
