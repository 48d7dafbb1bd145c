//go:build !js

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/fetch401/fetch401/demo/backend"
)

const (
	standardPort = "8401"
	drainTime    = 3 * time.Second
	// arrivalTime is until when a request must be there with its body, on Workers too (worker/src/body.js). It is far
	// longer than any answer takes: Go counts a client that is still silent then as gone.
	arrivalTime = 30 * time.Second
)

// options are what flags and the environment say.
type options struct {
	host, port, dist, database, public string
	grace, arrival                     time.Duration
	secret                             []byte
	origins                            []string
}

func parse(args []string, env func(string) string, usage io.Writer) (options, error) {
	o := options{arrival: arrivalTime}
	var origins string
	port := env("PORT")
	if port == "" {
		port = standardPort
	}
	f := flag.NewFlagSet("demo", flag.ContinueOnError)
	f.SetOutput(usage)
	f.StringVar(&o.host, "host", "", "address to listen on; empty means loopback only")
	f.StringVar(&o.port, "port", port, "port to listen on; the environment's PORT is the default")
	f.StringVar(&o.dist, "dist", "js/dist", "folder of the built library, served at /fetch401/")
	f.StringVar(&o.database, "db", "", "SQLite file; empty keeps everything in memory")
	f.DurationVar(&o.grace, "grace", backend.GraceWindow,
		"how long a used refresh token is still answered, with the same successor; 0: never, a second use ends the session")
	f.StringVar(&o.public, "public", "", "serve the page from this folder instead of the built-in copy")
	f.StringVar(&origins, "allow-origins", env("FETCH401_DEMO_ORIGINS"), "comma-separated origins that may call from elsewhere")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("demo: unknown argument %q: see demo -h", f.Arg(0))
	}
	if n, err := strconv.ParseUint(o.port, 10, 16); err != nil {
		return o, fmt.Errorf("demo: port %q is not a number from 0 to 65535: try PORT=%s", o.port, standardPort)
	} else if n == 0 && o.host == "" {
		o.host = "127.0.0.1"
	}
	for _, origin := range strings.Split(origins, ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			o.origins = append(o.origins, origin)
		}
	}
	o.secret = []byte(env("FETCH401_DEMO_SECRET"))
	if len(o.secret) == 0 {
		o.secret = make([]byte, 32)
		rand.Read(o.secret)
	}
	return o, nil
}

// run serves what flags and the environment say.
func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) error {
	o, err := parse(args, env, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	return serve(ctx, o, stdout, stderr)
}

// serve serves until ctx ends, and then lets the requests in flight finish.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) error {
	listeners, err := listen(o.host, o.port)
	if err != nil {
		return err
	}
	defer func() {
		for _, l := range listeners {
			l.Close()
		}
	}()
	db, err := backend.OpenSQLite(o.database)
	if err != nil {
		return err
	}
	defer db.Close()
	keys, err := backend.DeriveKeys(o.secret)
	if err != nil {
		return fmt.Errorf("demo: FETCH401_DEMO_SECRET: %w", err)
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	pages, err := site(o.public, o.dist)
	if err != nil {
		return err
	}
	handler, err := backend.New(backend.Config{
		DB: db, Keys: keys, Grace: o.grace, AllowOrigins: o.origins, Pages: pages, Log: log,
	})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	unused := &spare{conns: map[net.Conn]bool{}}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       o.arrival,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         unused.watch,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(unused.close)
	fmt.Fprintf(stdout, "fetch401 demo: http://localhost:%d\n", listeners[0].Addr().(*net.TCPAddr).Port)
	ended := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { ended <- server.Serve(l) }()
	}
	select {
	case err := <-ended:
		return fmt.Errorf("demo: serve: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return errors.Join(fmt.Errorf("demo: some requests were cut off: %w", err), server.Close())
	}
	return nil
}

// listen takes the port on both loopbacks, because a browser may try either for "localhost". A machine without IPv6 does
// with one.
func listen(host, port string) ([]net.Listener, error) {
	hosts := []string{host}
	if host == "" {
		hosts = []string{"127.0.0.1", "::1"}
	}
	var listeners []net.Listener
	for i, h := range hosts {
		l, err := net.Listen("tcp", net.JoinHostPort(h, port))
		if err == nil {
			listeners = append(listeners, l)
			continue
		}
		inUse := errors.Is(err, syscall.EADDRINUSE)
		if i > 0 && !inUse {
			continue
		}
		for _, l := range listeners {
			l.Close()
		}
		if inUse {
			return nil, fmt.Errorf("demo: port %s is in use: stop what listens there, or choose another with make demo PORT=%s",
				port, otherPort(port))
		}
		return nil, fmt.Errorf("demo: listen: %w", err)
	}
	return listeners, nil
}

func otherPort(port string) string {
	n, err := strconv.Atoi(port)
	if err != nil || n >= 65535 {
		return "8402"
	}
	return strconv.Itoa(n + 1)
}

// site serves the page and the library. Neither folder needs to exist yet: the library may be built later.
func site(publicDir, dist string) (http.Handler, error) {
	var page fs.FS
	if publicDir != "" {
		page = os.DirFS(publicDir)
	} else {
		sub, err := fs.Sub(public, "public")
		if err != nil {
			return nil, err
		}
		page = sub
	}
	mux := http.NewServeMux()
	mux.Handle("/fetch401/", http.StripPrefix("/fetch401", files{
		root: os.DirFS(dist), missing: "no such file here: is the library built (make build)?",
	}))
	mux.Handle("/", files{root: page, missing: "no such page"})
	return mux, nil
}
