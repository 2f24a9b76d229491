#!/usr/bin/env bash
# Starts the driver of WebKitGTK (W3C WebDriver) with a display that nobody sees, and returns once it listens. stop.sh,
# with the same RUN_DIR or PORT, ends it with its browsers. Environment: PORT (4444: HTTP on 127.0.0.1), RUN_DIR.
# Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

for command in WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb; do
	command -v "${command%:*}" >/dev/null || fail "${command%:*} is not installed (Debian: apt-get install ${command#*:})."
done
must_be_free tcp:PORT

# What the browser keeps is new each time.
HOME=$RUN_DIR launch bash -c '
	Xvfb -displayfd 3 -screen 0 1280x1024x24 -nolisten tcp 3>"$1/display" &
	until [ -s "$1/display" ]; do kill -0 $! || exit; sleep 0.05; done
	DISPLAY=:$(cat "$1/display") WebKitWebDriver --host=127.0.0.1 --port="$2" &
	wait -n' bash "$RUN_DIR" "$PORT"
wait_until in_use tcp "$PORT" && {
	echo "WebKit is driven at http://127.0.0.1:$PORT."
	exit 0
}
reason=$(grep -m 1 -i error "$RUN_DIR/log")
"$here/stop.sh"
fail "${reason:-it did not listen on port $PORT within a minute.}"
