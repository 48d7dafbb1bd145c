package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// files are what a page loads, in the order in which sizes are printed. The
// module stands for the first two, and the trace is for pages that ask for it.
var files = []string{"fetch401.js", "fetch401.program.js", "fetch401.wasm", "fetch401.mjs", "fetch401.auto.mjs", "fetch401.trace.js"}

// pack writes the compressed copies and prints what the files weigh.
func pack(out string) error {
	for _, name := range files {
		path := filepath.Join(out, name)
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var br, gz bytes.Buffer
		b := brotli.NewWriterOptions(&br, brotli.WriterOptions{Quality: 11, LGWin: 22})
		if _, err := b.Write(raw); err != nil {
			return err
		}
		if err := b.Close(); err != nil {
			return err
		}
		g, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := g.Write(raw); err != nil {
			return err
		}
		if err := g.Close(); err != nil {
			return err
		}
		if err := os.WriteFile(path+".br", br.Bytes(), 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(path+".gz", gz.Bytes(), 0o644); err != nil {
			return err
		}
		fmt.Printf("%-19s %9d bytes %8d gzip %8d brotli\n", name, len(raw), gz.Len(), br.Len())
	}
	return nil
}
