#!/usr/bin/env bash
# Reads inputs that are huge, or that unpack or expand to something huge, and prints for each how long it took, the
# peak of resident memory, and what became of it. Exit code 1 when one needs more than 300 MB or ends without a word.
#   bash tests/big_inputs.sh [CHANCERY] [FOLDER] [CASE…]
# CHANCERY is an optimised build; FOLDER takes the files (12 GB at most, one at a time; removed again).
# Needs python3 and GNU time. Not a part of the ordinary tests: it takes many minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
chancery="${1:-target/release/chancery}"
folder="${2:-${TMPDIR:-/tmp}/chancery-big}"
shift $(($# > 2 ? 2 : $#))
bound_kb=$((300 * 1000))
mkdir -p "$folder"
trap 'rm -rf "$folder"' EXIT
failed=0

cases=("$@")
[ $# -gt 0 ] || mapfile -t cases < <(python3 tests/big_inputs.py)

printf '%-22s %12s %8s %8s  %s\n' case bytes seconds peak_MB 'what became of it'
for name in "${cases[@]}"; do
  input="$(python3 tests/big_inputs.py "$name" "$folder")"
  rc=0
  /usr/bin/time -f '%e %M' -o "$folder/time" "$chancery" scan --out "$folder/out" --emit articles,events \
    "$input" >"$folder/said" 2>&1 || rc=$?
  read -r seconds peak_kb < <(tail -n 1 "$folder/time")
  touch "$folder/out.articles.jsonl" "$folder/out.dead.jsonl"
  articles=$(wc -l <"$folder/out.articles.jsonl")
  dead=$(wc -l <"$folder/out.dead.jsonl")
  reasons=$(python3 tests/big_inputs.py --reasons "$folder/out.dead.jsonl")
  printf '%-22s %12s %8s %8s  %s articles, %s dead letters (%s), exit %s\n' "$name" "$(stat -c %s "$input")" \
    "$seconds" "$((peak_kb * 1024 / 1000000))" "$articles" "$dead" "$reasons" "$rc"
  if [ $((peak_kb * 1024 / 1000)) -gt "$bound_kb" ] || [ "$rc" != 0 ] || [ "$((articles + dead))" = 0 ]; then
    echo "  FAILED: $(tail -n 3 "$folder/said")"
    failed=1
  fi
  rm -rf "${folder:?}"/*
done
exit "$failed"
