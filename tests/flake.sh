#!/usr/bin/env bash
# How often end-to-end tests fail, beside busy loops: SPEC=hold N=20 LOAD=2 tests/flake.sh. SPEC is what Playwright takes
# (a part of a file's name, file:line, -g TITLE), PROJECT (calls) some of its projects, N how often each test runs, LOAD how
# many loops take a processor meanwhile. Fails where a test did.
set -uo pipefail
cd "$(dirname "$0")/e2e"
n=${N:-20}
loops=()
for _ in $(seq "${LOAD:-0}"); do
  timeout 7200 sh -c 'while :; do :; done' &
  loops+=($!)
done
trap 'kill "${loops[@]}" 2>/dev/null' EXIT
read -ra projects <<<"${PROJECT:-calls}"
# shellcheck disable=SC2086 # SPEC may be several arguments.
npx playwright test "${projects[@]/#/--project=}" --no-deps --repeat-each="$n" --retries=0 --reporter=line,./support/flake.ts ${SPEC:-}
