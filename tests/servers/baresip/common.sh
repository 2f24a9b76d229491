here=$(cd "$(dirname "$0")" && pwd)
name=baresip
ADDRESS=127.0.0.2
SIP_PORT=${SIP_PORT:-5070}
CONTROL_PORT=${CONTROL_PORT:-4444}
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-baresip-$(id -u)-$SIP_PORT}
. "$here/../lib.sh"
