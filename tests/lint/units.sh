#!/bin/bash
# SPDX-License-Identifier: MIT
# The units are as closed as they were meant: an exposure of 0.6 at most.
. "$(dirname "$0")/lib.bash"

for name in tixd tixd-backup; do
	unit=$top_builddir/daemon/systemd/$name.service
	if ! command -v systemd-analyze >/dev/null && [ "${TEST_POSTGRES:-}" = required ]; then
		verdict "exposure of $name.service" \
			"systemd-analyze is not installed, where all packages should be"
	elif ! command -v systemd-analyze >/dev/null; then
		skip "exposure of $name.service" "systemd-analyze is not installed"
	else
		verdict "exposure of $name.service" "$(systemd-analyze security --no-pager --offline=true \
			--threshold=6 "$unit" >"$top_builddir/tests/lint/units.out" 2>&1 ||
			tail -n 3 "$top_builddir/tests/lint/units.out")"
	fi
done
plan
