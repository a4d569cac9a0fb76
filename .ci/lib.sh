# Shared by the scripts beside it: where things are, and words for the person at the terminal.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

CACHE=$HOME/.cache/troupe
TARGET=${CARGO_TARGET_DIR:-$PWD/target}
# One set of packages everywhere: another set means other features, and a second build of them all.
# The browser package never compiles for the host.
HOST=(--workspace --exclude troupe-browser)
PATH=$HOME/.cargo/bin:$PATH
# The server embeds this folder; cargo wants it there even before the first bundle.
mkdir -p app/bundle/dist

say() { printf 'troupe: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# step WORDS COMMAND...: says what it does, and how long it took.
step() {
  local words=$1 start=$SECONDS
  shift
  say "$words"
  "$@" || die "failed: $words (after $((SECONDS - start)) s)"
  say "done: $words ($((SECONDS - start)) s)"
}

# as_root COMMAND...
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# packages WHY NAME...: installs what the system's package manager does not have yet.
packages() {
  local why=$1
  shift
  command -v apt-get >/dev/null || die "$why: please install $* with your package manager, and try again"
  say "$why: installing $*"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -y -qq)
  as_root "${apt[@]}" update >/dev/null || say "the list of packages could not be renewed; trying with the old one"
  as_root "${apt[@]}" install --no-install-recommends "$@" >/dev/null ||
    die "$why: please install $* by hand, and try again"
}

# need COMMAND PACKAGE WHY
need() { command -v "$1" >/dev/null || packages "$3" "$2"; }

# toolchain: makes cargo one that can build for browsers; nothing to do where the pinned one can.
toolchain() {
  local name
  name=$(.ci/toolchain) || die "no Rust toolchain: install rustup from https://rustup.rs and try again"
  if [ "$name" != pinned ]; then export RUSTUP_TOOLCHAIN=$name; fi
}

# build: the server and the bundler, as the tests build them.
build() {
  local quiet=(--quiet)
  [ ! -t 2 ] || quiet=() # a person likes to see that it moves
  cargo build "${quiet[@]}" "${HOST[@]}" --bins
}

# bundle ARGUMENTS...: what the browser loads.
bundle() { "$TARGET/debug/troupe-bundle" "$@"; }
