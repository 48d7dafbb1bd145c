package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// writeTag writes tag.html: what to paste into a page, with the digests of this
// build (W3C Subresource Integrity). The folder in it has the version in its
// name, so that a page and the files that it names change together, and the
// files may be cached for good. The preload lines are a page's own choice: with
// them the browser need not read the script to learn what comes next. They
// stand before the script, which asks for the same files as soon as it is there,
// and leave the line to it.
func writeTag(out string) error {
	text, err := version()
	if err != nil {
		return err
	}
	var version string
	if err := json.Unmarshal([]byte(text), &version); err != nil {
		return err
	}
	digests := map[string]string{}
	for _, name := range []string{"fetch401.js", "fetch401.program.js"} {
		if digests[name], err = digest(filepath.Join(out, name)); err != nil {
			return err
		}
	}
	folder := "/fetch401-" + version + "/"
	tag := fmt.Sprintf(`<link rel="preload" as="script" href="%[1]sfetch401.program.js" integrity="%[2]s" crossorigin fetchpriority="low">
<link rel="preload" as="fetch" href="%[1]sfetch401.wasm" crossorigin fetchpriority="low">
<script src="%[1]sfetch401.js" integrity="%[3]s" crossorigin
        data-refresh-url="/auth/refresh" data-login-url="/login"></script>
`, folder, digests["fetch401.program.js"], digests["fetch401.js"])
	return os.WriteFile(filepath.Join(out, "tag.html"), []byte(tag), 0o644)
}

// digest is what a page expects of a file (W3C Subresource Integrity §3.2).
func digest(path string) (string, error) {
	content, err := os.ReadFile(path)
	sum := sha256.Sum256(content)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:]), err
}
