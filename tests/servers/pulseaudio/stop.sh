#!/usr/bin/env bash
# Ends the PulseAudio that start.sh started with the same RUN_DIR, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"
finish socket pulse .config
