#!/usr/bin/env bash
# Starts coturn on loopback, a STUN and TURN server, and returns once it listens. stop.sh, with the same RUN_DIR or
# TURN_PORT, ends it. Environment: TURN_PORT (3478), TCP_ONLY=1 for one that is not reached over UDP, RUN_DIR (log, pid).
# Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

PATH="$PATH:/usr/sbin"
command -v turnserver >/dev/null || fail "it is not installed (Debian: apt-get install coturn)."
must_be_free tcp:TURN_PORT udp:TURN_PORT

options=()
[ "${TCP_ONLY:-}" = 1 ] && options+=(--no-udp)
launch turnserver -c "$here/turnserver.conf" --listening-port "$TURN_PORT" --pidfile "$RUN_DIR/turnserver.pid" \
	--db "$RUN_DIR/turndb" "${options[@]}"
if wait_until in_use tcp "$TURN_PORT"; then
	echo "coturn listens on 127.0.0.1:$TURN_PORT${TCP_ONLY:+, over TCP only}."
	exit 0
fi
reason=$(grep -m 1 -iE 'error|cannot|fatal' "$RUN_DIR/log")
"$here/stop.sh"
fail "${reason:-it did not listen on port $TURN_PORT within a minute.}"
