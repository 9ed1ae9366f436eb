# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev test: runs the suites, then the C suites again under the sanitizers, and counts.
# shellcheck shell=bash

sanitized_suites=(libckpt plot ckpt stateroom hostile fuzz)

# The suites that meson knows.
suites ()
{
  meson introspect --tests "$builds/plain" | python3 "$aux/count-tests.py" --suites
}

# Those of the words before -- that are among the words after it.
both ()
{
  local -a first=()
  while [[ $1 != -- ]]
  do
    first+=("$1")
    shift
  done
  shift
  comm -12 <(printf '%s\n' "${first[@]}" | sort) <(printf '%s\n' "$@" | sort)
}

# run_suites VARIANT SUITE...: runs them; the log that count-tests.py reads is $logs/VARIANT.json.
run_suites ()
{
  local variant=$1 suite slow=2 words=()
  shift
  [[ $# -gt 0 ]] || return 0
  for suite
  do
    words+=(--suite "stateroom:$suite")
  done
  [[ $variant == plain ]] || slow=5
  say "running ($variant): $*"
  use_built "$variant"
  meson test -C "$builds/$variant" --no-rebuild --print-errorlogs --num-processes "$(nproc)" \
    --timeout-multiplier "$slow" --logbase "$run-$variant" "${words[@]}" </dev/null || failed=1
  logs+=("$builds/$variant/meson-logs/$run-$variant.json")
}

test_environment ()
{
  export ASAN_OPTIONS=${ASAN_OPTIONS:-strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1:suppressions=$src/tests/asan.supp}
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
  export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$src/tests/lsan.supp:print_suppressions=0}
}

test_all ()
{
  local run=run-$EPOCHREALTIME failed=0 logs=() known wanted sanitized
  build plain
  mapfile -t known < <(suites)
  wanted=("$@")
  [[ $# -gt 0 ]] || wanted=("${known[@]}")
  [[ $(both "${wanted[@]}" -- "${known[@]}" | wc -l) -eq $(printf '%s\n' "${wanted[@]}" | sort -u | wc -l) ]] \
    || die "no such suite among: $*; there are: ${known[*]}"
  test_environment
  run_suites plain "${wanted[@]}"
  mapfile -t sanitized < <(both "${wanted[@]}" -- "${sanitized_suites[@]}")
  if [[ ${#sanitized[@]} -gt 0 && ${#known[@]} -gt 0 ]]
  then
    build sanitize
    run_suites sanitize "${sanitized[@]}"
  fi
  python3 "$aux/count-tests.py" "${logs[@]}" || failed=1
  return $failed
}
