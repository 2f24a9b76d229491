# What start.sh and stop.sh of each server share. Before they source it they set
#   name      what the messages call the server
#   RUN_DIR   where it keeps its files: pid, log and those that start.sh makes
# The command of a server names RUN_DIR, so that a process with a pid that was used again is never taken for it.

fail() {
	echo "$name did not start: $1" >&2
	exit 1
}

alive() {
	[ -s "$RUN_DIR/pid" ] && grep -qaF -- "$RUN_DIR" "/proc/$(cat "$RUN_DIR/pid")/cmdline" 2>/dev/null
}

# Whether a socket on this address, or one on all addresses, has the port: `in_use tcp 8088 [127.0.0.2]`. Servers that
# allow others to share their port would do so in silence.
in_use() {
	local state=0A address=0100007F # LISTEN, 127.0.0.1
	[ "$1" = udp ] && state=07
	[ "${3:-}" = 127.0.0.2 ] && address=0200007F
	grep -qE "^ *[0-9]+: ($address|00000000):$(printf %04X "$2") [0-9A-F:]+ $state " "/proc/net/$1"
}

# Refuses to go on where the server runs already or a port is taken: `must_be_free tcp:WS_PORT udp:SIP_PORT`.
must_be_free() {
	alive && fail "one with run directory $RUN_DIR is running already (pid $(cat "$RUN_DIR/pid"))."
	local port variable
	for port in "$@"; do
		variable=${port#*:}
		in_use "${port%%:*}" "${!variable}" "${ADDRESS:-}" &&
			fail "$(tr a-z A-Z <<<"${port%%:*}") port ${!variable} is in use; set $variable to a free one."
	done
	mkdir -p "$RUN_DIR" && chmod 700 "$RUN_DIR" || fail "$RUN_DIR cannot be written."
}

# Runs a server in a session of its own, which keeps Ctrl-C in the terminal from reaching it: stop.sh is what ends it.
launch() {
	setsid "$@" </dev/null >"$RUN_DIR/log" 2>&1 &
	echo $! >"$RUN_DIR/pid"
}

# Waits up to a minute until a command succeeds; fails at once when the server has ended.
wait_until() {
	local i
	for i in $(seq 1200); do
		alive || [ "$i" -lt 3 ] || return 1
		"$@" && return
		sleep 0.05
	done
	return 1
}

# Ends the server and removes its files: `finish log ctl`. It leads a process group of its own, so that nothing that it
# started can outlive it.
finish() {
	if alive; then
		local pid i
		pid=$(cat "$RUN_DIR/pid")
		kill -TERM "$pid"
		for i in $(seq 100); do
			kill -0 -- "-$pid" 2>/dev/null || break
			sleep 0.05
		done
		kill -KILL -- "-$pid" 2>/dev/null
	fi
	local file
	for file in pid log "$@"; do rm -rf "${RUN_DIR:?}/$file"; done
	rmdir "$RUN_DIR" 2>/dev/null || true
}
