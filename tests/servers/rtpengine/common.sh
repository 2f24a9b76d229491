here=$(cd "$(dirname "$0")" && pwd)
name=rtpengine
RTPENGINE_PORT=${RTPENGINE_PORT:-2223}
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-rtpengine-$(id -u)-$RTPENGINE_PORT}
. "$here/../lib.sh"
