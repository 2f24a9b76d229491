# WebPhone. `make run` to try it, `make test` to check everything; both set up what they need.

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/webphone
TOOLS := $(or $(WEBPHONE_TOOLS),$(CACHE)/tools)
export PATH := $(TOOLS)/bin:$(HOME)/.cargo/bin:$(PATH):/usr/sbin
# One folder for all checkouts of a machine: what the page depends on is compiled once.
export CARGO_TARGET_DIR ?= $(CACHE)/target
# The release is made for size: the standard library is compiled with it, for size, which cargo calls unstable though every
# stable toolchain can do it. That saves 3.9 % of the wasm with brotli (333 kB in the place of 346); without these three
# lines it builds as well. What ends the page is said with its place, in names of files that tell nothing of this machine.
SMALL := RUSTC_BOOTSTRAP=1 \
	CARGO_UNSTABLE_BUILD_STD=std,panic_abort \
	CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size \
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}/registry/src= --remap-path-prefix=$$(rustc --print sysroot)/lib/rustlib/src/rust="
# The noise suppressor is a package of its own.
DENOISE := --manifest-path denoise/Cargo.toml --target-dir $(CARGO_TARGET_DIR)/denoise
# Each of these has a Cargo.lock.
PACKAGES := . denoise benches fuzz
# `BUILT=1 make e2e` takes the release that is in dist/ already.
BUILD := $(if $(BUILT),,build)
GATE := --project=preflight --project=page --project=calls --project=pbx --project=calls-in-firefox
ALL := --project=page --project=chromium --project=firefox --project=webkit
# Each stage of `make test` needs the machine for itself.
.NOTPARALLEL:

.PHONY: run test test-all fresh green check build size e2e e2e-all demo-call flake fmt lint locks types native browser soak fuzz bench \
	tools-build tools-test tools-fuzz tools-bench

run: ## a real SIP server on loopback, and the page
	@tests/demo.sh

test: ## what a change must pass: check, the browser tests, the release and its size, the end-to-end tests of the gate
	@tests/gate.sh tools-test check browser build size e2e

fresh: ## that all of this works on a machine that has seen nothing (as root; an hour)
	@tests/fresh.sh

test-all: ## everything: all end-to-end tests in each browser, the benchmarks, five minutes of fuzzing
	@LIMIT=14400 tests/gate.sh tools-test check browser build size e2e-all bench fuzz

green: ## whether this very tree has passed .ci/run on this machine
	@grep -qs "$$(git rev-parse 'HEAD^{tree}')" $(CACHE)/green && echo "This tree is green." || \
		{ echo "This tree has not passed .ci/run here." >&2; exit 1; }

check: lint locks types native ## all that needs no browser

build: tools-build ## the release, in dist/
	$(SMALL) trunk build --release

size: $(BUILD) ## bytes that a browser downloads, against their ceiling
	@tests/size.sh

e2e: tools-test $(BUILD) ## real browsers: the end-to-end tests that the gate runs
	cd tests/e2e && npx playwright test $(GATE) $(SPEC)

e2e-all: tools-test $(BUILD) ## all end-to-end tests; SPEC=cu-003 for some
	cd tests/e2e && E2E_ALL=1 npx playwright test $(ALL) --pass-with-no-tests --grep-invert @alone $(SPEC)
	cd tests/e2e && E2E_ALL=1 npx playwright test $(ALL) --pass-with-no-tests --grep @alone --workers=1 $(SPEC)

demo-call: tools-test ## two people talk over what `make run` has started
	cd tests/e2e && DEMO=http://127.0.0.1:$(or $(PORT),8080) npx playwright test --project=demo

flake: tools-test $(BUILD) ## SPEC=… N=20 LOAD=2: how often a test fails with LOAD busy loops beside it
	@tests/flake.sh

fmt: tools-build ## formats the code
	cargo fmt
	cargo fmt --all --manifest-path denoise/Cargo.toml

lint: tools-build
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --all-targets --target wasm32-unknown-unknown -- -D warnings
	cargo fmt --check --all --manifest-path denoise/Cargo.toml
	cargo clippy --locked --workspace --all-targets $(DENOISE) -- -D warnings

locks: tools-build ## that no Cargo.lock is behind its Cargo.toml
	@for package in $(PACKAGES); do cargo metadata --locked --format-version 1 --manifest-path $$package/Cargo.toml >/dev/null || \
		{ echo "$$package/Cargo.lock is behind: run 'cargo update --workspace --manifest-path $$package/Cargo.toml'" >&2; exit 1; }; done

types: tools-test
	cd tests/e2e && npx tsc && node budget.mjs

native: tools-build
	cargo test --locked --lib --test core
	cargo test --locked --workspace $(DENOISE)

browser: tools-test
	CHROMEDRIVER=$$(command -v chromedriver) WASM_BINDGEN_TEST_TIMEOUT=600 cargo test --locked --target wasm32-unknown-unknown --test browser

soak: tools-test build ## CALLS (1000) short calls in one page, with faults at random
	cd tests/e2e && SOAK=1 npx playwright test --project=soak

fuzz: tools-fuzz ## SECONDS (60) of random messages to each reader, and to the whole user agent
	tests/fuzz.sh $(or $(SECONDS),60)

bench: tools-bench build ## messages a second, how long calls take, beside JsSIP in a browser; the noise suppressor
	cargo run --release --locked --manifest-path benches/Cargo.toml --target-dir $(CARGO_TARGET_DIR)/benches -- --bench
	node benches/browser/run.mjs
	node benches/browser/calls.mjs
	cargo run --quiet --release --locked $(DENOISE) --example measure
	node benches/browser/denoise.mjs

tools-build:
	@tests/tools.sh build

tools-test:
	@tests/tools.sh test

tools-fuzz:
	@tests/tools.sh fuzz

tools-bench:
	@tests/tools.sh bench
