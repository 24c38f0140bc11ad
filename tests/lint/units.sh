#!/bin/bash
# SPDX-License-Identifier: MIT
# The unit of the core is as closed as it was meant: an exposure of 0.6 at most.
. "$(dirname "$0")/lib.bash"

unit=$top_builddir/daemon/systemd/tixd.service
if ! command -v systemd-analyze >/dev/null && [ "${TEST_POSTGRES:-}" = required ]; then
	verdict "exposure of tixd.service" "systemd-analyze is not installed, where all packages should be"
elif ! command -v systemd-analyze >/dev/null; then
	skip "exposure of tixd.service" "systemd-analyze is not installed"
else
	verdict "exposure of tixd.service" "$(systemd-analyze security --no-pager --offline=true \
		--threshold=6 "$unit" >"$top_builddir/tests/lint/units.out" 2>&1 ||
		tail -n 3 "$top_builddir/tests/lint/units.out")"
fi
plan
