#!/bin/sh
# Installs TinyGo 0.39.0 on a Debian machine that has no TinyGo release on its PATH.
#
#     wasm/tinygo/install.sh [DIR]
#
# DIR is ${XDG_CACHE_HOME:-$HOME/.cache}/fetch401/tinygo-0.39.0 unless given. Afterwards
#
#     DIR/bin/tinygo build -target wasm -buildmode c-shared -scheduler none -o x.wasm ./wasm
#
# is the same command as with a release, and $(DIR/bin/tinygo env TINYGOROOT)/targets/wasm_exec.js is where a release
# has it too. A second run repairs what is missing and ends within seconds. To begin anew: rm -rf DIR.
#
# Needs Go 1.21 or later, Node with npm, apt, and root while Debian packages are missing.
#
# Why so, and not by TinyGo's own Makefile: that builds LLVM, which takes hours, and needs git submodules. Debian has
# LLVM 19, a wasi-libc and LLVM's wasm32 builtins ready-made, npm has wasm-opt, and the Go module proxy has TinyGo's
# sources with a checksum. Those lack the submodules, so the wasm target links Debian's libc instead of TinyGo's own.
set -eu

version=0.39.0
sum=h1:neR3OwQxjQo9FTIz28T6AWnir1Yde5H4ZFPkx6haznE=
# Go 1.25 is the last that TinyGo 0.39 accepts, and it refuses any that is newer than the one that built it.
toolchain=go1.25.1
binaryen=132.0.0
binaryen_integrity=sha512-4Usg7yEvwO3FMso3Oov6qkOOHSod1IEv+boKkh77kTljM+eNBouqCTbqWswGzbG+vDNO/b/v2C4gfEh1WgB9Lg==
packages="g++ llvm-19-dev libclang-19-dev clang-19 lld-19 libclang-rt-19-dev-wasm32 wasi-libc zlib1g-dev libzstd-dev"

by_hand="or install the release v$version by hand, from the GitHub releases page of tinygo-org/tinygo"

dir=${1:-${XDG_CACHE_HOME:-${HOME:?is not set: name a directory, install.sh DIR}/.cache}/fetch401/tinygo-$version}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
root=$dir/root
wasm_opt=$dir/npm/node_modules/.bin/wasm-opt
log=$dir/install.log

say() { echo "tinygo: $*"; }

fail() {
	echo "tinygo: $1" >&2
	shift
	for line; do echo "tinygo:   $line" >&2; done
	exit 1
}

# logged NAME COMMAND...: the output goes to the log, and its end is shown only when the command fails.
logged() {
	name=$1
	shift
	echo "== $name: $*" >>"$log"
	"$@" >>"$log" 2>&1 && return
	tail -n 15 "$log" >&2
	fail "$name failed, all its output is in $log" "mend what it names and run this again," "$by_hand"
}

# This machine's Go settings are for native builds, and one of them may forbid other toolchains.
plain_go() { env -u GOROOT -u GOFLAGS -u GOOS -u GOARCH GOWORK=off GOTOOLCHAIN=$toolchain go "$@"; }

need_tools() {
	for tool in go node npm; do
		command -v $tool >/dev/null || fail "$tool is not on PATH" "install it and run this again," "$by_hand"
	done
	# A module of its own: one further up may ask for a newer Go, and must not have its go.sum touched.
	printf 'module cache\n\ngo 1.21\n' >"$dir/go.mod"
	(cd "$dir" && logged "go toolchain $toolchain" plain_go version)
}

missing_packages() {
	for package in $packages; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf ' %s' "$package"
	done
}

install_packages() {
	command -v apt-get >/dev/null ||
		fail "this is no Debian system (no apt-get), and the recipe needs Debian's build of LLVM 19" \
			"on Debian 12 it is these packages: $packages" "$by_hand"
	missing=$(missing_packages)
	[ -n "$missing" ] || return 0
	[ "$(id -u)" = 0 ] ||
		fail "Debian packages are missing, and only root can install them" \
			"as root: apt-get install --no-install-recommends$missing" "then run this again," "$by_hand"
	say "installing Debian packages:$missing"
	export DEBIAN_FRONTEND=noninteractive
	logged "apt-get update" apt-get -o DPkg::Lock::Timeout=300 update
	# shellcheck disable=SC2086 # a list of names
	logged "apt-get install" apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing
}

# field NAME FILE: the value of a top-level field in the go command's JSON.
field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$2"; }

fetch_sources() {
	[ ! -f "$root/.complete" ] || return 0
	say "fetching the sources of TinyGo $version"
	(
		cd "$dir"
		plain_go mod download -json "github.com/tinygo-org/tinygo@v$version" >sources.json 2>>"$log" || {
			cat sources.json "$log" >&2
			fail "go mod download did not give TinyGo's sources" "mend what it names and run this again," "$by_hand"
		}
	)
	got=$(field Sum "$dir/sources.json")
	[ "$got" = "$sum" ] ||
		fail "TinyGo's sources have the checksum ${got:-of nothing}, not $sum" \
			"they are not the ones this project was built with: run go clean -modcache and try again"
	rm -rf "$root" "$root.new"
	cp -R "$(field Dir "$dir/sources.json")" "$root.new"
	chmod -R u+w "$root.new"
	# A submodule that the module lacks. TinyGo lists the folder when it lays its packages over Go's.
	mkdir -p "$root.new/src/net"
	touch "$root.new/.complete"
	mv "$root.new" "$root"
}

build_tinygo() {
	[ ! -x "$root/build/tinygo" ] || return 0
	say "building it with $toolchain and LLVM 19, about a minute"
	(
		cd "$root"
		export CGO_ENABLED=1
		logged "go build" plain_go build -tags llvm19 -o build/unproven .
	)
	mv "$root/build/unproven" "$root/build/tinygo"
}

install_wasm_opt() {
	lock=$dir/npm/node_modules/.package-lock.json
	if ! grep -qsF "$binaryen_integrity" "$lock"; then
		say "installing wasm-opt from npm's binaryen $binaryen"
		rm -rf "$dir/npm"
		mkdir -p "$dir/npm"
		logged "npm install" npm install --prefix "$dir/npm" --no-save --ignore-scripts --no-audit --no-fund \
			"binaryen@$binaryen"
		grep -qsF "$binaryen_integrity" "$lock" ||
			fail "npm's binaryen $binaryen is not the package this project was built with" \
				"its checksum in $lock should be $binaryen_integrity"
	fi
	[ -x "$wasm_opt" ] || fail "$wasm_opt is missing" "rm -rf $dir/npm, and run this again"
}

# Changes the target in TinyGo's root, not a copy under another name, so that "-target wasm" means the same here as with
# a release.
write_target() {
	libc=/usr/lib/wasm32-wasi/libc.a
	builtins=/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a
	for archive in "$libc" "$builtins"; do
		[ -f "$archive" ] || fail "$archive is missing" \
			"as root: apt-get install --reinstall wasi-libc libclang-rt-19-dev-wasm32"
	done
	[ -f "$root/targets/wasm.json.orig" ] || cp "$root/targets/wasm.json" "$root/targets/wasm.json.orig"
	node - "$root/targets/wasm.json" "$libc" "$builtins" <<-'END'
		const { readFileSync, writeFileSync } = require("node:fs");
		const [path, libc, builtins] = process.argv.slice(2);
		const target = JSON.parse(readFileSync(path + ".orig", "utf8"));
		delete target.libc;
		delete target.rtlib;
		target.cflags.push("-isystem", "/usr/include/wasm32-wasi");
		target.ldflags.push(libc, builtins);
		writeFileSync(path, JSON.stringify(target, null, 2) + "\n");
	END
}

write_wrapper() {
	mkdir -p "$dir/bin"
	cat >"$dir/bin/tinygo" <<-END
		#!/bin/sh
		# Written by fetch401's wasm/tinygo/install.sh.
		unset GOROOT
		export GOTOOLCHAIN=$toolchain TINYGOROOT="$root" WASMOPT="$wasm_opt"
		exec "$root/build/tinygo" "\$@"
	END
	chmod +x "$dir/bin/tinygo"
}

# A compiler that starts is no proof that libc, linker and wasm-opt fit together: build a program and call it.
prove() {
	proof=$dir/proof
	mkdir -p "$proof"
	printf 'module proof\n\ngo 1.25.0\n' >"$proof/go.mod"
	cat >"$proof/main.go" <<-'END'
		package main

		var seen = map[int32]int32{}

		//go:wasmexport twice
		func twice(n int32) int32 { seen[n] += n; return n + seen[n] }

		func main() {}
	END
	cat >"$proof/run.cjs" <<-'END'
		require(process.argv[2]);
		const go = new Go();
		WebAssembly.instantiate(require("node:fs").readFileSync(process.argv[3]), go.importObject).then(({ instance }) => {
			go.run(instance);
			process.exit(instance.exports.twice(21) === 42 ? 0 : 1);
		});
	END
	(
		cd "$proof"
		logged "building a program" env -u GOFLAGS GOWORK=off "$dir/bin/tinygo" build -target wasm -buildmode c-shared \
			-scheduler none -gc conservative -panic trap -no-debug -opt z -o proof.wasm .
		logged "running that program" node run.cjs "$root/targets/wasm_exec.js" proof.wasm
	)
}

# Two runs at once would build into each other's folders.
exec 9>"$dir/.lock"
if command -v flock >/dev/null; then flock 9; fi
: >"$log"

need_tools
install_packages
fetch_sources
build_tinygo
install_wasm_opt
write_target
write_wrapper
prove
say "$("$dir/bin/tinygo" version)"
say "ready: $dir/bin/tinygo"
