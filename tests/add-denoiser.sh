#!/bin/sh
# Makes the noise suppressor and its worklet part of the page that Trunk has built. Their names change with their
# content; the page knows them by the <meta> element, and loads them when its user wants them.
set -eu
cd "$TRUNK_SOURCE_DIR"
target=${CARGO_TARGET_DIR:-target}/denoise
# For speed, where the page is compiled for size: with optimisation for speed and vectors (SIMD, in Safari since 16.4) it
# takes a third of the time that it takes with optimisation for size and without vectors, and is as large.
env -u CARGO_UNSTABLE_BUILD_STD -u CARGO_UNSTABLE_BUILD_STD_FEATURES -u RUSTC_BOOTSTRAP -u RUSTFLAGS \
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=-Ctarget-feature=+simd128 \
  cargo build --quiet --release --locked --target wasm32-unknown-unknown --manifest-path denoise/Cargo.toml --target-dir "$target"
wasm=$target/wasm32-unknown-unknown/release/webphone_denoise.wasm
name=denoise-$(cat "$wasm" assets/denoise.js | sha256sum | cut -c 1-16)
cp "$wasm" "$TRUNK_STAGING_DIR/$name.wasm"
cp assets/denoise.js "$TRUNK_STAGING_DIR/$name.js"
page=$TRUNK_STAGING_DIR/index.html
sed "s|<meta name=\"\{0,1\}webphone-denoise[^>]*>|<meta name=\"webphone-denoise\" content=\"$name\">|" "$page" >"$page.new"
mv "$page.new" "$page"
