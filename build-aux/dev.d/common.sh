# SPDX-License-Identifier: GPL-3.0-or-later
# Paths and small helpers that every part of ./dev uses.
# shellcheck shell=bash

cache=${XDG_CACHE_HOME:-$HOME/.cache}/stateroom
# A run in CI keeps apart from everything that was made before it, and leaves nothing behind.
[[ -z ${CI:-} ]] || cache=$cache/ci
builds=$cache/build/$(basename "$src")-$(printf '%s' "$src" | cksum | cut -d ' ' -f 1)

say ()
{
  printf 'dev: %s\n' "$*" >&2
}

die ()
{
  say "$*"
  exit 1
}

# logged LOG CMD...: runs CMD with its output in LOG, which is shown where CMD fails.
logged ()
{
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null || { tail -n 200 "$log" >&2; die "failed (log: $log): $*"; }
}

# The names in build-aux/debian-packages, one a line.
packages ()
{
  sed -e 's/[[:space:]]*#.*//' -e '/^$/d' "$src/build-aux/debian-packages"
}
