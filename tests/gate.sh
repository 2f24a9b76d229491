#!/usr/bin/env bash
# Runs stages of the Makefile one after the other, says of each how it went and how long it took, and goes on after one
# that failed where the next can do without it. Usage: tests/gate.sh STAGE...; LIMIT is how many seconds all may take
# (4800), after which it ends by itself with what it knows.
set -uo pipefail
cd "$(dirname "$0")/.."
limit=${LIMIT:-4800}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM
declare -A verdict
table=()

# The stages without which a stage has nothing to work with.
needs() {
  case $1 in
  tools-*) ;;
  size | e2e | e2e-all | bench) echo tools-test build ;;
  *) echo tools-test ;;
  esac
}

note() {
  verdict[$1]=$2
  table+=("$(printf 'stage %-10s %s' "$1:" "$2${3:+, $3 s}")")
  printf '\n%s\n\n' "${table[-1]}"
}

stage() {
  local name=$1 need left began=$SECONDS
  for need in $(needs "$name"); do
    case ${verdict[$need]:-passed} in passed) ;; *) note "$name" "not run, as $need has not passed"; return ;; esac
  done
  left=$((limit - SECONDS))
  if [ "$left" -le 0 ]; then
    note "$name" "not run: the $limit seconds for all are over"
    return
  fi
  BUILT=1 timeout --foreground --kill-after=30 "$left" make --no-print-directory "$name" 2>&1 | tee "$logs/$name"
  case ${PIPESTATUS[0]} in
  0) note "$name" passed $((SECONDS - began)) ;;
  124 | 137) note "$name" "FAILED: ended, as the $limit seconds for all are over" $((SECONDS - began)) ;;
  *) note "$name" FAILED $((SECONDS - began)) ;;
  esac
}

# "test result: ok. 446 passed; 0 failed" of the native and the browser tests, "12 passed, 0 failed" of the end-to-end tests.
count() {
  cat "$logs"/* 2>/dev/null | sed -E 's/\x1b\[[0-9;]*m//g' | awk -v what="$1" '
    /^test result: / || /^[0-9]+ passed, [0-9]+ failed/ {
      for (i = 2; i <= NF; i++) if ($i ~ "^" what "[;,]?$") sum += $(i - 1)
    }
    END { print sum + 0 }'
}

for name in "$@"; do stage "$name"; done

# Who reads the end of a log alone finds the reason there; the end-to-end tests, the last stage, have told theirs.
for name in "$@"; do
  case "$name ${verdict[$name]}" in
  e2e*) ;;
  *FAILED*) printf '\nThe end of stage %s:\n' "$name"; tail -n 20 "$logs/$name" ;;
  esac
done
echo "load $(cut -d' ' -f1-3 /proc/loadavg); $(tests/tools.sh versions 2>/dev/null)"
grep -hE '^FLAKY ' "$logs"/* 2>/dev/null
printf '%s\n' "${table[@]}"
failed=$(count failed)
for name in "$@"; do [ "${verdict[$name]}" = passed ] || broken="${broken:-}$name "; done
[ -z "${broken:-}" ] || echo "Not passed: $broken"
# A stage may fail without a test of its own.
[ -z "${broken:-}" ] || [ "$failed" -gt 0 ] || failed=1
echo "$(count passed) passed, $failed failed"
[ -z "${broken:-}" ]
