#!/usr/bin/env bash
# Ends the baresip that start.sh started with the same RUN_DIR or SIP_PORT, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"
finish config accounts contacts uuid sound
