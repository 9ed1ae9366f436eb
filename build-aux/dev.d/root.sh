# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian 13 root: making it, and running ./dev inside it.
# shellcheck shell=bash

root=$cache/trixie

inside_root ()
{
  [[ -e /run/stateroom-dev ]]
}

# The mirror that this Debian uses, or nothing: then debootstrap's own default serves.
host_mirror ()
{
  local uri
  read_os_release
  [[ $os_id == debian ]] || return 0
  uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null \
    | awk -v suite="$os_codename" -f "$aux/mirror.awk")
  # Cloud images name a file that lists mirrors.
  [[ $uri != mirror+file:* ]] || uri=$(sed -e 's/[[:space:]].*//' -e '/^$/d' -e q "${uri#mirror+file:}")
  printf '%s' "$uri"
}

# Those of the host's settings of apt that say how to reach a mirror.
host_apt_settings ()
{
  command -v apt-config >/dev/null || return 0
  apt-config dump | grep -E '^Acquire::(https?::|Retries|Check-Date|Check-Valid-Until|ForceIPv)' \
    | grep -v -e 'Proxy-Auto-Detect' || true
}

# What root-make needs to know, in the folder $1: sudo passes no environment on.
write_settings ()
{
  local name
  packages >"$1/packages"
  host_apt_settings >"$1/apt.conf"
  host_mirror >"$1/mirror"
  for name in http_proxy https_proxy ftp_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY
  do
    [[ -z ${!name:-} ]] || printf 'export %s=%q\n' "$name" "${!name}"
  done >"$1/environment"
}

install_debootstrap ()
{
  command -v debootstrap >/dev/null || [[ -x /usr/sbin/debootstrap ]] && return
  command -v apt-get >/dev/null || die "this system has neither GTK 4.18 nor debootstrap: install one of them"
  say "installing debootstrap with apt-get"
  logged "$cache/apt.log" "${sudo_cmd[@]}" apt-get update
  logged "$cache/apt.log" "${sudo_cmd[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends debootstrap debian-archive-keyring
}

# run_root_make new|add STAMP
run_root_make ()
{
  local settings rc=0
  settings=$(mktemp -d)
  write_settings "$settings"
  "${sudo_cmd[@]}" unshare --mount \
    bash "$aux/root-make" "$1" "$root" "$2" "$EUID:${GROUPS[0]}" "$settings" >"$root.log" 2>&1 </dev/null || rc=$?
  rm -r "$settings"
  return $rc
}

new_root ()
{
  local start=$SECONDS
  install_debootstrap
  say "making a Debian 13 root with all packages in $root (once, a few minutes; log: $root.log)"
  run_root_make new "$1" || { tail -n 40 "$root.log" >&2; die "could not make the Debian 13 root; whole log: $root.log"; }
  say "made in $((SECONDS - start)) s"
}

add_to_root ()
{
  [[ -d $root ]] || return 1
  say "the list of packages changed: adding to the Debian 13 root"
  run_root_make add "$1"
}

# Makes the root, or adds to it what the list of packages names since. Two at once wait for each other.
make_root ()
{
  local stamp=var/lib/stateroom/$list_sum
  [[ ! -e $root/$stamp ]] || return 0
  mkdir -p "$cache"
  (
    flock 9
    [[ -e $root/$stamp ]] || add_to_root "$stamp" || new_root "$stamp"
  ) 9>"$root.lock"
}

# Adds to folders an existing folder that the word $1 of a command line names, or that holds the file it names.
add_folder_of ()
{
  local word=$1
  [[ $word != -*=* ]] || word=${word#*=}
  [[ $word == */* || -e $word ]] || return 0 # neither a path nor a file here: some other word
  if [[ ! -d $word ]]
  then
    [[ ! -L $word ]] || folders+=("$(dirname -- "$(realpath -m -- "$word")")") # what a link names lies elsewhere
    [[ $word == */* ]] || word=./$word
    word=${word%/*}/
  fi
  [[ ! -d $word ]] || folders+=("$(realpath -s -- "$word")")
}

# Sets folders: what commands inside must see beside the Debian root. $@ is the command line.
find_folders ()
{
  local word gitdir
  folders=("$src" "$PWD" "$HOME" "$cache" /tmp /var/tmp)
  [[ -z ${TMPDIR:-} ]] || folders+=("$TMPDIR")
  [[ -z ${XDG_RUNTIME_DIR:-} ]] || folders+=("$XDG_RUNTIME_DIR")
  [[ ${XAUTHORITY:-} != /*/* ]] || folders+=("${XAUTHORITY%/*}")
  if [[ -f $src/.git ]] && read -r _ gitdir <"$src/.git"
  then
    folders+=("${gitdir%/worktrees/*}") # of a second working tree
  fi
  for word
  do
    add_folder_of "$word"
  done
}

leave ()
{
  [[ -z ${scratch:-} ]] || rm -rf "$scratch"
  [[ -z ${CI:-} ]] || remove_ci
}

# Runs ./dev with the arguments inside the root, as the caller, in the caller's folder.
enter ()
{
  local alive folders folder options groups rc=0
  scratch=$(mktemp -d)
  exec {alive}>"$scratch/alive"
  flock "$alive" # held as long as this script lives; see root-enter
  [[ $EUID -eq 0 ]] || env -0 >"$scratch/environment" # sudo lets little of it through
  printf -v groups '%s,' "${GROUPS[@]}"
  options=(--root "$root" --user "$EUID:${GROUPS[0]}" --groups "${groups%,}" --name "${USER:-user}"
    --scratch "$scratch" --folder "$PWD" --home "$HOME" --shared "${src%/*}/shared")
  find_folders "$@"
  for folder in "${folders[@]}"
  do
    options+=(--bind "$folder")
  done
  "${sudo_cmd[@]}" unshare --mount --pid --fork --kill-child \
    bash "$aux/root-enter" "${options[@]}" -- "$src/dev" "$@" {alive}>&- || rc=$?
  case $rc in
    132 | 134 | 135 | 136 | 139) say "ended by SIG$(kill -l $rc)" ;;
  esac
  return $rc
}

# CI starts from nothing and leaves nothing; a second run waits for the first.
begin_ci ()
{
  mkdir -p "${cache%/*}"
  exec {ci_lock}>"$cache.lock"
  flock "$ci_lock"
  remove_ci
}

remove_ci ()
{
  "${sudo_cmd[@]}" rm -rf --one-file-system "$cache"
}

in_root ()
{
  need_root "to mount the Debian 13 root"
  trap leave EXIT
  [[ -z ${CI:-} ]] || begin_ci
  make_root
  enter "$@"
}
