#!/usr/bin/env bash
# Puts every tool that WebPhone is built and tested with into a cache outside the checkout, and
# says nothing where all is there already. Usage: tests/tools.sh build|serve|test|bench|fuzz
#   build   Rust, Trunk, wasm-bindgen, wasm-opt
#   serve   the same, and Kamailio
#   test    the same, and Asterisk, rtpengine, baresip, coturn, the browsers and the npm packages of the
#           end-to-end tests
#   bench   as for serve, and Chromium and those npm packages
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

# need COMMAND PACKAGE...: installs Debian packages where the command is missing. (`type -P`, as some functions here are
# called as commands are.)
need() {
  local command=$1
  shift
  type -P "$command" >/dev/null && return
  if ! type -P apt-get >/dev/null; then
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
  if ! type -P rustup >/dev/null; then
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
  if [[ "$has" != *wasm32-unknown-unknown* || "$has" != *clippy* || "$has" != *rustfmt* || "$has" != *rust-src* ]]; then
    say "installing Rust $channel"
    rustup toolchain install "$channel" --profile minimal --component rustfmt,clippy,rust-src \
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
  # Trunk builds offline. The release compiles the standard library, too, which has crates of its own.
  RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort cargo fetch --quiet --locked --target wasm32-unknown-unknown
}

kamailio() {
  type -P kamailio >/dev/null && return
  hint="or set WEBPHONE_WSS=wss://… to use a SIP server of your own"
  need kamailio kamailio kamailio-websocket-modules
  hint=
  no_service kamailio
}

# A package starts a server of its own, open to the network. Ours run on loopback only.
no_service() {
  if [ -d /run/systemd/system ]; then
    ${sudo:-} systemctl disable --now --quiet "$1" || true
  fi
}

# Asterisk 22, which Debian has in its unstable suite only and with newer libraries than the system's. All of it goes
# into a folder of its own, unpacked and not installed: that needs no root, and the system stays as it is.
asterisk() {
  local root="$tools/asterisk" new="$tools/asterisk.new" keys=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -x "$root/bin/asterisk" ] && return
  hint="the end-to-end tests need Asterisk 22 as Debian packages it"
  need dpkg-deb dpkg
  [ -e "$keys" ] || need "$keys" debian-archive-keyring
  hint=
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
Acquire::Retries "3";
APT::Sandbox::User "";
EOF
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
  "$new/bin/asterisk" -V >/dev/null
  rm -rf "$root"
  mv "$new" "$root"
}

# A media relay and a plain SIP telephone.
rtp() {
  if ! type -P rtpengine >/dev/null; then
    need rtpengine rtpengine-daemon
    no_service rtpengine-daemon
  fi
  need baresip baresip-core
}

# A STUN and TURN server.
turn() {
  type -P turnserver >/dev/null && return
  need turnserver coturn
  no_service coturn
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
  rtp
  turn
  asterisk
  need brotli brotli
  need chromedriver chromium-driver
  need firefox-esr firefox-esr
  need pulseaudio pulseaudio
  need WebKitWebDriver webkit2gtk-driver
  need Xvfb xvfb
  need ip iproute2
  pages
}

bench() {
  serve
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
*) sed -n '2,10s/^# \?//p' "$0"; exit 2 ;;
esac
