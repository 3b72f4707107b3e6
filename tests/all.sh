#!/usr/bin/env bash
# The whole loop: format, lints, tests, lexicon, docs, page, downstream tools. Needs a Rust toolchain; the last two parts
# install what they need beside it.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}" INSTA_UPDATE="${INSTA_UPDATE:-no}"

step() { printf '\n== %s\n' "$*"; }

for part in rustfmt clippy; do
  cargo "$part" --version >/dev/null 2>&1 || cargo fmt --version >/dev/null 2>&1 || rustup component add "$part"
done

step "format"
cargo fmt --all --check
step "lints"
cargo clippy --locked --all-targets -- -D warnings
step "tests"
cargo test --locked --all-targets
step "doc examples and docs"
cargo test --locked --doc
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
step "lexicon"
cargo run --locked --quiet -- lex lint --on 2026-11-30
cargo run --locked --quiet -- lex fmt --check config/lexicon
cargo run --locked --quiet -- lex test --known tests/it/misreadings.txt
step "first minute of the README"
cargo run --locked --quiet -- demo --no-serve >/dev/null
cargo run --locked --quiet -- explain -t "The EU imposed new sanctions on Belarus on Sunday." --date 2026-11-25 | grep "SANCTION EUR > BLR"
step "the page in a browser"
bash tests/page.sh
step "what others read, read by them"
bash tests/downstream.sh
echo
echo "all is well"
