//go:build !js

package backend_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"testing"
)

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func (b *browser) echo(t *testing.T, kind string, body []byte) answer {
	t.Helper()
	return b.do(t, ask{method: "POST", path: "/api/echo", header: http.Header{"Content-Type": {kind}}, body: bytes.NewReader(body)})
}

func TestEcho(t *testing.T) {
	b := start(t).signIn(t, "session")
	for _, body := range [][]byte{nil, []byte("x"), bytes.Repeat([]byte("fetch401"), 1<<17), make([]byte, 8<<20)} {
		got := b.echo(t, "application/octet-stream", body)
		mustStatus(t, got, 200)
		if got.json["bytes"] != float64(len(body)) || got.json["sha256"] != sum(body) || got.json["method"] != "POST" ||
			got.json["content_type"] != "application/octet-stream" || got.json["parts"] != nil {
			t.Errorf("echo of %d bytes: %s", len(body), got.text)
		}
	}
	mustStatus(t, b.echo(t, "application/octet-stream", make([]byte, 8<<20+1)), 413)
	if n := b.count(t, "unauthorized"); n != 0 {
		t.Errorf("%d unauthorized counted", n)
	}
}

func TestEchoForm(t *testing.T) {
	b := start(t).signIn(t, "bearer")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	_ = m.WriteField("note", "hello")
	file, _ := m.CreateFormFile("upload", `a "file".txt`)
	content := bytes.Repeat([]byte("0123456789"), 1000)
	_, _ = file.Write(content)
	_ = m.Close()
	got := b.echo(t, m.FormDataContentType(), body.Bytes())
	mustStatus(t, got, 200)
	if got.json["bytes"] != float64(body.Len()) || got.json["sha256"] != sum(body.Bytes()) {
		t.Errorf("the whole: %s", got.text)
	}
	want := fmt.Sprint([]any{
		map[string]any{"name": "note", "bytes": 5.0, "sha256": sum([]byte("hello"))},
		map[string]any{"name": "upload", "filename": `a "file".txt`, "bytes": 10000.0, "sha256": sum(content)},
	})
	if fmt.Sprint(got.json["parts"]) != want {
		t.Errorf("parts %v, want %v", got.json["parts"], want)
	}
}

func TestEchoBadForms(t *testing.T) {
	b := start(t).signIn(t, "session")
	mustStatus(t, b.echo(t, "multipart/form-data", []byte("x")), 400)
	mustStatus(t, b.echo(t, "multipart/form-data; boundary=x", []byte("--x\r\nbroken")), 400)
	mustStatus(t, b.echo(t, "multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data\r\n\r\ncut")), 400)
	for parts, status := range map[int]int{64: 200, 65: 422} {
		var many bytes.Buffer
		m := multipart.NewWriter(&many)
		for range parts {
			_ = m.WriteField("a", "b")
		}
		_ = m.Close()
		mustStatus(t, b.echo(t, m.FormDataContentType(), many.Bytes()), status)
	}
}

// An upload is read to its end whatever comes of it. Where it is not, the server gives the connection up: its client sees
// a broken one instead of the answer, unless it happens to read that first.
func TestEchoReadsTheUploadToItsEnd(t *testing.T) {
	b := start(t).signIn(t, "session")
	whole := func(got answer) answer {
		t.Helper()
		if got.Close {
			t.Errorf("status %d before the body had been read", got.StatusCode)
		}
		return got
	}
	upload := make([]byte, 8<<20)
	mustStatus(t, whole(b.echo(t, "multipart/form-data", upload)), 400)
	mustStatus(t, b.post(t, "/demo/expire"), 204)
	mustChallenge(t, whole(b.echo(t, "application/octet-stream", upload)), invalid("the access token expired"))
	mustStatus(t, b.renew(t), 200)
	mustStatus(t, whole(b.echo(t, "application/octet-stream", upload)), 200)
}
