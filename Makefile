# WebPhone. `make run` to try it, `make test` to check everything; both set up what they need.

TOOLS := $(or $(WEBPHONE_TOOLS),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/webphone/tools)
export PATH := $(TOOLS)/bin:$(HOME)/.cargo/bin:$(PATH):/usr/sbin
# The release is made for size (wasm with brotli: 265 kB instead of 287), with switches that Rust calls unstable though
# it has them in every stable toolchain. The standard library is compiled with the page, for size, and a panic ends the
# page at once, without the text that the console would show: index.html says that the telephone has stopped.
SMALL := RUSTC_BOOTSTRAP=1 \
	CARGO_UNSTABLE_BUILD_STD=std,panic_abort \
	CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size \
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none"
# The noise suppressor is a package of its own.
DENOISE := --manifest-path denoise/Cargo.toml
# Each step of `make test` needs the machine for itself.
.NOTPARALLEL:

.PHONY: run test build size e2e fmt lint native browser soak fuzz bench tools-build tools-test tools-fuzz tools-bench

run: ## a real SIP server on loopback, and the page
	@tests/demo.sh

test: tools-test lint native browser size e2e ## everything

build: tools-build ## the release, in dist/
	$(SMALL) trunk build --release

size: tools-test build ## bytes that a browser downloads, against their ceiling
	@tests/size.sh

e2e: tools-test build ## calls in a real browser, over a real SIP server
	cd tests/e2e && npx tsc && npx playwright test --pass-with-no-tests --grep-invert @alone $(SPEC)
	cd tests/e2e && npx playwright test --pass-with-no-tests --grep @alone --workers=1 $(SPEC)

fmt: tools-build ## formats the code
	cargo fmt
	cargo fmt --all $(DENOISE)

lint: tools-build
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --all-targets --target wasm32-unknown-unknown -- -D warnings
	cargo fmt --check --all $(DENOISE)
	cargo clippy --locked --workspace --all-targets $(DENOISE) --target-dir target/denoise -- -D warnings

native: tools-build
	cargo test --locked --lib --test core
	cargo test --locked --workspace $(DENOISE) --target-dir target/denoise

browser: tools-test
	CHROMEDRIVER=$$(command -v chromedriver) WASM_BINDGEN_TEST_TIMEOUT=120 cargo test --locked --target wasm32-unknown-unknown --test browser

soak: tools-test build ## CALLS (1000) short calls in one page, with faults at random
	cd tests/e2e && SOAK=1 npx playwright test --project=soak

fuzz: tools-fuzz ## SECONDS (60) of random messages to each reader, and to the whole user agent
	tests/fuzz.sh $(or $(SECONDS),60)

bench: tools-bench build ## messages a second, how long calls take, beside JsSIP in a browser; the noise suppressor
	cargo run --release --locked --manifest-path benches/Cargo.toml --target-dir target/benches -- --bench
	node benches/browser/run.mjs
	node benches/browser/calls.mjs
	cargo run --quiet --release --locked $(DENOISE) --target-dir target/denoise --example measure
	node benches/browser/denoise.mjs

tools-build:
	@tests/tools.sh build

tools-test:
	@tests/tools.sh test

tools-fuzz:
	@tests/tools.sh fuzz

tools-bench:
	@tests/tools.sh bench
