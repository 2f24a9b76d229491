here=$(cd "$(dirname "$0")" && pwd)
name=PulseAudio
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-pulseaudio-$(id -u)}
. "$here/../lib.sh"
