#!/usr/bin/env bash
# Ends the Kamailio that start.sh started with the same RUN_DIR or WS_PORT, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"
finish ctl
