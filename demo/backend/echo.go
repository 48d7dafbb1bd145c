package backend

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
)

const (
	maxEcho  = 8 << 20
	maxParts = 64
)

var errParts = fmt.Errorf("backend: more than %d parts", maxParts)

// digest is what arrived, counted and hashed, never kept.
type digest struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

type part struct {
	Name     string `json:"name"`
	Filename string `json:"filename,omitempty"`
	digest
}

type echoed struct {
	Method      string `json:"method"`
	ContentType string `json:"content_type"`
	digest
	Parts []part `json:"parts,omitempty"`
}

// echo tells what arrived, so that a replayed body can be compared with the first one. The body is read to its end
// before a 401 too: a server that answers and hangs up in the middle of an upload looks like a network error.
func (h *Handler) echo(w http.ResponseWriter, r *http.Request) {
	c, judged := h.judge(r, false)
	answer, err := digestBody(http.MaxBytesReader(w, r.Body, maxEcho), r.Header.Get("Content-Type"))
	answer.Method = r.Method
	if h.turnAway(w, c, judged) {
		return
	}
	switch {
	case errors.Is(err, errParts):
		writeProblem(w, http.StatusUnprocessableEntity, fmt.Sprintf("the form has more than %d parts", maxParts))
	case err != nil:
		refuseFields(w, unread(err, "the body is not what its Content-Type says, or did not arrive whole"))
	default:
		writeJSON(w, http.StatusOK, answer)
	}
}

func digestBody(body io.Reader, contentType string) (echoed, error) {
	answer := echoed{ContentType: contentType}
	sum := sha256.New()
	counted := &counter{}
	tee := io.TeeReader(body, io.MultiWriter(sum, counted))
	kind, params, err := mime.ParseMediaType(contentType)
	if err == nil && kind == "multipart/form-data" {
		answer.Parts, err = digestParts(multipart.NewReader(tee, params["boundary"]))
	} else {
		err = nil
	}
	_, rest := io.Copy(io.Discard, tee)
	answer.digest = digest{counted.n, hexSum(sum)}
	return answer, errors.Join(err, rest)
}

func digestParts(form *multipart.Reader) ([]part, error) {
	var parts []part
	for {
		p, err := form.NextPart()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		if len(parts) == maxParts {
			return nil, errParts
		}
		sum := sha256.New()
		n, err := io.Copy(sum, p)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{p.FormName(), p.FileName(), digest{n, hexSum(sum)}})
	}
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
