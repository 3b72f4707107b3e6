#!/usr/bin/env bash
# Sweeps a folder of real newswire, feed and archive files (not in the repository) and prints how much is read rightly.
#   bash tests/formats.sh [FOLDER] [-v]
set -euo pipefail
cd "$(dirname "$0")/.."
folder="${1:-../shared/formats}"
if [ ! -d "$folder" ]; then
  echo "no folder $folder: nothing to sweep (name another: bash tests/formats.sh FOLDER)"
  exit 0
fi
shift || true
exec cargo run --locked --quiet --example formats -- "$folder" "$@"
