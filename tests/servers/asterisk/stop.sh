#!/usr/bin/env bash
# Ends the Asterisk that start.sh started with the same RUN_DIR or WS_PORT, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"
finish conf var spool asterisk.ctl asterisk.pid queue_log
