package published

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

// Published returns the JSON Schema (draft-07) of tenant files, for editors and other
// readers of JSON Schema. The same catalogue gives the same bytes.
func Schema(c *schema.Catalogue) []byte {
	var doc any
	if err := json.Unmarshal(strict(c), &doc); err != nil {
		panic(err) // it is our own
	}
	forOthers(doc)
	return encoded(doc)
}

// strict returns the schema as the program itself judges what it has read: with its
// own formats, and text that is text whatever it looks like.
func strict(c *schema.Catalogue) []byte {
	top := map[string]any{
		reserved.Version:   map[string]any{"const": 1, "description": "Version of the file format."},
		reserved.Tenant:    tenantSchema,
		reserved.Defaults:  defaultsSchema(c),
		reserved.Prune:     map[string]any{"type": "array", "items": map[string]any{"enum": wordsWith(c, schema.Delete)}, "description": "Kinds whose strays are deleted; apply needs --allow-deletes with their number."},
		reserved.Unmanaged: unmanagedSchema(c),
		reserved.Protected: protectedSchema, reserved.Silence: silenceSchema(), reserved.Accept: acceptSchema, reserved.Checks: checksSchema(),
		reserved.Review: reviewSchema(),
	}
	definitions := shared()
	for _, k := range c.Kinds {
		if !k.Managed() {
			continue
		}
		definitions[k.Word] = kindSchema(k)
		if len(k.Parents) == 0 {
			putSection(k, top)
		}
	}
	doc := map[string]any{
		"$schema": draft, "$id": URL,
		"title": "Tenant", "description": "A PBX tenant, or a part of one.",
		"type": "object", "required": []string{reserved.Version}, "additionalProperties": false,
		"properties": top, "definitions": definitions,
	}
	return encoded(doc)
}

// Strict returns the schema by which the program itself judges objects of one kind, in its
// definitions, with those below it. A command meets few kinds, and all of them together cost
// it as much as everything else.
func Strict(k *schema.Kind) []byte {
	definitions := shared()
	var add func(k *schema.Kind)
	add = func(k *schema.Kind) {
		definitions[k.Word] = kindSchema(k)
		for _, child := range k.Children {
			if child.Managed() {
				add(child)
			}
		}
	}
	add(k)
	return encoded(map[string]any{"$schema": draft, "$id": URL, "definitions": definitions})
}

const draft = "http://json-schema.org/draft-07/schema#"

// shared are the definitions that fields of several kinds refer to.
func shared() map[string]any {
	return map[string]any{"reference": referenceTo("dealer", "live", "id"), "own_reference": referenceTo("live", "id"), "secret": secretSchema}
}

func encoded(doc any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		panic(err) // the document is built of maps, lists and texts
	}
	return b.Bytes()
}

var tenantSchema = map[string]any{
	"type": []string{"string", "object"}, "description": "Which tenant this is; the prefix decides.",
	"additionalProperties": false,
	"properties": map[string]any{
		"name":   map[string]any{"type": "string", "description": "Name of the tenant."},
		"prefix": map[string]any{"type": []string{"string", "integer"}, "description": "Prefix of the tenant's extensions; quote it."},
	},
}

var referenceForm = map[string]map[string]any{
	"dealer": {"type": []string{"string", "integer"}, "minLength": 1, "description": "Shared by the dealer."},
	"live":   {"type": []string{"string", "integer"}, "minLength": 1, "description": "The tenant's own, not managed here."},
	"id":     idSchema("Anything else; holds in this tenant only."),
}

// referenceTo is the schema of references to objects that can be named in these forms.
func referenceTo(forms ...string) map[string]any {
	props, written := map[string]any{}, []string{}
	for _, form := range forms {
		props[form] = referenceForm[form]
		written = append(written, "{"+form+": "+map[bool]string{true: "N", false: "KEY"}[form == "id"]+"}")
	}
	s := map[string]any{
		"type": []string{"string", "integer", "object", "null"}, "description": "The key of an object in these files, " + wording.Enumerate(written, "or") + ".",
		"properties": props, "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
	}
	toOthers(s, map[string]any{"minLength": 1})
	return s
}

// idSchema is the schema of ids. Above, JSON does not hold them exactly.
func idSchema(description string) map[string]any {
	return map[string]any{"type": "integer", "minimum": 1, "maximum": 1<<53 - 1, "description": description}
}

var secretSchema = map[string]any{
	"type": "object", "additionalProperties": false,
	"description": "Where the secret is found; it is never written in the file.",
	"properties": map[string]any{
		"env":            map[string]any{"type": "string", "description": "Name of an environment variable."},
		"file":           map[string]any{"type": "string", "description": "A flat YAML file of secrets, mode 0600."},
		"key":            map[string]any{"type": "string", "description": "Key in that file."},
		reserved.Version: map[string]any{"type": "integer", "minimum": 1, "default": 1, "description": "A higher one has the secret sent again."},
	},
	wordOthers: map[string]any{
		"dependencies": map[string]any{"env": without("file", "key"), "file": []string{"key"}, "key": []string{"file"}},
		"anyOf":        []any{has(map[string]any{"env": anything}), has(map[string]any{"file": anything})},
	},
}

func wordsWith(c *schema.Catalogue, v schema.Verb) []string {
	words := []string{}
	for _, k := range c.Kinds {
		if k.Managed() && k.Has(v) {
			words = append(words, k.Word)
		}
	}
	return words
}

func reviewSchema() any {
	props := map[string]any{}
	for _, class := range risk.Classes() {
		props[string(class)] = map[string]any{"const": reserved.Approve, "description": fmt.Sprintf("A plan that %s (%s) needs --approve %s.", class, class.Meaning(), class)}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": props,
		"description": "Classes of risk for which a plan is refused until --approve names them."}
}

func unmanagedSchema(c *schema.Catalogue) any {
	props := map[string]any{}
	for _, word := range c.Words() {
		props[word] = map[string]any{"enum": []schema.Policy{schema.Show, schema.Differ, schema.Ignore}, "description": fmt.Sprintf("What strays of %s count as.", word)}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": props,
		"description": "What live objects that no file declares count as."}
}

func defaultsSchema(c *schema.Catalogue) any {
	props := map[string]any{}
	for _, k := range c.Kinds {
		if !k.Managed() {
			continue
		}
		fields := properties(k)
		for _, f := range k.KeyFields() {
			delete(fields, f.Name)
		}
		for _, f := range k.Fields {
			if f.Apart {
				delete(fields, f.Name)
			}
		}
		props[k.Word] = map[string]any{"type": "object", "additionalProperties": false, "properties": fields,
			"description": fmt.Sprintf("What every declared %s has unless it says otherwise.", k.Word)}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": props,
		"description": "Values for declared objects, by kind."}
}

// putSection hangs the kind's schema at its place in a tenant file.
func putSection(k *schema.Kind, top map[string]any) {
	at := top
	for _, group := range k.Section[:len(k.Section)-1] {
		if at[group] == nil {
			at[group] = map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{},
				"description": strings.ToUpper(group[:1]) + group[1:] + " by what they belong to."}
		}
		at = at[group].(map[string]any)["properties"].(map[string]any)
	}
	at[k.Section[len(k.Section)-1]] = sectionSchema(k)
}

func sectionSchema(k *schema.Kind) any {
	object := map[string]any{"$ref": "#/definitions/" + k.Word}
	switch {
	case k.Value != "" && k.Form == schema.FormSingle:
		return fieldSchemaAt(k.Field(k.Value), k)
	case k.Value != "":
		return keyedSchema(k, fieldSchema(k.Field(k.Value)))
	case k.Form == schema.FormList:
		return map[string]any{"type": "array", "description": k.Description, "items": object}
	case k.Form == schema.FormSingle:
		return object
	}
	return keyedSchema(k, object)
}

// schema returns the definition of one object. Only what identifies it is required.
func kindSchema(k *schema.Kind) map[string]any {
	props := properties(k)
	for _, c := range k.Children {
		if c.Managed() {
			props[c.Section[0]] = sectionSchema(c)
		}
	}
	if k.Deletable() {
		props[reserved.Absent] = map[string]any{"const": true, "description": absence(k)}
	}
	putRules(k, props)
	for _, p := range k.OnDelete {
		props[p.Name] = map[string]any{"type": p.Type, "description": "Beside absent: true only."}
	}
	if k.Form != schema.FormSingle && k.Value == "" {
		props["id"] = idSchema("The server's id, where names repeat.")
	}
	if k.Form == schema.FormMap && k.Value == "" {
		key := k.Key[0].Field.Name
		props[key] = map[string]any{"type": []string{"string", "integer"}, "description": "Its name, where the key is a handle."}
	}
	s := map[string]any{"title": k.Title, "description": k.Description, "type": "object",
		"additionalProperties": false, "properties": props}
	if k.Form == schema.FormList {
		s["required"] = names(k.KeyFields())
	}
	toOthers(s, objectRules(k, props))
	return s
}

func properties(k *schema.Kind) map[string]any {
	props, once := map[string]any{}, map[string]any{}
	for _, f := range k.Fields {
		switch {
		case !f.InCreate():
		case f.Once:
			once[f.Name] = fieldSchema(f)
		case k.Form == schema.FormMap && k.IsKey(f):
		default:
			props[f.Name] = fieldSchemaAt(f, k)
		}
	}
	if len(once) > 0 {
		props[reserved.OnCreate] = map[string]any{"type": "object", "additionalProperties": false, "properties": once,
			"description": "What acts once, when the object is created."}
	}
	return props
}

// schemaOf is the schema of a field as it stands at objects of the kind.
func fieldSchemaAt(f *schema.Field, k *schema.Kind) map[string]any {
	s := fieldSchema(f)
	if s["$ref"] != nil {
		return s
	}
	if neverNull(f, k) {
		toOthers(s, stated(f))
	}
	if f.Type == "string" && (f.Required || f.Apart) && s["enum"] == nil {
		toOthers(s, map[string]any{"minLength": 1})
	}
	return s
}

func fieldSchema(f *schema.Field) map[string]any {
	switch {
	case f.Secret():
		return map[string]any{"$ref": "#/definitions/secret"}
	case f.Ref != nil && f.OrText: // any text, which may be a key
	case f.Ref != nil && f.Ref.Owner.Dealer == "":
		return map[string]any{"$ref": "#/definitions/own_reference"}
	case f.Ref != nil:
		return map[string]any{"$ref": "#/definitions/reference"}
	}
	if f.Members != nil {
		return membersSchema(f)
	}
	s := map[string]any{"type": []string{f.Type, "null"}}
	if f.Description != "" {
		s["description"] = f.Description
	}
	if f.Default != nil {
		s["default"] = f.Default
	}
	if f.Format != "" {
		s["format"] = f.Format
	}
	bound(f, s)
	if f.Items != nil {
		items := fieldSchema(f.Items)
		toOthers(items, stated(f.Items))
		s["items"] = items
	}
	if len(f.Fields) > 0 {
		nestedSchema(f, s)
	}
	return s
}

func bound(f *schema.Field, s map[string]any) {
	if len(f.Enum) > 0 {
		values := []any{}
		for _, e := range f.Enum {
			values = append(values, e)
		}
		s["enum"] = append(values, nil)
	}
	if len(f.Words) > 0 && f.Type != "boolean" {
		values := []any{}
		for _, w := range f.Words {
			values = append(values, w.File)
		}
		s["type"], s["enum"] = []string{"string", "null"}, append(values, nil)
		return
	}
	if f.Minimum != nil {
		s["minimum"] = *f.Minimum
	}
	if f.Maximum != nil {
		s["maximum"] = *f.Maximum
	}
}

func nestedSchema(f *schema.Field, s map[string]any) {
	props, required := map[string]any{}, []string{}
	for _, sub := range f.Fields {
		if sub.ReadOnly {
			continue
		}
		member := fieldSchema(sub)
		if !sub.Nullable && member["$ref"] == nil {
			toOthers(member, stated(sub))
		}
		props[sub.Name] = member
		if sub.Required {
			required = append(required, sub.Name)
		}
	}
	if f.Pattern() != nil {
		props[reserved.Unchecked] = map[string]any{"const": true, "description": "The pattern stays as it is, although the server cannot use it."}
	}
	s["properties"], s["additionalProperties"] = props, false
	toOthers(s, pairRules(f, props))
	if len(required) > 0 {
		s["required"] = required
	}
}

// URL names the published schema.
const URL = "https://pbxsync.invalid/tenant.schema.json"

// membersSchema is the published schema of a bundle.
func membersSchema(f *schema.Field) map[string]any {
	member := map[string]any{"type": "object"}
	for _, sub := range f.Parts() {
		if len(sub.Fields) > 0 {
			nestedSchema(sub, member)
		}
	}
	return map[string]any{"type": []string{f.Type, "null"}, "description": f.Description, "additionalProperties": member}
}
