#!/usr/bin/env bash
# Ends the rtpengine that start.sh started with the same RUN_DIR or RTPENGINE_PORT, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"
finish
