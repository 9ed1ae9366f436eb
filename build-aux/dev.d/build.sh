# SPDX-License-Identifier: GPL-3.0-or-later
# Building. Each variant has a folder of its own in the cache, keyed by the source tree.
# shellcheck shell=bash

# In the Debian 13 root the compiler is known, so a warning is an error; clang, for fuzzing, and gcc at -O3 have warnings of their own, some of
# them wrong.
setup_options ()
{
  inside_root && [[ $1 != fuzz && $1 != release ]] && printf '%s\n' --werror
  case $1 in
    plain) printf '%s\n' --buildtype=debugoptimized ;;
    release) printf '%s\n' --buildtype=release -Db_lto=true ;; # as distributions build
    fuzz) printf '%s\n' --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Dfuzzing=true ;;
    sanitize) printf '%s\n' --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false ;;
  esac
}

# build VARIANT [TARGET...]: sets up and compiles all, or the targets; says nothing unless it fails. Two at once wait for each other.
build ()
{
  local dir=$builds/$1 log=$builds/$1.log options known=''
  options=$(setup_options "$1")
  shift
  [[ -d $builds ]] || mkdir -p "$builds"
  (
    flock 9
    [[ ! -e $dir/dev-options ]] || known=$(<"$dir/dev-options")
    if [[ ! -e $dir/build.ninja || $known != "$options" ]]
    then
      rm -rf "$dir"
      # shellcheck disable=SC2086 # several words
      logged "$log" meson setup $options "$dir" "$src"
      printf '%s\n' "$options" >"$dir/dev-options"
    fi
    logged "$log" ninja --quiet -C "$dir" -j "$(nproc)" "$@"
  ) 9>"$dir.lock"
}

# Puts the programs of VARIANT on the PATH.
use_built ()
{
  export PATH=$builds/$1/src/ckpt:$builds/$1/src/stateroom:$PATH
  export GSETTINGS_SCHEMA_DIR=$builds/$1/data
}
