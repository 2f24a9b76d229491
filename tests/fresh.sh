#!/usr/bin/env bash
# Proves that the two commands of the README work on a machine that has seen nothing: a Debian 12 made by debootstrap in
# a folder (ROOT, /var/tmp/webphone-fresh), with an empty home. In it, the committed tree is cloned; `make run` until
# its page answers and two people have talked over it; then `make test`. Needs root, and an hour. What cannot be
# downloaded everywhere is lent from this machine, and nothing else: the certificates that it trusts, where its package
# registries are, and rustup itself, without a toolchain.
# With `tests/fresh.sh COMMAND…` another command runs there; KEEP=1 goes on with a root that was used already.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${ROOT:-/var/tmp/webphone-fresh}
[ "$(id -u)" = 0 ] || { echo "make fresh needs root: debootstrap and chroot do." >&2; exit 1; }
type -P debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap >/dev/null; }
[ -z "$(git status --porcelain)" ] || echo "What is not committed is not tested." >&2

let_go() {
  local mounted
  for mounted in dev/pts dev/shm dev sys proc; do umount -l "$root/$mounted" 2>/dev/null || true; done
}
if [ -z "${KEEP:-}" ]; then
  let_go
  rm -rf --one-file-system "${root:?}" # What is still mounted in it is this machine's.
fi
if [ ! -e "$root/.made" ]; then
  echo "fresh: Debian 12 into $root"
  mkdir -p "$root"
  debootstrap --variant=minbase --include=ca-certificates,make,git,curl bookworm "$root" >"$root.log" 2>&1 ||
    { tail -5 "$root.log" >&2; exit 1; }
  touch "$root/.made"
fi
# As the installer of Debian leaves it.
printf 'deb http://deb.debian.org/%s main\n' 'debian bookworm' 'debian bookworm-updates' \
  'debian-security bookworm-security' >"$root/etc/apt/sources.list"
trap let_go EXIT
mkdir -p "$root/dev/shm" "$root/dev/pts"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
mount --bind /dev/pts "$root/dev/pts"

cp /etc/resolv.conf /etc/hosts "$root/etc/"
certificates=/etc/ssl/certs/ca-certificates.crt
cp -L "${SSL_CERT_FILE:-$certificates}" "$root$certificates"
rm -rf "$root/root/webphone" "$root/root/shared"
git clone -q . "$root/root/webphone"
[ ! -d ../shared ] || cp -r ../shared "$root/root/shared"
# Without a rustup of this machine, the one in there installs its own.
if type -P rustup >/dev/null; then
  mkdir -p "$root/root/.cargo/bin"
  cp -L "$(type -P rustup)" "$root/root/.cargo/bin/rustup"
  for tool in cargo rustc rustdoc rustfmt cargo-fmt cargo-clippy clippy-driver; do ln -sf rustup "$root/root/.cargo/bin/$tool"; done
fi

inside() {
  chroot "$root" /usr/bin/env -i HOME=/root USER=root LANG=C.UTF-8 TERM=dumb CI=true \
    SSL_CERT_FILE=$certificates CURL_CA_BUNDLE=$certificates NODE_EXTRA_CA_CERTS=$certificates \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    bash -c 'cd /root/webphone && exec "$@"' fresh "$@"
}
if [ $# -gt 0 ]; then
  inside "$@"
  exit
fi
inside bash -c '
  set -eu
  began=$SECONDS
  said() { echo "fresh: $1, $((SECONDS - began)) s"; began=$SECONDS; }
  : >/tmp/run.log
  make run >/tmp/run.log 2>&1 &
  until grep -q "WebPhone is at" /tmp/run.log; do
    kill -0 $! 2>/dev/null || { cat /tmp/run.log; exit 1; }
    sleep 1
  done
  said "make run answers"
  make tools-test
  said "the tools of the tests"
  make demo-call
  said "a call over what make run started"
  kill $!; wait $! || true
  make test
  said "make test"
'
