#!/usr/bin/env bash
# Runs each fuzz target for so many seconds, from the fixtures of the tests: bash fuzz/run.sh [SECONDS] [TARGET…]
# Needs a nightly toolchain and cargo-fuzz (cargo install cargo-fuzz --locked). Exit code 1 when one found a fault.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:-600}"
shift || true
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(cargo +nightly fuzz list)
cargo +nightly fuzz build --sanitizer none
number() { grep -ao "stat::$1: *[0-9]*" "$2" | grep -o '[0-9]*$' || echo 0; }
failed=0
for target in "${targets[@]}"; do
  corpus="corpus/$target"
  mkdir -p "$corpus"
  for fixture in ../tests/fixtures/*; do
    name="$(basename "$fixture")"
    # The first byte says how the rest is packed.
    if [ "$target" = packed ]; then
      for how in 0 1 2 3 4; do { printf "\\x0$how"; cat "$fixture"; } >"$corpus/$how-$name"; done
    else
      cp "$fixture" "$corpus/$name"
    fi
  done
  case "$target" in
    tar | any) tar -C ../tests -cf "$corpus/all.tar" fixtures ;;
  esac
  case "$target" in
    zip | any) python3 -m zipfile -c "$corpus/all.zip" ../tests/fixtures ;;
  esac
  rc=0
  cargo +nightly fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 \
    -max_len=65536 -print_final_stats=1 >"artifacts-$target.log" 2>&1 || rc=$?
  echo "$target: $(number number_of_executed_units "artifacts-$target.log") runs," \
    "peak $(number peak_rss_mb "artifacts-$target.log") MB, exit $rc"
  [ "$rc" = 0 ] || failed=1
done
exit "$failed"
