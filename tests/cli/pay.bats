#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Orders that are paid by bank transfer, as finance types it.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	tix event create fair --name Fair --start 2031-06-13 --zone Europe/Berlin --currency EUR -q
	tix category create fair/ga --price 45.00 --size 10 -q
	tix event publish fair -q
}

teardown() {
	tix_teardown
}

field() { # jq-filter command...
	local filter=$1
	shift
	"$@" --json | jq -r "$filter"
}

@test "an order waits for its transfer, and is sold by it" {
	code=$(field .code tix order create fair --line ga:2 --pay bank --name "A. Buyer")
	[ "$(field '.state, .money' tix order show "$code" | paste -sd' ')" = "pending unpaid" ]
	[ "$(field .held tix quota show fair/ga)" -eq 2 ]
	[ "$(field .state tix order extend "$code" --expires +14d)" = pending ]
	run -2 tix payment record "$code" --amount 30 --kind bank </dev/null
	[[ $output == *unconfirmed* ]]
	tix payment record "$code" --amount 30 --kind bank --yes -q
	[ "$(tix order list --money partly_paid --fields code)" = "$code" ]
	[ "$(field '.order_state, .money' tix payment record "$code" --amount 60.01 --kind bank \
		--reference "tickets fair" --yes | paste -sd' ')" = "paid overpaid" ]
	[ "$(tix order list --money overpaid,partly_paid,unpaid --fields code)" = "$code" ]
	[ "$(field .reference tix payment show "$code/p2")" = "tickets fair" ]
	[ "$(tix payment list fair --kind bank --fields payment | paste -sd' ')" = "$code/p1 $code/p2" ]
	[ "$(field .amount.amount tix refund create "$code" --yes)" -eq 1 ]
	[ "$(field .sold tix quota show fair/ga)" -eq 2 ]
	run -2 tix payment record nothing-like-it --amount 1 --kind bank --yes
	tix audit
}
