#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Orders that are paid by bank transfer, as finance types it.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	make_fair 10 --zone Europe/Berlin
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
	[[ $(tix order show "$code" -o table) == *pending*unpaid*until* ]]
	[[ $(tix doctor "$code") == *"awaits its money"*"tix order extend $code"* ]]
	run -2 tix payment record "$code" --amount 30 --kind bank </dev/null
	[[ $output == *unconfirmed* ]]
	tix payment record "$code" --amount 30 --kind bank --yes -q
	[ "$(tix order list --money partly_paid --fields code)" = "$code" ]
	[ "$(field '.order_state, .money' tix payment record "$code" --amount 60.01 --kind bank \
		--reference "tickets fair" --yes | paste -sd' ')" = "paid overpaid" ]
	[ "$(tix order list --money overpaid,partly_paid,unpaid --fields code)" = "$code" ]
	[ "$(field .reference tix payment show "$code/p2")" = "tickets fair" ]
	[[ $(tix order show "$code" -o table) == *"paid"*"overpaid"*"payment  bank"*"tickets fair"* ]]
	[[ $(tix order explain "$code" -o table) == *"bank: tickets fair"* ]]
	[[ $(tix show "$code" -o table) == *"tickets fair"* ]]
	[[ $(tix payment show "$code/p1" -o table) == *"amount"*30.00* ]]
	[ "$(tix payment list fair --kind bank --fields payment | paste -sd' ')" = "$code/p1 $code/p2" ]
	[ "$(field .amount.amount tix refund create "$code" --yes)" -eq 1 ]
	[ "$(field .sold tix quota show fair/ga)" -eq 2 ]
	run -2 tix payment record nothing-like-it --amount 1 --kind bank --yes
	tix audit
}

@test "an order changes while it waits, and may be paid by that" {
	code=$(field .code tix order create fair --line ga:3 --pay bank)
	[ "$(field .difference.amount tix order change "$code" --remove "$code/3" --yes)" -eq -4500 ]
	[ "$(field .held tix quota show fair/ga)" -eq 2 ]
	tix payment record "$code" --amount 45 --kind bank --yes -q
	[ "$(field '.state, .money' tix order change "$code" --remove 2 --yes | paste -sd' ')" = "paid paid" ]
	[ "$(field .sold tix quota show fair/ga)" -eq 1 ]
	[ "$(field .held tix quota show fair/ga)" -eq 0 ]
	tix audit
}

@test "a day is closed" {
	code=$(field .code tix order create fair --line ga:2 --pay bank)
	tix order create fair --line ga:1 --pay cash -q
	tix payment record "$code" --amount 30 --kind bank --yes -q
	run -0 tix report close today
	[ "${lines[2]}" = $'sold\treceivable\tsales\t2\t135.00' ]
	[ "${lines[4]}" = $'paid_cash\tcash\treceivable\t1\t45.00' ]
	[ "${lines[5]}" = $'paid_bank\tbank\treceivable\t1\t30.00' ]
	[ "${lines[10]}" = $'receivable\treceivable\t\t\t60.00' ]
	[ "$(field '.items[10].amount.amount' tix report close today --event fair)" -eq 6000 ]
	run -2 tix report close now
	[[ $(tix report close today -o table) == *WHAT*DEBIT*CREDIT*COUNT*AMOUNT*sold*135.00* ]]
}

@test "money is printed with the decimals of its currency" {
	for money in JPY:4500 KWD:4.505 CLF:0.4501; do
		currency=${money%:*} price=${money#*:}
		tix event create "in-${currency,,}" --name E --start 2031-06-13 --currency "$currency" -q
		tix category create "in-${currency,,}/ga" --price "$price" --size 5 -q
		tix event publish "in-${currency,,}" -q
		code=$(field .code tix order create "in-${currency,,}" --line ga:1 --pay bank)
		[ "$(tix order show "$code" --fields total,total.currency)" = "$price"$'\t'"$currency" ]
		[[ $(tix payment record "$code" --amount "$price" --kind bank --yes -o table) == *"$price"* ]]
		[[ $(tix report close today --event "in-${currency,,}") == *"paid_bank"*$'\t'"$price"$'\n'* ]]
		run -2 tix payment record "$code" --amount 0.00001 --kind bank --yes
	done
	tix audit
}

@test "sales by day, hour and category" {
	tix order create fair --line ga:2 --pay cash -q
	tix order create fair --line ga:1 --pay cash -q
	day=$(tix order list fair --limit 1 --fields created | cut -c1-10)
	[ "$(tix report sales fair)" = "$day"$'\t2\t3\t135.00\t0.00' ]
	[ "$(tix report sales fair --by category)" = $'ga\t2\t3\t135.00\t0.00' ]
	[ "$(tix report sales fair --by hour | cut -f2-4)" = $'2\t3\t135.00' ]
	[ -z "$(tix report sales fair --until 2025-01-01)" ]
	[[ $(tix report sales fair -o table) == *KEY*ORDERS*TICKETS*AMOUNT*REFUNDED* ]]
}
