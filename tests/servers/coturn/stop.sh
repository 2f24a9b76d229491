#!/usr/bin/env bash
# Ends the coturn that start.sh started with the same RUN_DIR or TURN_PORT, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"
finish turnserver.pid turndb turndb-journal
