#!/usr/bin/env bash
# What others read is read by them: every recipe and every export by the tool it is for, word lists that went through a
# data frame, PostgreSQL killed in the middle, and the API by a tester that knows only its document. Installs what it needs.
#   tests/downstream.sh [EVENTS for the PostgreSQL test, default 20000] [PARTS, default all: exports recipe_tests metrics postgres schemathesis]
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
many=${1:-20000}
parts=("${@:2}")

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
packages=()
[ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || packages+=(postgresql)
command -v Rscript >/dev/null && Rscript -e 'library(jsonlite)' >/dev/null 2>&1 || packages+=(r-base-core r-cran-jsonlite)
# A venv with pip in it; Debian keeps that in a package of its own.
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3 python3-venv)
if [ ${#packages[@]} -gt 0 ]; then
  as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
venv=$root/target/downstream-venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q --disable-pip-version-check -r tests/downstream.txt
cargo build --locked --quiet --bins --example flood

work=$(mktemp -d)
chmod 755 "$work"
pg=""
server=""
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$pg" ] || "$pg" stop || true
  rm -rf "$work"
}
trap finish EXIT
[ ${#parts[@]} -gt 0 ] || "$venv/bin/python" tests/round_trip.py "$root/target/debug/chancery" config/lexicon
"$venv/bin/python" tests/downstream.py "$root" "$work" "$many" "${parts[@]}"
