package simulator

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"pbxsync/schema"
)

// This file is what the server does with kinds whose objects have the content of a
// file: a form makes one, a form on the item replaces the file, and both can be read back.

// upload is the file of a form.
type upload struct {
	name string
	data []byte
}

// download is an answer that is no JSON.
type download []byte

func (d download) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(d) // the client has gone; there is nobody to tell
}

// uploadVerbs lets a form on the collection make an object.
func uploadVerbs(k *schema.Kind, vs map[string]verb) {
	if k.Content != nil {
		vs[http.MethodPost] = verb{act: (*Server).upload, form: true}
	}
}

// replaceVerbs lets a form on the item replace the file.
func replaceVerbs(k *schema.Kind, vs map[string]verb) {
	if k.Content != nil && k.Has(schema.Update) {
		vs[http.MethodPost] = verb{act: (*Server).replace, form: true}
	}
}

// addDownload lays out the path of an object's bytes.
func (s *router) addDownload(top *node, r *schema.Route) {
	if r.Download == nil {
		return
	}
	top.add(r.Download.String(), &endpoint{template: r.Download.String(), kind: r.Kind, route: r, levels: above(r, r.Download), item: true,
		verbs: map[string]verb{http.MethodGet: {act: (*Server).download}}})
}

// parseForm takes the one form that the pages document: each field once, and a file.
func parseForm(r *http.Request, k *schema.Kind) (map[string]any, *upload, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, nil, refuse(http.StatusBadRequest, "Content-Type has to be multipart/form-data")
	}
	form := multipart.NewReader(io.LimitReader(r.Body, k.Content.Most+maxBody), params["boundary"])
	body, field := map[string]any{}, k.Content.Field.API
	var file *upload
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, refuse(http.StatusBadRequest, "the form cannot be read: %v", err)
		}
		name := part.FormName()
		if _, twice := body[name]; twice || file != nil && name == field {
			return nil, nil, bad(name, "is there twice")
		}
		data, err := io.ReadAll(io.LimitReader(part, k.Content.Most+1))
		switch {
		case err != nil:
			return nil, nil, refuse(http.StatusBadRequest, "the form cannot be read: %v", err)
		case name != field:
			body[name] = string(data)
		case part.FileName() == "":
			return nil, nil, bad(name, "has to be a file")
		default:
			file = &upload{part.FileName(), data}
		}
	}
	if file == nil {
		return nil, nil, bad(field, "is required")
	}
	if err := k.Content.Check(file.data); err != nil {
		return nil, nil, bad(field, "the file %v", err)
	}
	return body, file, nil
}

func (s *answerer) upload(c *call) (any, error) {
	r, err := s.newRow(c, c.body)
	if err != nil {
		return nil, err
	}
	r.take(c.file)
	c.tenant.add(r)
	return c.tenant.answer(r), nil
}

// replace gives an object another file, and its fields other values where they are sent.
func (s *answerer) replace(c *call) (any, error) {
	if _, err := s.update(c); err != nil {
		return nil, err
	}
	c.row.take(c.file)
	return c.tenant.answer(c.row), nil
}

func (r *row) take(f *upload) {
	r.file = f.data
	r.values[r.shape.Content.Field.API] = f.name
}

// download gives the bytes. What was seeded without any is a moment of silence.
func (s *answerer) download(c *call) (any, error) {
	if c.row.file == nil {
		return download(WAV(make([]byte, 16))), nil
	}
	return download(c.row.file), nil
}

// WAV puts 8 bit samples, 8000 in a second, into a WAV file.
func WAV(samples []byte) []byte {
	const formatBytes = 16
	var b bytes.Buffer
	le := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) } // to memory
	b.WriteString("RIFF")
	le(uint32(20 + formatBytes + len(samples)))
	b.WriteString("WAVEfmt ")
	le(uint32(formatBytes))
	le([]uint16{1, 1})       // PCM, one channel
	le([]uint32{8000, 8000}) // samples and bytes in a second
	le([]uint16{1, 8})       // bytes and bits of a sample
	b.WriteString("data")
	le(uint32(len(samples)))
	b.Write(samples)
	return b.Bytes()
}
