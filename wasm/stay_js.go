//go:build !tinygo

package main

// main keeps the program alive for its exports. TinyGo, in c-shared mode,
// never runs it, so that all set-up is in package initialisation.
func main() { select {} }
