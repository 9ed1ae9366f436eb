#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The folder ../shared, where the host has one, is seen by tests, and cannot be written.
set -euo pipefail
[[ -n ${STATEROOM_SHARED:-} ]] || { echo "no ../shared on this machine"; exit 77; }
[[ $STATEROOM_SHARED -ef $1/../shared ]] || { echo "$STATEROOM_SHARED is not $1/../shared"; exit 1; }
[[ $(ls -A "$STATEROOM_SHARED" | wc -l) -eq $STATEROOM_SHARED_ENTRIES ]] \
  || { echo "$STATEROOM_SHARED has $(ls -A "$STATEROOM_SHARED" | wc -l) entries, outside $STATEROOM_SHARED_ENTRIES"; exit 1; }
