#!/usr/bin/env bash
# What a browser downloads up to the sign-in screen, in bytes: raw, gzip -9 and brotli -11.
# Fails above the ceiling, which only this file knows. A commit that raises it says what was
# bought with the bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
ceiling=355800

[ -f dist/index.html ] || { echo "There is no release in dist/: run 'make build' first." >&2; exit 1; }

row() { printf '%-46s %9s %9s %9s\n' "$@"; }
row file raw gzip brotli
total_raw=0 total_gzip=0 total_brotli=0
# index.html and all that it names.
for file in index.html $(grep -oE '[A-Za-z0-9_.-]+\.(js|mjs|wasm|css|svg)' dist/index.html | sort -u); do
  [ -f "dist/$file" ] || continue
  raw=$(wc -c <"dist/$file")
  gzip=$(gzip -9 -n -c "dist/$file" | wc -c)
  brotli=$(brotli -q 11 -c "dist/$file" | wc -c)
  row "$file" "$raw" "$gzip" "$brotli"
  total_raw=$((total_raw + raw)) total_gzip=$((total_gzip + gzip)) total_brotli=$((total_brotli + brotli))
done
row total "$total_raw" "$total_gzip" "$total_brotli"
row "ceiling" "" "" "$ceiling"
if [ "$total_brotli" -gt "$ceiling" ]; then
  echo "The page is larger than its ceiling." >&2
  exit 1
fi
