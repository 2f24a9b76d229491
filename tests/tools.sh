#!/usr/bin/env bash
# Puts every tool that WebPhone is built and tested with into a cache outside the checkout, and
# says nothing where all is there already. Usage: tests/tools.sh build|serve|test|bench|fuzz|versions
#   build   Rust, Trunk, wasm-bindgen, wasm-opt
#   serve   the same, and Kamailio
#   test    the same, and Asterisk, rtpengine, baresip, coturn, the browsers and the npm packages of the
#           end-to-end tests
#   bench   as for serve, and Chromium and those npm packages
#   fuzz    Rust and cargo-fuzz
#   versions  prints the versions of what is not pinned here
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

keys=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf 'tools: %s\n' "$*" >&2; }

# want COMMAND PACKAGE...: notes the Debian packages of a command that is missing; install_wanted installs all at once.
# (`type -P` looks on the PATH alone: some functions here are called as commands are.)
missing=()
want() {
  type -P "$1" >/dev/null || missing+=("${@:2}")
}

# What tells the reader what else would do, where packages cannot be installed.
hint=
install_wanted() {
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! type -P apt-get >/dev/null; then
    say "please install what Debian has in: ${missing[*]}. This system has no apt-get, so it cannot be done for you${hint:+; $hint}"
    exit 1
  fi
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  say "installing ${missing[*]}"
  # No server is started with its package (RUNLEVEL=1): it would be open to the network, and ours run on loopback only.
  local apt=($sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -o Acquire::Retries=5)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null || {
    say "Debian's packages could not be installed: ${missing[*]}. See what apt-get said above; is the network there?"
    exit 1
  }
  local package
  for package in "${missing[@]}"; do no_service "$package"; done
  missing=()
  hash -r
}

# Where systemd has started a server with its package all the same.
no_service() {
  case $1 in kamailio | rtpengine-daemon | coturn) ;; *) return 0 ;; esac
  [ ! -d /run/systemd/system ] || $sudo systemctl disable --now --quiet "$1" || true
}

# again COMMAND...: up to three times, as networks have their moments.
again() {
  local try
  for try in 1 2 3; do
    "$@" && return
    [ "$try" = 3 ] || { say "once more in 5 seconds: $*"; sleep 5; }
  done
  say "'$*' failed three times; what it said stands above. Is the network there?"
  return 1
}

npm_() { npm --fetch-retries=5 --silent --no-audit --no-fund "$@" >&2; }

rust() {
  if ! type -P rustup >/dev/null; then
    say "installing rustup"
    again curl -fsS -o "$tools/rustup-init.sh" https://sh.rustup.rs
    sh "$tools/rustup-init.sh" -y -q --default-toolchain none --no-modify-path
  fi
  # The toolchain file names the channel, the components and the target.
  local channel
  channel=$(awk -F'"' '/^channel/ { print $2 }' rust-toolchain.toml)
  local has
  has="$(rustup target list --installed --toolchain "$channel" 2>/dev/null
    rustup component list --installed --toolchain "$channel" 2>/dev/null)" || true
  if [[ "$has" != *wasm32-unknown-unknown* || "$has" != *clippy* || "$has" != *rustfmt* || "$has" != *rust-src* ]]; then
    say "installing Rust $channel"
    again rustup toolchain install "$channel" --profile minimal --component rustfmt,clippy,rust-src \
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
  if type -P cargo-binstall >/dev/null &&
    cargo binstall -y --quiet --install-path "$tools/bin" --disable-strategies compile \
      "$crate@$version" >&2; then
    return
  fi
  say "compiling $crate $version (once; some minutes)"
  # These tools wait for files and compilers: they need no optimisation, and compile in a third of the time.
  again env -u CARGO_TARGET_DIR CARGO_NET_RETRY=5 CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=0 \
    cargo install --quiet --force --root "$tools" "$@" "$crate@$version" >&2
}

# Playwright wants Node 20; Debian 12 has 18, whose npm fetches a newer one.
node_20() {
  if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    say "installing Node 22"
    again npm_ install --prefix "$tools/npm" node@22
    ln -sf "$tools/npm/node_modules/node/bin/node" "$tools/bin/node"
    hash -r
  fi
}

wasm_opt() {
  [ -x "$tools/bin/wasm-opt" ] && "$tools/bin/wasm-opt" --version | grep -q " ${binaryen_version%%.*}" && return
  say "installing wasm-opt $binaryen_version"
  again npm_ install --prefix "$tools/npm" "binaryen@$binaryen_version"
  ln -sf "$tools/npm/node_modules/.bin/wasm-opt" "$tools/bin/wasm-opt"
}

# What is compiled, and what it is compiled from.
compiled() {
  # The two side by side: neither keeps two cores busy to its end.
  cargo_tool wasm-bindgen wasm-bindgen-cli "$bindgen_version" &
  local bindgen=$!
  cargo_tool trunk trunk "$trunk_version" --locked --no-default-features --features rustls
  wait "$bindgen"
  crates
}

# Trunk builds offline. The release compiles the standard library, too, which has crates of its own, for whose manifests
# a stable toolchain must be told that it may.
crates() {
  local library
  library=$(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.toml
  local manifest
  for manifest in Cargo.toml "$library"; do
    RUSTC_BOOTSTRAP=1 cargo fetch --quiet --locked --offline --manifest-path "$manifest" 2>/dev/null && continue
    say "fetching what $manifest names"
    RUSTC_BOOTSTRAP=1 CARGO_NET_RETRY=5 again cargo fetch --quiet --locked --manifest-path "$manifest"
  done
}

# Before anything is compiled or comes from npm.
want_basics() {
  want cc build-essential
  want curl curl ca-certificates
  want node nodejs npm
  want npm npm
}

build() {
  want_basics
  install_wanted
  rust
  compiled
  wasm_opt
}

want_kamailio() {
  hint="or set WEBPHONE_WSS=wss://… to use a SIP server of your own"
  want kamailio kamailio kamailio-websocket-modules
}

serve() {
  want_kamailio
  build
}

# Asterisk 22, which Debian has in its unstable suite only and with newer libraries than the system's. All of it goes
# into a folder of its own, unpacked and not installed: that needs no root, and the system stays as it is.
asterisk() {
  local root="$tools/asterisk" new="$tools/asterisk.new"
  [ -x "$root/bin/asterisk" ] && return
  say "unpacking Asterisk 22 into $root (once; 110 MB to download)"
  rm -rf "$new" # What an interrupted run has left.
  mkdir -p "$new/apt/lists/partial" "$new/apt/archives/partial" "$new/bin"
  : >"$new/apt/status" # Nothing counts as installed, not even libc.
  local mirror # The one that the system uses.
  mirror=$(apt-get indextargets --format '$(SITE)' | sort -u | grep '/debian$' | head -n 1) || true
  echo "deb [signed-by=$keys] ${mirror:-http://deb.debian.org/debian} sid main" >"$new/apt/sources.list"
  cat >"$new/apt/apt.conf" <<EOF
Dir::State "$new/apt";
Dir::State::status "$new/apt/status";
Dir::Cache "$new/apt";
Dir::Etc::sourcelist "$new/apt/sources.list";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
Acquire::Retries "5";
Acquire::Check-Valid-Until "false";
APT::Sandbox::User "";
EOF
  # (A mirror that is weeks behind will do: what it has is signed all the same.)
  local -x APT_CONFIG="$new/apt/apt.conf"
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends --download-only \
    asterisk asterisk-modules asterisk-core-sounds-en-wav asterisk-moh-opsound-wav >/dev/null
  local package
  for package in "$new"/apt/archives/*.deb; do dpkg-deb --extract "$package" "$new"; done
  rm -rf "$new/apt"
  ln -s en_US_f_Allison "$new/usr/share/asterisk/sounds/en" # As the package's own script would have done.
  # Started by the loader of its own libraries; the system's would find others.
  cat >"$new/bin/asterisk" <<'EOF'
#!/bin/sh
root=$(cd "$(dirname "$0")/.." && pwd)
for loader in "$root"/usr/lib*/ld-linux*.so.*; do
  exec "$loader" --library-path "$(echo "$root"/usr/lib/*-linux-gnu)" "$root/usr/sbin/asterisk" "$@"
done
EOF
  chmod +x "$new/bin/asterisk"
  local version
  version=$("$new/bin/asterisk" -V)
  case $version in
  "Asterisk 22."*) ;;
  *)
    say "Debian's unstable suite has $version now, and the tests are written for Asterisk 22: see what has changed in its"
    say "UPGRADE notes, then name the new version in tests/tools.sh"
    exit 1
    ;;
  esac
  rm -rf "$root"
  mv "$new" "$root"
}

want_servers() {
  want rtpengine rtpengine-daemon # A media relay.
  want baresip baresip-core       # A plain SIP telephone.
  want turnserver coturn          # A STUN and TURN server.
}

want_browsers() {
  want chromium chromium
  want chromium-headless-shell chromium-headless-shell
  want chromedriver chromium-driver
  if [ "$(firefox_version)" -lt "$oldest_firefox" ]; then
    ! type -P firefox-esr >/dev/null || say "Firefox $(firefox_version) is here, and the tests need $oldest_firefox or later"
    missing+=(firefox-esr)
  fi
  want pulseaudio pulseaudio
  want WebKitWebDriver webkit2gtk-driver
  want Xvfb xvfb
}

# Playwright drives Firefox by WebDriver BiDi, and asks for what came with this version (network.addDataCollector).
oldest_firefox=143
firefox_version() {
  local version
  version=$(firefox-esr --version 2>/dev/null | grep -oE '[0-9]+' | head -1) || true
  echo "${version:-0}"
}

firefox_is_new() {
  [ "$(firefox_version)" -ge "$oldest_firefox" ] || {
    say "Debian has Firefox $(firefox_version) here, and the tests need $oldest_firefox or later: have apt read Debian's security"
    say "updates too (deb http://deb.debian.org/debian-security bookworm-security main)"
    exit 1
  }
}

npm_packages() {
  node_20
  if ! cmp -s tests/e2e/package-lock.json tests/e2e/node_modules/.installed; then
    say "installing the npm packages of the end-to-end tests"
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 again npm_ ci --prefix tests/e2e
    cp tests/e2e/package-lock.json tests/e2e/node_modules/.installed
  fi
}

# What is not pinned, so that a run says what it ran with.
versions() {
  local version
  for version in "$(chromium-headless-shell --version 2>/dev/null)" "$(firefox-esr --version 2>/dev/null)" \
    "Node $(node --version)" "Kamailio $(kamailio -v 2>/dev/null | awk '/^version/ { print $3 }')" \
    "$("$tools/asterisk/bin/asterisk" -V 2>/dev/null)" "rtpengine $(rtpengine --version 2>&1 | awk '{ print $2; exit }')"; do
    printf '%s; ' "$version"
  done
  echo
}

test_() {
  # Compilers and downloads side by side: one has the processors, the other the network.
  want_basics
  install_wanted
  rust
  compiled &
  local compiling=$!
  want_kamailio
  want_servers
  want_browsers
  want brotli brotli
  want ip iproute2
  want dpkg-deb dpkg
  [ -e "$keys" ] || missing+=(debian-archive-keyring)
  install_wanted
  firefox_is_new
  wasm_opt
  npm_packages
  asterisk
  wait "$compiling"
}

bench() {
  want_kamailio
  want chromium chromium
  build
  npm_packages
}

fuzz() {
  want_basics
  want c++ g++
  install_wanted
  rust
  cargo_tool cargo-fuzz cargo-fuzz "$fuzz_version" --locked
}

case "${1:-}" in
build) build ;;
serve) if [ -n "${WEBPHONE_WSS:-}" ]; then build; else serve; fi ;;
test) test_ ;;
bench) bench ;;
fuzz) fuzz ;;
versions) versions ;;
*) sed -n '2,11s/^# \?//p' "$0"; exit 2 ;;
esac
