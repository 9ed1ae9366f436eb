# SPDX-License-Identifier: GPL-3.0-or-later
# What system this is, becoming root, and installing packages on it.
# shellcheck shell=bash

# need_root WHY: sets sudo_cmd, the words that run a command as root.
# At a terminal sudo itself may want the password; elsewhere nothing can answer it.
need_root ()
{
  sudo_cmd=()
  [[ $EUID -ne 0 ]] || return 0
  command -v sudo >/dev/null || die "needs root or sudo $1"
  sudo_cmd=(sudo -n)
  sudo -n true 2>/dev/null && return
  [[ -t 0 ]] || die "needs root $1, and sudo wants a password: run it at a terminal, or as root"
  sudo_cmd=(sudo)
}

# Sets os_id, os_version and os_codename.
read_os_release ()
{
  local key value
  os_id='' os_version='' os_codename=''
  while IFS='=' read -r key value
  do
    value=${value//[\"\']/}
    case $key in
      ID) os_id=$value ;;
      VERSION_ID) os_version=$value ;;
      VERSION_CODENAME) os_codename=$value ;;
    esac
  done </etc/os-release
}

# Whether this system's own packages reach the floor: GTK 4.18, libadwaita 1.7.
system_has_floor ()
{
  read_os_release
  case $os_id in
    debian) [[ ${os_version:-99} -ge 13 ]] ;; # testing and unstable carry no version
    ubuntu) [[ ${os_version//./} -ge 2504 ]] ;;
    *) pkg-config --exists 'gtk4 >= 4.18' 'libadwaita-1 >= 1.7' 'glib-2.0 >= 2.84' 'libzip >= 1.11' 2>/dev/null ;;
  esac
}

# Installs what build-aux/debian-packages names and this system lacks. Looks only where packages changed since.
install_missing ()
{
  local stamp=$builds/packages missing
  command -v dpkg-query >/dev/null || return 0 # not Debian: meson names what is missing
  [[ $stamp -nt /var/lib/dpkg/status && $stamp -nt $package_list ]] && return
  mapfile -t missing < <(comm -23 <(packages | sort) <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort))
  mkdir -p "$builds"
  if [[ ${#missing[@]} -gt 0 ]]
  then
    need_root "to install packages"
    say "installing with apt-get: ${missing[*]}"
    logged "$builds/apt.log" "${sudo_cmd[@]}" apt-get update
    logged "$builds/apt.log" "${sudo_cmd[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install --yes --no-install-recommends -- "${missing[@]}"
  fi
  touch "$stamp"
}
