// Package template is the grammar of the API's paths as kinds' files write them:
// segments that are words, and segments in braces that stand for an id, such as
// /extension/{extension_id}/event/{event_id}. It says which of them name what is
// above an object and which are the object's own, and is the one place that puts
// something for them.
package template
