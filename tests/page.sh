#!/usr/bin/env bash
# The page in a real browser: the committed files are those that the sources give, and the page does what it should.
# Installs what it needs (Debian's chromium and node, npm's packages) when it may.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
need() { # command, package
  command -v "$1" >/dev/null && return
  command -v apt-get >/dev/null || { echo "error: there is no $1, and no apt-get to install it"; exit 1; }
  as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}
need chromium chromium
need npm npm

cd web
npm ci --no-audit --no-fund --silent
npx tsc --noEmit
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node build/build.mjs "$fresh"
for file in "$fresh"/*.gz dist/*.gz; do
  name=$(basename "$file")
  # What is packed must be the same; how tightly it is packed is the packer's affair.
  cmp <(gunzip -c "$fresh/$name") <(gunzip -c "dist/$name") ||
    { echo "error: web/dist/$name is not what the sources give; run  npm --prefix web run build"; exit 1; }
done
cd ..
cargo build --locked --quiet
node web/test/page.mjs "$PWD/target/debug/chancery" "$(command -v chromium)" "${1:-}"
