#!/usr/bin/env bash
# Runs a command of the console of the Asterisk that start.sh started: `cli.sh core show channels`.
set -u
. "$(dirname "$0")/common.sh"
exec "$root/bin/asterisk" -C "$RUN_DIR/conf/asterisk.conf" -rx "$*"
