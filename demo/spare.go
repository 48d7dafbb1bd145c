//go:build !js

package main

import (
	"net"
	"net/http"
	"sync"
)

// spare are the connections that clients have opened in advance, as browsers do, and not used yet. A server that shuts
// down waits five seconds for each of them, as if it were a request.
type spare struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
	over  bool // one that is accepted now is closed at once
}

// watch is a http.Server's ConnState.
func (s *spare) watch(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(s.conns, c)
	case s.over:
		c.Close()
	default:
		s.conns[c] = true
	}
}

func (s *spare) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	for c := range s.conns {
		c.Close()
	}
}
