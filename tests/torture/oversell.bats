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

@test "a category that was there before, with seats held and blocked" {
	tix event create fair --name Fair --start +30d --currency EUR
	tix category create fair/ga --price 45.00 --size 1000
	tix event publish fair
	tix order create fair --line ga:7 --pay cash
	tix hold create fair --line ga:5
	tix quota block fair/ga 8
	run tix bench onsale fair/ga --clients 64 --orders 600 --seed "$seed"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(value sold)" -eq 490 ]
	[ "$(value refused)" -eq 110 ]
	[ "$(tix quota show fair/ga --fields sold,held,blocked,free)" = $'987\t5\t8\t0' ]
	run tix bench onsale fair/none
	[ "$status" -eq 4 ]
	run tix bench onsale fair
	[ "$status" -eq 2 ]
	tix audit
	stop_tixd
}
