#!/usr/bin/env bash
# Starts rtpengine on loopback, without its kernel module, and returns once it listens. stop.sh, with the same RUN_DIR or
# RTPENGINE_PORT, ends it. Environment: RTPENGINE_PORT (2223: where Kamailio controls it), MEDIA_ADDRESS (127.0.0.1: where
# it relays sound; two of them at one address take each other's ports without a word, both from 10000 on), RUN_DIR.
# Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

PATH="$PATH:/usr/sbin"
command -v rtpengine >/dev/null || fail "it is not installed (Debian: apt-get install rtpengine-daemon)."
must_be_free udp:RTPENGINE_PORT
MEDIA_ADDRESS=${MEDIA_ADDRESS:-127.0.0.1}

launch rtpengine --config-file=none --table=-1 --interface="$MEDIA_ADDRESS" --listen-ng="127.0.0.1:$RTPENGINE_PORT" \
	--port-min=10000 --port-max=19999 --num-threads=2 --delete-delay=0 --foreground --log-stderr --log-level=6 \
	--pidfile="$RUN_DIR/pid"
wait_until in_use udp "$RTPENGINE_PORT" && {
	echo "rtpengine is controlled at udp:127.0.0.1:$RTPENGINE_PORT."
	exit 0
}
reason=$(grep -m 1 -E 'CRIT|ERR|Fatal' "$RUN_DIR/log")
"$here/stop.sh"
fail "${reason:-it did not listen on port $RTPENGINE_PORT within a minute.}"
