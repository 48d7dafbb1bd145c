//go:build !js

package main

import _ "modernc.org/sqlite" // registers the driver "sqlite"
