#!/usr/bin/env bash
# Fuzzes each target in fuzz/ for some time: tests/fuzz.sh SECONDS [TARGET...]. What it learns is
# kept in target/, and what makes the code panic is shown and left there.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=${*:-frame uri name_addr sdp people agent}
messages=(tests/core/data/torture tests/core/data/rfc4475 tests/core/data/rfc5118)

for target in $targets; do
  corpus=target/fuzz-corpus/$target found=target/fuzz-found/
  mkdir -p "$corpus" "$found"
  seeds=()
  case $target in frame | agent) seeds+=("${messages[@]}") ;; esac
  [ -d "fuzz/seeds/$target" ] && seeds+=("fuzz/seeds/$target")
  echo "fuzzing $target for $seconds s"
  # No sanitizer: there is no unsafe code here, and without one it runs many times as fast, and
  # needs no nightly compiler.
  cargo fuzz run -s none --target-dir "${CARGO_TARGET_DIR:-target}/fuzz" "$target" "$corpus" "${seeds[@]}" -- \
    -max_total_time="$seconds" -max_len=65536 -timeout=10 -artifact_prefix="$found" \
    -print_final_stats=1 -verbosity=1 2>"$found/$target.log" || {
    tail -40 "$found/$target.log" >&2
    exit 1
  }
  grep -E 'Done [0-9]+ runs|number_of_executed_units|average_exec_per_sec' "$found/$target.log"
done
