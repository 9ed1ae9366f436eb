# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for ckpt
# shellcheck shell=bash

_ckpt ()
{
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} options=''
  local edits='--device --unwrap --prefix --unwrap-object --state-dict --train --eval --rename --rename-prefix --rename-regex --remove --keep --duplicate --set --insert --cast --compact --split --remove-optimizer --keep-ema --weights-only --reads-in'
  COMPREPLY=()

  if [[ $COMP_CWORD -eq 1 ]]
  then
    mapfile -t COMPREPLY < <(compgen -W 'info ls get stats edit export plot --help --limits --version' -- "$word")
    return
  fi

  case ${COMP_WORDS[1]}:$previous in
    ls:-[kw] | stats:-k | edit:-e | edit:--edit | plot:-[sbr] | *:--keys | *:--where | *:--threads | *:--size | *:--bins | *:--range | *:--slice) return ;;
    stats:--fail-on) options='nan inf all-zero constant dead-rows dead-columns odd-scale fits-bfloat16 fits-float16' ;;
    edit:--format | export:--format) options='zip legacy safetensors' ;;
    export:--reads-in) options='any 1.6 1.5' ;;
    plot:-k | *:--kind) options='histogram boxes heatmap sparkline' ;;
    *:--scale) options='linear symlog' ;;
    *:--reduce) options='mean min max' ;;
  esac
  if [[ -n $options ]]
  then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi

  case ${COMP_WORDS[1]} in
    info) options='--help --json --verbose' ;;
    ls) options='--all --bytes --help --json --keys --tensors --where' ;;
    get) options='--help --json --output' ;;
    stats) options='--bins --csv --depth --fail-on --findings --help --json --keys --merge --percentiles --threads' ;;
    edit) options="--backup --dry-run --edit --force --format --help --in-place --json --leave-out --recipe --to $edits" ;;
    export) options='--backup --cpu --dry-run --force --format --help --json --leave-out --reads-in --share --to' ;;
    plot) options='--bins --dark --help --kind --log-counts --output --range --reduce --scale --size --slice' ;;
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
