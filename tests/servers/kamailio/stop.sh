#!/usr/bin/env bash
# Ends the Kamailio that start.sh started with the same RUN_DIR or WS_PORT, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"

if alive; then
	pid=$(cat "$RUN_DIR/pid")
	kill -TERM "$pid"
	for _ in $(seq 100); do
		kill -0 -- "-$pid" 2>/dev/null || break
		sleep 0.05
	done
	# It leads a process group of its own, so that none of its workers can outlive it.
	kill -KILL -- "-$pid" 2>/dev/null
fi
for file in pid log ctl; do rm -f "$RUN_DIR/$file"; done
rmdir "$RUN_DIR" 2>/dev/null || true
