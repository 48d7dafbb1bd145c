# fetch401. `make` lists the targets; CI runs `make test` and nothing else.

.DEFAULT_GOAL := help
.PHONY: help build demo test install lint test-go test-js e2e postman demo-worker test-worker package test-docs test-package test-next bench-worker size bench fuzz mutants tinygo clean

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
JSGO        := GOOS=js GOARCH=wasm
EXEC        := -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec"
FUZZTIME    ?= 60s

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 17

build: ## build js/dist: with TinyGo where it is at hand, otherwise with standard Go
	go run ./js/build

demo: build ## serve the demo at http://localhost:8401; PORT=8402 changes the port
	go run ./demo -dist js/dist

test: install lint test-go test-js e2e test-docs test-package postman test-worker size ## everything that CI checks, with what it needs installed first

install: ## install what the tests need: browsers, TinyGo, npm packages (on Debian as root)
	.ci/install

lint: ## gofmt, go vet, staticcheck and the type check of the JavaScript
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -d $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	$(JSGO) go vet ./...
	GOBIN=$(CURDIR)/.build/bin go install $(STATICCHECK)
	.build/bin/staticcheck ./...
	$(JSGO) .build/bin/staticcheck $$(go list ./... | grep -v '/wasm$$')
	$(JSGO) .build/bin/staticcheck -checks=inherit,-U1000 ./wasm # its exports are called from JavaScript
	npm --prefix js run --silent check
	js/node_modules/.bin/tsc -p js/docs/samples
	js/node_modules/.bin/tsc -p demo/monitoring
	js/node_modules/.bin/tsc -p demo/worker

test-go: ## Go tests, natively with the race detector and under GOOS=js
	go test ./js/build ./js/mutants ./wasm/...
	go test -race ./demo/...
	$(JSGO) go test $(EXEC) ./wasm/...

test-js: ## the gate against a fake door, and the example of monitoring, with node --test
	npm --prefix js test
	npm --prefix demo/monitoring test

e2e: ## the built files in Chromium, of both compilers where TinyGo is at hand, in Firefox and in WebKit; ENGINES=firefox: there alone
	.ci/e2e

test-docs: build ## what there is to read: links and code; the backends of js/docs/samples, over HTTP and in Chromium (1 minute)
	node --test js/docs/*.test.js
	npm --prefix js/docs/samples test

package: ## the npm package, and a folder for a site or a CDN, in .build/package; prints the tag to paste
	.ci/package

test-package: ## the package in projects of a stranger: Node, TypeScript, esbuild, Rollup, Vite, webpack, Parcel
	.ci/test-package

test-next: ## the same in Next 16, built by Turbopack and by webpack (a minute, and 340 MB to install; not in `make test`)
	.ci/test-package next

postman: ## the Postman collection against the backend, with newman
	demo/postman/run

demo-worker: build ## serve the demo by workerd with D1, without an account; PORT changes the port
	demo/worker/run

test-worker: build ## the backend's suite on workerd with D1, and the Worker's pool of Go programs
	demo/worker/test

bench-worker: build ## natively and on workerd side by side, on a quiet machine
	demo/worker/measure

size: ## what a page loads, held against js/bench/budget.json
	.ci/size

bench: ## the benchmark of js/bench, on a quiet machine
	.ci/bench

fuzz: ## each fuzz target for FUZZTIME (60s)
	.ci/fuzz $(FUZZTIME)

mutants: ## small changes of the sources that no test notices; ONLY=wasm/session tries one folder or file
	.ci/mutants $(ONLY)

tinygo: ## install TinyGo where no release of it is on PATH (Debian, 2 minutes)
	wasm/tinygo/install.sh

clean: ## remove what was built
	rm -rf js/dist .build
