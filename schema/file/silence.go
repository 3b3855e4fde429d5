package file

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/checks"
	"pbxsync/schema/reserved"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

// silence reads one entry of silence:.
func (d *decoder) silence(v *yaml.Node) {
	s := schema.Silenced{Place: d.place(v)}
	d.pairs(v, "warning, at and why", func(k, v *yaml.Node) {
		text, _ := d.label(v, k.Value)
		switch k.Value {
		case reserved.Warning:
			if s.Warning = schema.Warning(text); !slices.Contains(schema.Warnings(), text) && checks.Find(text) == nil {
				d.unknown(v, "warning", "this version", slices.Concat(schema.Warnings(), checks.IDs()))
			}
		case reserved.At:
			s.At = text
		case reserved.Why:
			s.Why = strings.TrimSpace(text)
		default:
			d.unknown(k, "field", reserved.Silence, []string{reserved.Warning, reserved.At, reserved.Why})
		}
	})
	if v.Kind == yaml.MappingNode && (s.Warning == "" || s.Why == "") {
		d.fail(v, `write {warning: NAME, at: ADDRESS, why: "the reason"}; at can be left out`, "a warning is silenced by its name and with a reason")
	}
	d.tenant.Silenced = append(d.tenant.Silenced, s)
}

// judge reads one entry of checks:, how grave a check is here. The reason stands beside it, or behind
// it as a comment.
func (d *decoder) judge(k, v *yaml.Node) {
	check := checks.Find(k.Value)
	if check == nil || check.ID != k.Value {
		d.unknown(k, "check", "this version", checks.IDs())
		return
	}
	j, ok := d.judged(check, v)
	if !ok {
		return
	}
	j.Place = d.place(k)
	if order := schema.Severities(); slices.Index(order, j.Severity) > slices.Index(order, check.Severity) && j.Why == "" {
		d.fail(v, fmt.Sprintf(`write %s: {%s: %s, %s: "the reason"}, or the reason behind it as a comment`, check.ID, reserved.Severity, j.Severity, reserved.Why),
			"%s (%s) is made less grave than it is elsewhere, and no reason is given", check.ID, check.Title)
		return
	}
	d.tenant.Judged = append(d.tenant.Judged, j)
}

// judged reads what files say of a check; not ok: they say what cannot be read, which is told.
func (d *decoder) judged(check *checks.Check, v *yaml.Node) (j schema.Judged, ok bool) {
	j.Check = check.ID
	if v.Kind == yaml.ScalarNode {
		j.Severity, j.Why = d.severity(v), strings.TrimSpace(strings.TrimLeft(v.LineComment, "#"))
		return j, j.Severity != ""
	}
	before, stated := len(d.problems), false
	d.pairs(v, "severity and why", func(k, v *yaml.Node) {
		switch k.Value {
		case reserved.Severity:
			j.Severity, stated = d.severity(v), true
		case reserved.Why:
			text, _ := d.label(v, k.Value)
			j.Why = strings.TrimSpace(text)
		default:
			d.unknown(k, "field", check.ID, []string{reserved.Severity, reserved.Why})
		}
	})
	if !stated && len(d.problems) == before {
		d.fail(v, fmt.Sprintf("write %s: {%s: warning, %s: \"the reason\"}", check.ID, reserved.Severity, reserved.Why), "%s says nothing of how grave the check is here", check.ID)
	}
	return j, j.Severity != ""
}

// severity reads how grave a check is.
func (d *decoder) severity(v *yaml.Node) schema.Severity {
	s := schema.Severity(v.Value)
	if slices.Contains(schema.Severities(), s) {
		return s
	}
	d.fail(v, "", "%s is not error, warning, notice or off", sourceText(v))
	return ""
}

// review reads one class of risk that a plan needs an approval for.
func (d *decoder) review(k, v *yaml.Node) {
	class := risk.Class(k.Value)
	if !class.Known() {
		d.unknown(k, "class of risk", reserved.Review, risk.Words())
		return
	}
	if v.Value != reserved.Approve {
		d.fail(v, "write "+k.Value+": "+reserved.Approve+", or delete the line", "%s is not %s, which is all that can be asked for", sourceText(v), reserved.Approve)
		return
	}
	d.tenant.Review = risk.Sorted(append(d.tenant.Review, class))
	d.ruled(reserved.Review, k.Value, k)
}

// accept reads one entry of accept:.
func (d *decoder) accept(v *yaml.Node) {
	a := schema.Accepted{Place: d.place(v)}
	before := len(d.problems)
	d.pairs(v, "at, until and why", func(k, v *yaml.Node) {
		switch k.Value {
		case reserved.At:
			a.At, _ = d.label(v, k.Value)
			a.Place = d.place(v)
		case reserved.Until:
			a.Until = d.day(k, v)
		case reserved.Why:
			text, _ := d.label(v, k.Value)
			a.Why = strings.TrimSpace(text)
		default:
			d.unknown(k, "field", reserved.Accept, []string{reserved.At, reserved.Until, reserved.Why})
		}
	})
	switch {
	case len(d.problems) > before || v.Kind != yaml.MappingNode:
	case a.Until == "":
		d.fail(v, "write until: with the last day, such as 2026-12-31; what is to stay for good belongs into the files", "a difference is accepted until a day, and this has none")
	case a.At == "" || a.Why == "":
		d.fail(v, `write {at: ADDRESS.FIELD, until: DAY, why: "the reason"}`, "a difference is accepted at an address, and with a reason")
	default:
		d.tenant.Accept = append(d.tenant.Accept, a)
	}
}

// day reads a day of the calendar.
func (d *decoder) day(k, v *yaml.Node) string {
	text, ok := d.text(v, &schema.Field{Name: k.Value, Format: "date"})
	if !ok {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		d.fail(v, "write year, month and day, such as 2026-12-31", "%s: %s is no day of the calendar", k.Value, sourceText(v))
		return ""
	}
	return text
}

// acceptance checks what files accept, once all of them are read.
type acceptance struct{ *folder }

// check makes sure that what is accepted can be there at all, and parts fields from
// addresses: a key may have a dot, too.
func (d *acceptance) check() {
	for i := range d.tenant.Accept {
		a := &d.tenant.Accept[i]
		k, message, hint := d.c.AtKind(a.At)
		if message != "" {
			d.failAt(a.Place, hint, "%s: %s", reserved.At, message)
			continue
		}
		if d.declares(a.At) {
			continue
		}
		dot := strings.LastIndexByte(a.At, '.')
		if dot < strings.LastIndexByte(a.At, '/') || dot < 0 {
			continue
		}
		before, name := a.At[:dot], a.At[dot+1:]
		if f := k.Field(name); f != nil && !k.IsKey(f) {
			a.At, a.Field = before, name
			continue
		}
		_, key, _ := strings.Cut(a.At, "/")
		near := wording.DidYouMean(name, k.Entries())
		if d.declares(before) || near != "" || KeyHint(k, key[strings.LastIndexByte(key, '/')+1:]) != "" {
			if near == "" {
				near = "pbxsync explain " + k.Word + " lists them"
			}
			d.failAt(a.Place, near, "%s: no field %q of %s", reserved.At, name, wording.Article(k.Word)+" "+k.Word)
		}
	}
}

// declares reports whether a pattern matches a declared object.
func (d *acceptance) declares(pattern string) bool {
	return slices.ContainsFunc(d.tenant.Objects, func(o *schema.Object) bool { return schema.Matches(pattern, o) })
}
