//go:build !js

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// launch runs a server on a free port, and gives its address, what stops it, and how it ended.
func launch(t *testing.T, stderr io.Writer, env func(string) string, args ...string) (url string, stop func(), ended <-chan error) {
	t.Helper()
	return begin(t, func(ctx context.Context, stdout io.Writer) error {
		return run(ctx, append([]string{"-port", "0"}, args...), env, stdout, stderr)
	})
}

// begin is launch for one that is run in some way.
func begin(t *testing.T, run func(context.Context, io.Writer) error) (url string, stop func(), ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, in)
		in.Close()
	}()
	t.Cleanup(cancel)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v, %v", err, <-done)
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "fetch401 demo: ")
	if !ok || !strings.HasPrefix(url, "http://localhost:") {
		t.Fatalf("first line %q", line)
	}
	return strings.Replace(url, "localhost", "127.0.0.1", 1), cancel, done
}

func TestServerServesPageLibraryAndBackend(t *testing.T) {
	var log strings.Builder
	url, stop, ended := launch(t, &log, environment("FETCH401_DEMO_ORIGINS", "http://a.example, http://b.example"),
		"-dist", t.TempDir(), "-db", filepath.Join(t.TempDir(), "demo.sqlite"))
	for path, status := range map[string]int{"/api/public": 200, "/api/hello": 401, "/fetch401/fetch401.js": 404, "/nothing": 404} {
		r, _ := http.NewRequest("GET", url+path, nil)
		r.Header.Set("Origin", "http://b.example")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
		if api := strings.HasPrefix(path, "/api/"); api != (resp.Header.Get("Access-Control-Allow-Origin") == "http://b.example") {
			t.Errorf("%s: CORS %v", path, resp.Header)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if log.Len() > 0 {
		t.Errorf("log: %s", &log)
	}
}

func TestGraceFlag(t *testing.T) {
	for grace, again := range map[string]int{"10s": 200, "0": 400} {
		address, _, _ := launch(t, io.Discard, environment(), "-dist", t.TempDir(), "-grace", grace)
		post := func(path string, fields url.Values) (status int, answer map[string]any) {
			t.Helper()
			resp, err := http.PostForm(address+path, fields)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
				t.Fatal(err)
			}
			return resp.StatusCode, answer
		}
		_, tokens := post("/auth/login", url.Values{"user": {"demo"}, "password": {"demo"}, "mode": {"bearer"}})
		refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {"demo"}, "refresh_token": {fmt.Sprint(tokens["refresh_token"])}}
		for use, want := range []int{200, again} {
			if status, _ := post("/oauth/token", refresh); status != want {
				t.Errorf("-grace %s: use %d of one token: %d", grace, use, status)
			}
		}
	}
}

func TestPortInUseSaysWhatToDo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	err = run(t.Context(), nil, environment("PORT", port), io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "port "+port+" is in use") || !strings.Contains(err.Error(), "make demo PORT=") {
		t.Errorf("error %v", err)
	}
	if otherPort("8401") != "8402" || otherPort("65535") != "8402" {
		t.Error("no other port")
	}
}

func TestListensOnLoopbackOnly(t *testing.T) {
	o, err := parse(nil, environment(), io.Discard)
	if err != nil || o.port != "8401" || o.host != "" || len(o.secret) != 32 || len(o.origins) != 0 {
		t.Fatalf("options %+v, %v", o, err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	listeners, err := listen("", port)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range listeners {
		defer l.Close()
		if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("listens on %v", l.Addr())
		}
	}
}

func TestBadOptions(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for name, c := range map[string]struct {
		env  func(string) string
		args []string
		want string
	}{
		"port":     {environment("PORT", "many"), nil, `port "many" is not a number`},
		"large":    {environment("PORT", "65536"), nil, "0 to 65535"},
		"argument": {environment(), []string{"serve"}, "unknown argument"},
		"flag":     {environment(), []string{"-x"}, "-x"},
		"secret":   {environment("FETCH401_DEMO_SECRET", "short"), []string{"-port", "0"}, "at least 16"},
		"origin":   {environment(), []string{"-port", "0", "-allow-origins", "http://a.example/"}, "allowed origin"},
		"grace":    {environment(), []string{"-port", "0", "-grace", "-1s"}, "grace window of -1s"},
		"database": {environment(), []string{"-port", "0", "-db", "/no/such/folder/x"}, "create the tables"},
		"host":     {environment(), []string{"-port", "0", "-host", "no such host"}, "listen"},
	} {
		err := run(ctx, c.args, c.env, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "short") {
			t.Errorf("%s: the error tells the secret", name)
		}
	}
	if err := run(ctx, []string{"-h"}, environment(), io.Discard, io.Discard); err != nil {
		t.Errorf("help: %v", err)
	}
}
