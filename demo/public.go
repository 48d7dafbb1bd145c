//go:build !js

package main

import "embed"

// Workers serve these files themselves, beside the program, so only the native server carries them.
//
//go:embed all:public
var public embed.FS
