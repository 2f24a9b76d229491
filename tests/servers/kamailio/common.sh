# What start.sh and stop.sh share: where the running server keeps its files, and whether it runs.
here=$(cd "$(dirname "$0")" && pwd)
WS_PORT=${WS_PORT:-8088}
SIP_PORT=${SIP_PORT:-5066}
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-kamailio-$(id -u)-$WS_PORT}

alive() {
	[ -s "$RUN_DIR/pid" ] && [ "$(cat "/proc/$(cat "$RUN_DIR/pid")/comm" 2>/dev/null)" = kamailio ]
}

# Whether a loopback or wildcard socket has this port: `in_use tcp 8088`. Kamailio itself would share it in silence.
in_use() {
	local state=0A # LISTEN
	[ "$1" = udp ] && state=07
	grep -qE "^ *[0-9]+: (0100007F|00000000):$(printf %04X "$2") [0-9A-F:]+ $state " "/proc/net/$1"
}
