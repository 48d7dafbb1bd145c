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
	"strings"
	"testing"
	"time"
)

func TestShutdownLetsRequestsFinish(t *testing.T) {
	url, stop, ended := launch(t, io.Discard, environment(), "-dist", t.TempDir())
	resp, err := http.Post(url+"/auth/login", "application/x-www-form-urlencoded", strings.NewReader("user=demo&password=demo"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	ask := func(path string) (int, string) {
		r, _ := http.NewRequest("GET", url+path, nil)
		for _, c := range resp.Cookies() {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer got.Body.Close()
		body, _ := io.ReadAll(got.Body)
		return got.StatusCode, string(body)
	}
	status := make(chan int, 1)
	go func() {
		code, _ := ask("/api/slow?ms=500")
		status <- code
	}()
	for counts := ""; !strings.Contains(counts, `"calls":1`) && !t.Failed(); {
		_, counts = ask("/demo/counts")
	}
	stop()
	if got := <-status; got != 200 {
		t.Errorf("the request in flight got %d", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if resp, err := http.Get(url + "/api/public"); err == nil {
		resp.Body.Close()
		t.Error("still listening")
	}
}

// Browsers open connections in advance. One that has not been used yet is no request that shutting down cuts off.
func TestShutdownWaitsForNoUnusedConnection(t *testing.T) {
	url, stop, ended := launch(t, io.Discard, environment(), "-dist", t.TempDir())
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// Connections are accepted in their order, so the server knows that one by now.
	resp, err := http.Get(url + "/api/public")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A connection may be accepted in the very moment.
func TestNoUnusedConnectionAfterTheEnd(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	s := &spare{conns: map[net.Conn]bool{}}
	s.close()
	s.watch(ours, http.StateNew)
	if ours.SetDeadline(time.Time{}) == nil {
		t.Error("it is still open")
	}
}

// A body that never ends is waited for no longer than the server has been told, whether somebody reads it or not.
func TestUnfinishedBodies(t *testing.T) {
	o, err := parse([]string{"-port", "0", "-dist", t.TempDir()}, environment(), io.Discard)
	if err != nil || o.arrival != 30*time.Second {
		t.Fatalf("until %v, %v", o.arrival, err)
	}
	o.arrival = 200 * time.Millisecond
	address, _, _ := begin(t, func(ctx context.Context, stdout io.Writer) error { return serve(ctx, o, stdout, io.Discard) })
	resp, err := http.PostForm(address+"/auth/login", url.Values{"user": {"demo"}, "password": {"demo"}, "mode": {"bearer"}})
	if err != nil {
		t.Fatal(err)
	}
	var tokens struct {
		Access string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&tokens); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for path, status := range map[string]int{
		"/auth/login": 408, "/oauth/token": 408, "/api/echo": 408, "/demo/down": 408, "/auth/logout": 204, "/nothing": 405,
	} {
		authorization := "Authorization: Bearer " + tokens.Access + "\r\n"
		if path == "/oauth/token" || path == "/auth/logout" {
			authorization = ""
		}
		c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n%s"+
			"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nuser=demo", path, authorization)
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != status {
			t.Errorf("%s: %d, %v", path, resp.StatusCode, err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Errorf("%s: the connection stays open: %v", path, err)
		}
	}
}
