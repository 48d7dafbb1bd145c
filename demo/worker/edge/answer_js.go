package edge

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

var oneLine = strings.NewReplacer("\n", " ", "\r", " ")

// heldField tells demo/worker/src/serve.js for how many milliseconds to hold an answer back. It goes no further.
const heldField = "Edge-Held"

// Hold has the answer go out later. Who waits is the JavaScript, so the instance can serve others meanwhile.
func Hold(w http.ResponseWriter, _ *http.Request, d time.Duration) {
	w.Header().Set(heldField, strconv.FormatInt(d.Milliseconds(), 10))
}

// answer collects a response.
type answer struct {
	head     http.Header
	status   int
	fields   strings.Builder // the header as it was at WriteHeader
	body     []byte
	complete bool
}

func (a *answer) Header() http.Header { return a.head }

// WriteHeader takes the first status and the header as it is then, like net/http.
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	for name, values := range a.head {
		for _, value := range values {
			a.fields.WriteString(name)
			a.fields.WriteByte('\n')
			a.fields.WriteString(oneLine.Replace(value))
			a.fields.WriteByte('\n')
		}
	}
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 && a.head.Get("Content-Type") == "" {
		a.head.Set("Content-Type", http.DetectContentType(p))
	}
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, p...)
	return len(p), nil
}

// send puts the answer on the desk. What a handler had written before it panicked is left out: it is half of something.
func (a *answer) send() {
	if !a.complete {
		put(http.StatusInternalServerError, "Cache-Control\nno-store\n", nil, 0)
		return
	}
	a.WriteHeader(http.StatusOK)
	put(int32(a.status), a.fields.String(), unsafe.SliceData(a.body), int32(len(a.body)))
}
