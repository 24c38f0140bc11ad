#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# kill -9 in the middle of a sale: what was acknowledged is there once, its key answers as at first, the audit is clean.
# TORTURE_KILLS: how often; TORTURE_SEED: the seed of an earlier run.

load lib.bash

setup() {
	torture_setup
}

teardown() {
	torture_teardown
}

killer() {
	run "$top_builddir/tests/torture/killer" "$top_builddir/tixd" "$dir" "$seed" 16 "$1"
	echo "$output"
	[ "$status" -eq 0 ] || tail -n 20 "$dir/log"
	[ "$status" -eq 0 ]
}

@test "killed at random moments of a sale" {
	killer "${TORTURE_KILLS:-5}"
	echo "# ${output//$'\n'/$'\n# '}" >&3
}

@test "killed at each failpoint" {
	[ "${TEST_FAILPOINTS:-no}" = yes ] || skip "built without --enable-failpoints"
	killer failpoints
	echo "# ${output//$'\n'/$'\n# '}" >&3
}
