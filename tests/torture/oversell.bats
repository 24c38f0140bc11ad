#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Many clients against one quota that is smaller than the demand: sold is size exactly, everyone else is told what is left.
# TORTURE_SECONDS: how long each run takes.

load lib.bash

setup() {
	torture_setup
	start_tixd
}

teardown() {
	torture_teardown
}

# oversell SIZE TICKETS SOLD: SOLD orders fit, whatever the number of clients.
oversell() {
	run tix bench onsale --clients 64 --seconds "${TORTURE_SECONDS:-3}" --size "$1" --tickets "$2" --seed "$seed"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(value sold)" -eq "$3" ]
	[ "$(value refused)" -gt 0 ]
	[ "$(value failed)" -eq 0 ]
	run tix audit
	echo "$output"
	[ "$status" -eq 0 ]
	stop_tixd
}

@test "one seat an order, to the last seat" {
	oversell 1000 1 1000
}

@test "three seats an order: what is left over fits nobody" {
	oversell 1000 3 333
}
