//go:build !js

// Command demo serves the fetch401 demo: the page, the built library at /fetch401/, and the backend whose sessions end
// in every way that answers 401. Natively it is a small server on loopback with SQLite inside; compiled for js/wasm the
// same handler is a Cloudflare Worker with D1.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
