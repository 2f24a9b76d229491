#!/usr/bin/env bash
# Starts Kamailio on loopback and returns once it listens. stop.sh, with the same RUN_DIR or WS_PORT, ends it.
# Environment: WS_PORT (8088), SIP_PORT (5066), RUN_DIR (log, pid, control socket), MIN_EXPIRES, MAX_EXPIRES,
# SHA256=1. Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

fail() { echo "Kamailio did not start: $1" >&2; exit 1; }

PATH="$PATH:/usr/sbin"
command -v kamailio >/dev/null ||
	fail "it is not installed (Debian: apt-get install kamailio kamailio-websocket-modules)."
alive && fail "one with run directory $RUN_DIR is running already (pid $(cat "$RUN_DIR/pid"))."
in_use tcp "$WS_PORT" && fail "TCP port $WS_PORT is in use; set WS_PORT to a free one."
in_use udp "$SIP_PORT" && fail "UDP port $SIP_PORT is in use; set SIP_PORT to a free one."

defines=(-A "WS_PORT=$WS_PORT" -A "SIP_PORT=$SIP_PORT" -A "CTL_SOCKET=\"unix:$RUN_DIR/ctl\"")
[ -n "${MIN_EXPIRES:-}" ] && defines+=(-A "MIN_EXPIRES=$MIN_EXPIRES")
[ -n "${MAX_EXPIRES:-}" ] && defines+=(-A "MAX_EXPIRES=$MAX_EXPIRES")
[ "${SHA256:-}" = 1 ] && defines+=(-A WITH_SHA256)

mkdir -p "$RUN_DIR" && chmod 700 "$RUN_DIR" || fail "$RUN_DIR cannot be written."
# A session of its own keeps Ctrl-C in the terminal from reaching it: stop.sh is what ends it.
setsid kamailio -f "$here/kamailio.cfg" -DD -E -m 64 -M 8 -Y "$RUN_DIR" "${defines[@]}" \
	</dev/null >"$RUN_DIR/log" 2>&1 &
pid=$!
echo "$pid" >"$RUN_DIR/pid"

for _ in $(seq 100); do
	kill -0 "$pid" 2>/dev/null || break
	if in_use tcp "$WS_PORT"; then
		echo "Kamailio listens on ws://127.0.0.1:$WS_PORT and udp:127.0.0.1:$SIP_PORT."
		exit 0
	fi
	sleep 0.05
done
reason=$(grep -m 1 -E 'CRITICAL|ERROR' "$RUN_DIR/log" | sed -E 's/^.*(CRITICAL|ERROR): //')
"$here/stop.sh"
fail "${reason:-it did not listen on port $WS_PORT within 5 seconds.}"
