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

os_release ()
{
  (. /etc/os-release && eval "printf '%s' \"\${$1:-}\"")
}

# version_at_least FLOOR VERSION
version_at_least ()
{
  [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

# Whether this system's own packages reach the floor: GTK 4.18, libadwaita 1.7.
system_has_floor ()
{
  local id version
  id=$(os_release ID)
  version=$(os_release VERSION_ID)
  case $id in
    debian) version_at_least 13 "${version:-99}" ;; # testing and unstable carry no version
    ubuntu) version_at_least 25.04 "$version" ;;
    *) pkg-config --exists 'gtk4 >= 4.18' 'libadwaita-1 >= 1.7' 'glib-2.0 >= 2.84' 'libzip >= 1.11' 2>/dev/null ;;
  esac
}

# Installs what build-aux/debian-packages names and this system lacks. Looks only where packages changed since.
install_missing ()
{
  local stamp=$builds/packages missing
  command -v dpkg-query >/dev/null || return 0 # not Debian: meson names what is missing
  [[ $stamp -nt /var/lib/dpkg/status && $stamp -nt $src/build-aux/debian-packages ]] && return
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
