package backend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// maxFields is the most that a request with fields may carry, in bytes.
const maxFields = 64 << 10

// fieldError is bad input, told so that the caller can mend it. It never repeats a value.
type fieldError struct {
	status int
	detail string
}

func (e *fieldError) Error() string { return e.detail }

func badField(name, mend string) error {
	return &fieldError{http.StatusUnprocessableEntity, "field " + name + ": " + mend}
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// readFields reads a form or a JSON object of plain values from the body, whichever of them the endpoint takes. The
// query is left out on purpose: what is secret does not belong into a URL.
func readFields(w http.ResponseWriter, r *http.Request, takes ...string) (map[string]string, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(takes, kind) {
		return nil, &fieldError{http.StatusUnsupportedMediaType,
			"the body must be " + strings.Join(takes, " or ") + ", and Content-Type must say so"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFields))
	if err != nil {
		return nil, unread(err, "the body did not arrive whole")
	}
	if kind == jsonType {
		return jsonFields(body)
	}
	return formFields(body)
}

// unread says why a body could not be read; otherwise is for what nobody else knows better.
func unread(err error, otherwise string) error {
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &tooLarge):
		return &fieldError{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit)}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &fieldError{http.StatusRequestTimeout, "the body did not arrive in time"}
	}
	return &fieldError{http.StatusBadRequest, otherwise}
}

func jsonFields(body []byte) (map[string]string, error) {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&object); err != nil || object == nil {
		return nil, &fieldError{http.StatusBadRequest, "the body is not a JSON object"}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &fieldError{http.StatusBadRequest, "the body goes on after its JSON object"}
	}
	fields := make(map[string]string, len(object))
	for name, value := range object {
		switch v := value.(type) {
		case string:
			fields[name] = v
		case json.Number:
			fields[name] = v.String()
		case nil:
		default:
			return nil, badField(sayable(name), "must be a string or a number")
		}
	}
	return fields, nil
}

func formFields(body []byte) (map[string]string, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &fieldError{http.StatusBadRequest, "the body is not form-urlencoded"}
	}
	fields := make(map[string]string, len(form))
	for name, values := range form {
		if len(values) > 1 {
			return nil, badField(sayable(name), "must be given once")
		}
		fields[name] = values[0]
	}
	return fields, nil
}

// sayable gives a field's name for an answer, unless it might be a misplaced secret.
func sayable(name string) string {
	if len(name) > 20 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "(unknown)"
	}
	return name
}

// whole reads an integer field within bounds; an absent one is standard.
func whole(fields map[string]string, name string, standard, least, most int64) (int64, error) {
	text := fields[name]
	if text == "" {
		return standard, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, badField(name, fmt.Sprintf("must be a whole number from %d to %d", least, most))
	}
	return n, nil
}

// refuseFields answers what readFields and whole found wrong.
func refuseFields(w http.ResponseWriter, err error) {
	var bad *fieldError
	if !errors.As(err, &bad) {
		panic(err)
	}
	writeProblem(w, bad.status, bad.detail)
}
