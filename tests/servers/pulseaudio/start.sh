#!/usr/bin/env bash
# Starts a sound server with two outputs, "Speakers" and "Headset", that nobody hears, and returns once it can be reached
# at unix:RUN_DIR/socket (PULSE_SERVER). stop.sh, with the same RUN_DIR, ends it. Environment: RUN_DIR.
# Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

command -v pulseaudio >/dev/null || fail "it is not installed (Debian: apt-get install pulseaudio)."
must_be_free

output() { echo "--load=module-null-sink sink_name=$1 sink_properties=device.description=$1"; }
HOME=$RUN_DIR XDG_RUNTIME_DIR=$RUN_DIR launch pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 \
	"$(output Speakers)" "$(output Headset)" --load="module-native-protocol-unix auth-anonymous=1 socket=$RUN_DIR/socket"
wait_until test -S "$RUN_DIR/socket" && {
	echo "PulseAudio can be reached at unix:$RUN_DIR/socket."
	exit 0
}
reason=$(grep -m 1 '^E:' "$RUN_DIR/log")
"$here/stop.sh"
fail "${reason:-it could not be reached within a minute.}"
