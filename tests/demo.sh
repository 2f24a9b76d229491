#!/usr/bin/env bash
# The telephone on this machine, to try out: a real Kamailio on loopback and the page, rebuilt as
# its sources change. WEBPHONE_WSS=wss://… points the page at a server of your own instead.
# PORT (8080) is the page's, WS_PORT (8088) and SIP_PORT (5066) are Kamailio's. Ctrl-C ends it all.
set -euo pipefail
cd "$(dirname "$0")/.."
tests/tools.sh serve
tools="${WEBPHONE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/webphone/tools}"
export PATH="$tools/bin:$HOME/.cargo/bin:$PATH:/usr/sbin"

port="${PORT:-8080}"
export WS_PORT="${WS_PORT:-8088}" SIP_PORT="${SIP_PORT:-5066}"
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "Port $port is in use; set PORT to a free one." >&2
  exit 1
fi
trunk= server=
finish() {
  trap - EXIT INT TERM
  if [ -n "$trunk" ]; then
    kill -- "-$trunk" 2>/dev/null || true
    wait "$trunk" 2>/dev/null || true
  fi
  [ -z "$server" ] || tests/servers/kamailio/stop.sh
}
trap finish EXIT
trap 'exit 0' INT TERM

if [ -n "${WEBPHONE_WSS:-}" ]; then
  accounts="Sign in with an account of your server, $WEBPHONE_WSS"
else
  tests/servers/kamailio/start.sh
  server=started
  export WEBPHONE_WSS="ws://127.0.0.1:$WS_PORT"
  accounts="Sign in twice, in two windows, and call one from the other (headphones help):

    SIP address           password
    1001@webphone.test    demo-1001
    1002@webphone.test    demo-1002

  The WebSocket server is $WEBPHONE_WSS, which the form proposes."
fi

# Not dist/, which is the release's.
mkdir -p target/demo
# In a process group of its own, so that Ctrl-C ends a build under way with all its compilers.
setsid trunk serve --quiet --port "$port" --dist target/demo &
trunk=$!
# The page answers once its first build is done.
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "$trunk" 2>/dev/null || { wait "$trunk"; exit 1; }
  sleep 0.2
done
cat <<EOF

  WebPhone is at http://127.0.0.1:$port

  $accounts

  Ctrl-C ends everything.

EOF
wait "$trunk"
