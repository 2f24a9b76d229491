here=$(cd "$(dirname "$0")" && pwd)
name=Kamailio
WS_PORT=${WS_PORT:-8088}
SIP_PORT=${SIP_PORT:-5066}
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-kamailio-$(id -u)-$WS_PORT}
. "$here/../lib.sh"
