here=$(cd "$(dirname "$0")" && pwd)
name=coturn
TURN_PORT=${TURN_PORT:-3478}
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-coturn-$(id -u)-$TURN_PORT}
. "$here/../lib.sh"
