here=$(cd "$(dirname "$0")" && pwd)
name=WebKit
PORT=${PORT:-4444}
RUN_DIR=${RUN_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/webphone-webkit-$(id -u)-$PORT}
. "$here/../lib.sh"
