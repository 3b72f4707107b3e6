#!/usr/bin/env bash
# Instructions of the pure core on seeded news, a stage at a time, counted by callgrind: exact, so that a diff of the
# baseline is the performance review. `bash benches/instructions.sh` compares, `--write` renews the baseline.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "valgrind is not installed: apt-get install valgrind"; exit 2; }
baseline=benches/instructions.txt
cargo build --release --locked --quiet --example core
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/examples/core "$1" 2>&1 |
    awk '/Collected/ { print $NF }'
}
now=$(mktemp)
start=$(count load)
printf '%-9s %s\n' load "$start" >"$now"
for stage in segment tag parse read; do
  printf '%-9s %s\n' "$stage" "$(($(count "$stage") - start))" >>"$now"
done
if [ "${1:-}" = "--write" ]; then
  { echo "# Instructions: loading the lexicon, then each walk up to that stage over 100 articles of 2 KB (seed 7)."; cat "$now"; } >"$baseline"
  cat "$baseline"
else
  awk 'NR==FNR { if ($1 !~ /^#/) old[$1] = $2; next } { printf "%-9s %14d  %+.1f %% against the baseline\n", $1, $2, 100 * ($2 / old[$1] - 1) }' "$baseline" "$now"
fi
