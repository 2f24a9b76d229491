#!/usr/bin/env bash
# Starts Asterisk on loopback and returns once it has booted. stop.sh, with the same RUN_DIR or WS_PORT, ends it;
# cli.sh runs a command of its console.
# Environment: WS_PORT (8089), SIP_PORT (5080), RUN_DIR, TRUNK (127.0.0.2:5070: the telephone network),
# RTP_PORTS (10000-19999).
# Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

TRUNK=${TRUNK:-127.0.0.2:5070}
RTP_PORTS=${RTP_PORTS:-10000-19999}
[ -x "$root/bin/asterisk" ] || fail "it is not in $root (\`tests/tools.sh test\` puts it there)."
# Asterisk offers no loopback address to ICE by itself: conf/rtp.conf translates this one.
host_address() {
	awk '/32 host LOCAL/ && address !~ /^127\./ { print address; exit } { address = $2 }' /proc/net/fib_trie
}
# A machine with no other address gets one that leads nowhere (RFC 5737), where that is allowed.
[ -n "$(host_address)" ] || {
	ip link add webphone type veth peer name webphone-end && ip address add 192.0.2.1/32 dev webphone &&
		ip link set webphone up && ip link set webphone-end up
} 2>/dev/null
host_address=$(host_address)
[ -n "$host_address" ] || fail "it needs a network interface with an IPv4 address next to loopback for its ICE."
must_be_free tcp:WS_PORT udp:SIP_PORT

mkdir -p "$RUN_DIR/conf" "$RUN_DIR/var" "$RUN_DIR/spool/outgoing" "$RUN_DIR/spool/tmp"
modules=$(echo "$root"/usr/lib/*/asterisk/modules)
for file in "$here"/conf/*.conf; do
	sed -e "s|@RUN_DIR@|$RUN_DIR|; s|@SHARE@|$root/usr/share/asterisk|; s|@MODULES@|$modules|" \
		-e "s|@WS_PORT@|$WS_PORT|; s|@SIP_PORT@|$SIP_PORT|; s|@HOST_ADDRESS@|$host_address|" \
		-e "s|@RTP_START@|${RTP_PORTS%-*}|; s|@RTP_END@|${RTP_PORTS#*-}|" \
		-e "s|@TRUNK@|$TRUNK|; s|@TRUNK_ADDRESS@|${TRUNK%:*}|" "$file" >"$RUN_DIR/conf/${file##*/}"
done
# It knows its own settings from their documentation.
ln -sfn "$root/usr/share/asterisk/documentation" "$RUN_DIR/var/documentation"

launch "$root/bin/asterisk" -C "$RUN_DIR/conf/asterisk.conf" -f -n
if wait_until "$here/cli.sh" core waitfullybooted >/dev/null 2>&1; then
	echo "Asterisk listens on ws://127.0.0.1:$WS_PORT/ws and udp:127.0.0.1:$SIP_PORT."
	exit 0
fi
reason=$(grep -m 1 ERROR "$RUN_DIR/log")
"$here/stop.sh"
fail "${reason:-it did not boot within a minute.}"
