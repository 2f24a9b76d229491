#!/usr/bin/env bash
# Ends the WebKit that start.sh started with the same RUN_DIR or PORT, and removes its run directory.
set -u
. "$(dirname "$0")/common.sh"
finish display .cache .local .config .pki
