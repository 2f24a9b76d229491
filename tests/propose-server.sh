#!/bin/sh
# Writes the server that the sign-in form proposes, WEBPHONE_WSS, into the page that Trunk has built.
set -eu
[ -n "${WEBPHONE_WSS:-}" ] || exit 0
page="$TRUNK_STAGING_DIR/index.html"
# What HTML and sed would read as something else.
server=$(printf '%s' "$WEBPHONE_WSS" | sed 's/&/\&amp;/g; s/"/\&quot;/g; s/</\&lt;/g; s/[\\&|]/\\&/g')
sed "s|<meta name=\"\{0,1\}webphone-server[^>]*>|<meta name=\"webphone-server\" content=\"$server\">|" \
  "$page" >"$page.new"
mv "$page.new" "$page"
