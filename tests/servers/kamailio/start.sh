#!/usr/bin/env bash
# Starts Kamailio on loopback and returns once it listens. stop.sh, with the same RUN_DIR or WS_PORT, ends it.
# Environment: WS_PORT (8088), SIP_PORT (5066), RUN_DIR (log, pid, control socket), MIN_EXPIRES, MAX_EXPIRES,
# SHA256=1, PEER_PORT for a second node of the same domain, RTPENGINE_PORT and TRUNK (127.0.0.2:5070) for calls to and
# from the telephone network.
# Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

PATH="$PATH:/usr/sbin"
command -v kamailio >/dev/null ||
	fail "it is not installed (Debian: apt-get install kamailio kamailio-websocket-modules)."
must_be_free tcp:WS_PORT udp:SIP_PORT

defines=(-A "WS_PORT=$WS_PORT" -A "SIP_PORT=$SIP_PORT" -A "CTL_SOCKET=\"unix:$RUN_DIR/ctl\"")
[ -n "${MIN_EXPIRES:-}" ] && defines+=(-A "MIN_EXPIRES=$MIN_EXPIRES")
[ -n "${MAX_EXPIRES:-}" ] && defines+=(-A "MAX_EXPIRES=$MAX_EXPIRES")
[ -n "${PEER_PORT:-}" ] && defines+=(-A "PEER_PORT=$PEER_PORT" -A "PEER_ADDRESS=\"sip:127.0.0.1:$PEER_PORT\""
	-A "OWN_ADDRESS=\"sip:127.0.0.1:$SIP_PORT\"" -A "OWN_SOCKET=\"udp:127.0.0.1:$SIP_PORT\"")
[ "${SHA256:-}" = 1 ] && defines+=(-A WITH_SHA256)
if [ -n "${RTPENGINE_PORT:-}" ]; then
	TRUNK=${TRUNK:-127.0.0.2:5070}
	defines+=(-A WITH_TRUNK -A "TRUNK=\"$TRUNK\"" -A "TRUNK_ADDRESS=\"${TRUNK%:*}\""
		-A "RTPENGINE_SOCKET=\"udp:127.0.0.1:$RTPENGINE_PORT\"")
fi

launch kamailio -f "$here/kamailio.cfg" -DD -E -m 64 -M 8 -Y "$RUN_DIR" "${defines[@]}"
if wait_until in_use tcp "$WS_PORT"; then
	echo "Kamailio listens on ws://127.0.0.1:$WS_PORT and udp:127.0.0.1:$SIP_PORT."
	exit 0
fi
reason=$(grep -m 1 -E 'CRITICAL|ERROR' "$RUN_DIR/log" | sed -E 's/^.*(CRITICAL|ERROR): //')
"$here/stop.sh"
fail "${reason:-it did not listen on port $WS_PORT within a minute.}"
