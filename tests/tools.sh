#!/usr/bin/env bash
# Puts every tool that WebPhone is built and tested with into a cache outside the checkout, and
# says nothing where all is there already. Usage: tests/tools.sh build|serve|test|bench|fuzz
#   build   Rust, Trunk, wasm-bindgen, wasm-opt
#   serve   the same, and Kamailio
#   test    the same, and the browsers and the npm packages of the end-to-end tests
#   bench   as for build, and Chromium and those npm packages
#   fuzz    Rust and cargo-fuzz
set -euo pipefail
cd "$(dirname "$0")/.."
tools="${WEBPHONE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/webphone/tools}"
mkdir -p "$tools/bin"
# Debian keeps servers in /usr/sbin, which is not on the PATH of its users.
export PATH="$tools/bin:$HOME/.cargo/bin:$PATH:/usr/sbin"

trunk_version=0.22.1
binaryen_version=132.0.0
fuzz_version=0.13.2
bindgen_version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3 }' Cargo.lock)

say() { printf 'tools: %s\n' "$*" >&2; }

# need COMMAND PACKAGE...: installs Debian packages where the command is missing.
need() {
  local command=$1
  shift
  command -v "$command" >/dev/null && return
  if ! command -v apt-get >/dev/null; then
    say "please install $* (for '$command'): this system has no apt-get, so it cannot be done for you${hint:+; $hint}"
    exit 1
  fi
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  say "installing $*"
  if [ -z "${updated:-}" ]; then
    $sudo apt-get update -qq
    updated=1
  fi
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

rust() {
  if ! command -v rustup >/dev/null; then
    need cc build-essential
    need curl curl ca-certificates
    say "installing rustup"
    curl -fsS https://sh.rustup.rs | sh -s -- -y -q --default-toolchain none --no-modify-path
  fi
  # The toolchain file names the channel, the components and the target.
  local channel
  channel=$(awk -F'"' '/^channel/ { print $2 }' rust-toolchain.toml)
  local has
  has="$(rustup target list --installed --toolchain "$channel" 2>/dev/null
    rustup component list --installed --toolchain "$channel" 2>/dev/null)" || true
  if [[ "$has" != *wasm32-unknown-unknown* || "$has" != *clippy* || "$has" != *rustfmt* ]]; then
    say "installing Rust $channel"
    rustup toolchain install "$channel" --profile minimal --component rustfmt,clippy \
      --target wasm32-unknown-unknown >&2
  fi
}

# cargo_tool COMMAND CRATE VERSION [cargo install options]
cargo_tool() {
  local command=$1 crate=$2 version=$3
  shift 3
  if [ -x "$tools/bin/$command" ] && "$tools/bin/$command" --version | grep -q " $version$"; then
    return
  fi
  if command -v cargo-binstall >/dev/null &&
    cargo binstall -y --quiet --install-path "$tools/bin" --disable-strategies compile \
      "$crate@$version" >&2; then
    return
  fi
  need cc build-essential
  say "compiling $crate $version (once; some minutes)"
  # These tools wait for files and compilers: they need no optimisation, and compile twice as fast.
  env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0 \
    cargo install --quiet --force --root "$tools" "$@" "$crate@$version" >&2
}

# Playwright wants Node 20; Debian 12 has 18, whose npm fetches a newer one.
node_20() {
  need node nodejs npm
  need npm npm
  if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    say "installing Node 22"
    npm install --silent --no-audit --no-fund --prefix "$tools/npm" node@22 >&2
    ln -sf "$tools/npm/node_modules/node/bin/node" "$tools/bin/node"
    hash -r
  fi
}

wasm_opt() {
  [ -x "$tools/bin/wasm-opt" ] && "$tools/bin/wasm-opt" --version | grep -q " ${binaryen_version%%.*}" && return
  need node nodejs npm
  say "installing wasm-opt $binaryen_version"
  npm install --silent --no-audit --no-fund --prefix "$tools/npm" "binaryen@$binaryen_version" >&2
  ln -sf "$tools/npm/node_modules/.bin/wasm-opt" "$tools/bin/wasm-opt"
}

build() {
  rust
  cargo_tool wasm-bindgen wasm-bindgen-cli "$bindgen_version"
  cargo_tool trunk trunk "$trunk_version" --locked
  wasm_opt
}

kamailio() {
  command -v kamailio >/dev/null && return
  hint="or set WEBPHONE_WSS=wss://… to use a SIP server of your own"
  need kamailio kamailio kamailio-websocket-modules
  hint=
  # The package starts a server of its own, open to the network. Ours runs on loopback only.
  if [ -d /run/systemd/system ]; then
    ${sudo:-} systemctl disable --now --quiet kamailio || true
  fi
}

serve() {
  kamailio
  build
}

pages() {
  need chromium chromium
  node_20
  if ! cmp -s tests/e2e/package-lock.json tests/e2e/node_modules/.installed; then
    say "installing the npm packages of the end-to-end tests"
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund --prefix tests/e2e >&2
    cp tests/e2e/package-lock.json tests/e2e/node_modules/.installed
  fi
}

test_() {
  serve
  need brotli brotli
  need chromedriver chromium-driver
  pages
}

bench() {
  build
  pages
}

fuzz() {
  rust
  need c++ g++
  cargo_tool cargo-fuzz cargo-fuzz "$fuzz_version" --locked
}

case "${1:-}" in
build) build ;;
serve) if [ -n "${WEBPHONE_WSS:-}" ]; then build; else serve; fi ;;
test) test_ ;;
bench) bench ;;
fuzz) fuzz ;;
*) sed -n '2,9s/^# \?//p' "$0"; exit 2 ;;
esac
