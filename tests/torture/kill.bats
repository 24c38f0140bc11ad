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

# killer KILLS|failpoints [TIXD]
killer() {
	run "$top_builddir/tests/torture/killer" "${2:-$top_builddir/tixd}" "$dir" "$seed" 16 "$1"
	echo "$output"
	tail -n 20 "$dir/log"
}

@test "killed at random moments of a sale" {
	killer "${TORTURE_KILLS:-5}"
	[ "$status" -eq 0 ]
	echo "# ${output//$'\n'/$'\n# '}" >&3
}

@test "killed at each failpoint" {
	[ "${TEST_FAILPOINTS:-no}" = yes ] || skip "built without --enable-failpoints"
	killer failpoints
	[ "$status" -eq 0 ]
	echo "# ${output//$'\n'/$'\n# '}" >&3
}

@test "a daemon that forgets what it acknowledged is found out" {
	forgetful_tixd
	killer 3 "$dir/forgetful"
	[ "$status" -eq 1 ]
	[[ $output == *"had to be sold again"* || $output == *" is now "* ]]
}

@test "a large store answers soon after kill -9" {
	local began tries
	start_tixd
	run tix bench onsale --orders "${TORTURE_ORDERS:-30000}" --clients 64 --sample 20 --seed "$seed"
	echo "$output"
	[ "$status" -eq 0 ]
	kill -KILL "$daemon"
	wait "$daemon" || true
	began=$(date +%s%N)
	tixd --store "sqlite:$dir/tix.db" --socket "$dir/sock" 2>"$dir/log" 3>&- &
	daemon=$!
	for ((tries = 0; tries < 5000 * patience; tries++)); do
		! tix api system.status >/dev/null 2>&1 || break
	done
	began=$((($(date +%s%N) - began) / 1000000))
	echo "# answered after $began ms (goal: 1000)" >&3
	[ $began -lt $((10000 * patience)) ]
	run tix audit
	echo "$output"
	[ "$status" -eq 0 ]
	stop_tixd
}
