package file

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/risk"
)

// silence reads one entry of silence:.
func (d *decoder) silence(v *yaml.Node) {
	s := schema.Silenced{Place: d.place(v)}
	d.pairs(v, "warning, at and why", func(k, v *yaml.Node) {
		text, _ := d.label(v, k.Value)
		switch k.Value {
		case reserved.Warning:
			if s.Warning = schema.Warning(text); !slices.Contains(schema.Warnings(), text) {
				d.unknown(v, "warning", "this version", schema.Warnings())
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
}
