# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev fuzz and ./dev soak: what is too long for every run.
# shellcheck shell=bash

# fuzz_all [SECONDS]: libFuzzer on opening files, from the fixtures on. What it finds lies in the cache folder; see the last lines.
fuzz_all ()
{
  local seconds=${1:-60} corpus=$builds/fuzz-corpus found=$builds/fuzz-found
  command -v clang >/dev/null || die "fuzzing needs clang"
  CC=clang build fuzz tests/fuzz/fuzz-load
  mkdir -p "$corpus" "$found"
  say "fuzzing for $seconds s; what breaks it comes to $found"
  "$builds/fuzz/tests/fuzz/fuzz-load" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$found/" "$corpus" "$src/tests/fixtures/torch-2.13"
}

# soak_all: flips and cuts of every byte of every fixture under the sanitizers, for hours; the figures go to soak.txt in the cache folder.
soak_all ()
{
  local log=$builds/soak.txt part n_parts
  n_parts=$(nproc)
  build sanitize
  source "$aux/test.sh"
  test_environment
  say "every byte of every fixture; the figures come to $log"
  for ((part = 0; part < n_parts; part++))
  do
    SOAK=1 "$builds/sanitize/tests/fuzz/damage" --tap "$src/tests/fixtures/torch-2.13" "$part" "$n_parts" >"$log.$part" 2>&1 &
  done
  wait
  cat "$log".* >"$log"
  printf '%d passed, %d failed\n' "$(grep -c '^ok' "$log")" "$(grep -c '^not ok' "$log")"
}
