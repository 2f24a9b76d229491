here=$(cd "$(dirname "$0")" && pwd)
name=Asterisk
WS_PORT=${WS_PORT:-8089}
SIP_PORT=${SIP_PORT:-5080}
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-asterisk-$(id -u)-$WS_PORT}
root=${WEBPHONE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/webphone/tools}/asterisk
. "$here/../lib.sh"
