# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for ckpt
# shellcheck shell=bash

_ckpt ()
{
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} options
  COMPREPLY=()

  if [[ $COMP_CWORD -eq 1 ]]
  then
    mapfile -t COMPREPLY < <(compgen -W 'info ls get stats --help --limits --version' -- "$word")
    return
  fi

  case $previous in
    -k | --keys | -w | --where | --threads | --bins) return ;;
    --fail-on)
      mapfile -t COMPREPLY < <(compgen -W 'nan inf all-zero constant dead-rows dead-columns odd-scale fits-bfloat16 fits-float16' -- "$word")
      return
      ;;
  esac

  case ${COMP_WORDS[1]} in
    info) options='--help --json' ;;
    ls) options='--all --bytes --help --json --keys --tensors --where' ;;
    get) options='--help --json --output' ;;
    stats) options='--bins --csv --fail-on --findings --help --json --keys --merge --percentiles --threads' ;;
    *) return ;;
  esac

  if [[ $word == -* ]]
  then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}

complete -F _ckpt ckpt
