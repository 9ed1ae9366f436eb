# SPDX-License-Identifier: GPL-3.0-or-later
# Paths and small helpers that every part of ./dev uses.
# shellcheck shell=bash

[[ -n ${HOME:-} ]] || export HOME=~ # which bash looks up
package_list=$src/build-aux/debian-packages
cache=${XDG_CACHE_HOME:-$HOME/.cache}/stateroom
# A run in CI keeps apart from everything that was made before it, and leaves nothing behind.
[[ -z ${CI:-} ]] || cache=$cache/ci

# Short names for this source tree and for its list of packages. Starting a process costs more than it seems:
# ./dev exec is to feel like no wrapper at all, so what bash can do itself is not left to others.
{
  read -r tree_sum _
  read -r list_sum _
} < <(cksum - "$package_list" <<<"$src")
builds=$cache/build/${src##*/}-$tree_sum

export PYTHONDONTWRITEBYTECODE=1 # nothing is written into the source tree

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
  sed -e 's/[[:space:]]*#.*//' -e '/^$/d' "$package_list"
}
