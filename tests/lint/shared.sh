#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# shared.sh ROOT: tests see the folder ../shared where the host has one (./dev says so), and cannot write it.
set -euo pipefail
[[ -n ${STATEROOM_SHARED:-} ]] || { echo "no ../shared on this machine"; exit 77; }
[[ $STATEROOM_SHARED -ef $1/../shared ]] || { echo "$STATEROOM_SHARED is not $1/../shared"; exit 1; }
[[ -n $(ls -A "$STATEROOM_SHARED") ]] || { echo "$STATEROOM_SHARED is empty"; exit 1; }
