#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every noun and verb once as it is typed, and what it then shows.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
}

teardown() {
	tix_teardown
}

make_fair() {
	tix event create fair --name Fair --start 2031-06-13 --zone Europe/Berlin --currency EUR -q
	tix category create fair/ga --price 45.00 --size 10 -q
	tix event publish fair -q
}

field() { # jq-filter command...
	local filter=$1
	shift
	"$@" --json | jq -r "$filter"
}

@test "organizers" {
	tix organizer create acme --name Acme -q
	tix organizer set acme --name "Acme Ltd" -q
	[ "$(field .name tix organizer show acme)" = "Acme Ltd" ]
	[ "$(field '.items | length' tix organizer list)" -eq 2 ]
	run -3 tix organizer create acme --name Again
	run -4 tix organizer show nobody
}

@test "venues" {
	tix venue create hall --name Hall --city Köln --zone Europe/Berlin --latitude 50.9375 --longitude 6.9603 -q
	tix venue set hall --name "Great Hall" -q
	[ "$(field '.name, .latitude, .city' tix venue show hall | paste -sd' ')" = "Great Hall 50.9375 Köln" ]
	[ "$(field '.items[0].venue' tix venue list)" = hall ]
	run -2 tix venue create bad --name Bad --zone Mars/Base
	[[ $output == *zone* ]]
	run -2 tix venue create bad --name Bad --zone UTC --latitude 91
	[[ $output == *latitude* ]]
}

@test "an event from draft to sale and back" {
	tix event create fair --name Fair --start "2031-06-13 20:00" --zone Europe/Berlin --currency EUR -q
	run -3 tix event publish fair
	tix category create fair/ga --price 45.00 --size 10 -q
	[ "$(field .status tix event publish fair)" = published ]
	tix event set fair --name "Big Fair" --tags music,open-air --doors "2031-06-13 19:00" -q
	[ "$(field '.name, .doors, (.tags | join(" "))' tix event show fair | paste -sd' ')" = "Big Fair 2031-06-13T17:00:00Z music open-air" ]
	[ "$(field '.items[0].event' tix event list --words 'big fa*')" = fair ]
	[ "$(field .status tix event unpublish fair)" = draft ]
	tix event publish fair -q
	tix order create fair --line ga:1 --pay cash -q
	run -3 tix event unpublish fair
}

@test "an event comes to its end, or is called off" {
	tix event create fair --name Fair --start "2025-06-13 20:00" --zone UTC --currency EUR -q
	tix category create fair/ga --price 45.00 --size 10 -q
	run -3 tix event end fair
	[[ $output == *"fair is draft"*"cannot make it ended"* ]]
	tix event publish fair -q
	[ "$(field .status tix event end fair)" = ended ]
	run -3 tix event publish fair
	run -3 tix order create fair --line ga:1 --pay cash
	make_gone() { tix event create gone --name Gone --start 2031-06-13 --zone UTC --currency EUR -q; }
	make_gone
	run -2 tix event cancel gone </dev/null
	[[ $output == *unconfirmed* ]]
	[ "$(field .status tix event cancel gone -n)" = cancelled ]
	[ "$(field .status tix event show gone)" = draft ]
	[ "$(field .status tix event cancel gone --yes --reason rain)" = cancelled ]
	run -3 tix event cancel gone --yes
	[[ $output == *wrong_state*cancelled* ]]
}

@test "on a terminal a cancellation shows itself and asks" {
	make_fair
	run -2 typed "go on" "" tix event cancel fair
	grep -q "would.*fair.*cancelled" "$dir/screen"
	[ "$(field .status tix event show fair)" = published ]
	typed "go on" y tix event cancel fair
	[ "$(field .status tix event show fair)" = cancelled ]
}

@test "categories and quotas" {
	make_fair
	tix quota create fair/all --size 12 -q
	tix quota link fair/all --categories ga -q
	[ "$(field '.quotas | sort | join(" ")' tix category show fair/ga)" = "all ga" ]
	tix order create fair --line ga:4 --pay cash -q
	[ "$(field '.sold, .free' tix quota show fair/all | paste -sd' ')" = "4 8" ]
	tix quota block fair/all 6 --reason press -q
	[ "$(field .free tix category show fair/ga)" -eq 2 ]
	run -3 tix order create fair --line ga:3 --pay cash
	[[ $output == *sold_out* ]]
	tix quota unblock fair/all 6 -q
	tix quota set fair/all --size 4 -q
	run -3 tix quota set fair/all --size 3
	[[ $output == *limit* ]]
	tix quota unlink fair/all --categories ga -q
	[ "$(field .sold tix quota show fair/all)" -eq 0 ]
	[ "$(field '.items | length' tix quota list fair)" -eq 2 ]
	tix category set fair/ga --price 50.00 -q
	[ "$(field '.items[0].price.amount' tix category list fair)" -eq 5000 ]
	tix audit
}

@test "holds" {
	make_fair
	code=$(field .code tix hold create fair --line ga:3 --expires +5m)
	[ "$(field '.items[0].code' tix hold list fair)" = "$code" ]
	before=$(field .expires tix hold show "$code")
	tix hold extend "$code" --expires +30m -q
	[[ $(field .expires tix hold show "$code") > $before ]]
	tix category set fair/ga --price 99.00 -q
	[ "$(field .total.amount tix order create --hold "$code" --pay cash)" -eq 13500 ]
	run -3 tix hold release "$code"
	code=$(field .code tix hold create fair --line ga:3)
	[ "$(field .state tix hold release "$code")" = released ]
	[ "$(field .free tix category show fair/ga)" -eq 7 ]
	run -3 tix order create --hold "$code" --pay cash
	[[ $output == *wrong_state* ]]
	tix audit
}

@test "tickets after the sale" {
	make_fair
	code=$(field .code tix order create fair --line ga:2 --pay cash --name "A. Buyer")
	old=$(field '.tickets[0].code' tix order show "$code")
	[ "$(field .name tix ticket set "$code/1" --name "B. Guest")" = "B. Guest" ]
	run -2 tix ticket reissue "$code/1" </dev/null
	new=$(field .code tix ticket reissue "$code/1" --yes)
	[ "$new" != "$old" ]
	run -4 tix ticket show "$old"
	[ "$(field .name tix ticket show "$new")" = "B. Guest" ]
	[ "$(field .state tix ticket void "$code/2" --yes --keep-seat)" = void ]
	run -3 tix ticket void "$code/2" --yes
	[[ $output == *wrong_state* ]]
	[ "$(field '.blocked, .sold' tix quota show fair/ga | paste -sd' ')" = "1 1" ]
	[ "$(tix ticket list fair --state valid | cut -f1)" = "$code/1" ]
	tix order note "$code" "wants the aisle" -q
	[ "$(field .note tix order show "$code")" = "wants the aisle" ]
	[ "$(tix order history "$code" --fields topic | paste -sd' ')" = \
		"order.paid ticket.changed ticket.reissued ticket.voided order.noted" ]
	[ "$(field '.balance.amount' tix order explain "$code")" -eq 0 ]
	[[ $(tix order explain "$code" -o table) == *"2 x ga"*45.00*90.00*total*90.00*EUR* ]]
	tix audit
}

@test "cancel and refund" {
	make_fair
	code=$(field .code tix order create fair --line ga:2 --pay cash)
	run -2 tix refund create "$code/2" --keep-fee 5.00 --void </dev/null
	[[ $output == *unconfirmed* ]]
	run -0 tix refund create "$code/2" --keep-fee 5.00 --void -n -o table
	[[ $output == *"captured 90.00, refunded before 0.00"*"refund        40.00 EUR  to cash"*"order keeps   50.00      /1 45.00 + fee 5.00;  1 seat back to ga"* ]]
	[ "$(field .refund tix refund create "$code/2" --keep-fee 5.00 --void --yes --reason illness)" = "$code/r1" ]
	[ "$(tix refund list --state pending | cut -f1)" = "$code/r1" ]
	run -3 tix refund create "$code" --amount 50.01 --yes
	[[ $output == *limit* ]]
	[ "$(field .refund tix refund create "$code/1" --yes)" = "$code/r2" ]
	run -2 tix refund withdraw "$code/r2" </dev/null
	[[ $output == *unconfirmed* ]]
	[ "$(field .state tix refund withdraw "$code/r2" --yes --reason "wrong order")" = withdrawn ]
	run -3 tix refund confirm "$code/r2" --yes
	[[ $output == *wrong_state*withdrawn* ]]
	[ "$(field .state tix refund confirm "$code/r1" --yes)" = "done" ]
	[ "$(field .amount.amount tix refund show "$code/r1")" -eq 4000 ]
	[ "$(field .state tix order cancel "$code" --yes)" = cancelled ]
	[ "$(field .balance.amount tix order show "$code")" -eq 5000 ]
	run -3 tix order cancel "$code" --yes
	[[ $output == *wrong_state*cancelled* ]]
	[ "$(field .kind tix show "$code")" = order ]
	[ "$(field .sold tix quota show fair/ga)" -eq 0 ]
	tix audit
}

@test "change an order, transfer a ticket" {
	make_fair
	tix category create fair/vip --price 90.00 --size 2 -q
	code=$(field .code tix order create fair --line ga:2 --pay cash)
	old=$(field '.tickets[1].code' tix order show "$code")
	run -2 tix order change "$code" --remove 1 </dev/null
	[[ $output == *unconfirmed* ]]
	run -0 tix order change "$code" --exchange "$code/1:vip" --add ga:1,vip:1 -n -o table
	[[ ${lines[0]} == "would  $code  paid  270.00 EUR"*"/1 vip 90.00"* ]]
	[ "${lines[1]}" = "  difference 180.00 EUR  balance -180.00 EUR, owed by the buyer" ]
	run -2 tix order change "$code" --exchange 1 --yes
	[[ $output == *"TICKET:CATEGORY"* ]]
	[[ $(tix order change -h) == *"--exchange TICKET:CATEGORY,..."*"tix order change 7K2M-9QXD --exchange 2:vip --yes"* ]]
	[[ $(tix refund confirm -h) == *"tix refund confirm 7K2M-9QXD/r1 --yes"* ]]
	[[ $(tix report close -h) == *"tix report close 2031-06-13"$'\n'* ]]
	run -2 tix order change "$code" --yes
	[[ $output == *missing* ]]
	run -3 tix order change "$code" --add vip:3 --yes
	[[ $output == *sold_out* ]]
	[ "$(field .balance.amount tix order change "$code" --exchange "2:vip" --remove "$code/1" --yes)" -eq 0 ]
	[ "$(field .difference.amount tix order change "$code" --exchange "2:ga" --yes)" -eq -4500 ]
	[ "$(field .sold tix quota show fair/vip)" -eq 0 ]
	run -4 tix ticket show "$old"
	[ "$(tix order history "$code" --fields topic | paste -sd' ')" = "order.paid order.changed order.changed" ]
	[[ $(tix order explain "$code" -o table) == *"1 x ga"*45.00*total*45.00*EUR* ]]
	[ "$(field .amount.amount tix refund create "$code" --yes)" -eq 4500 ]
	run -2 tix ticket transfer "$code/2" --yes
	[[ $output == *missing*--name* ]]
	old=$(field .code tix ticket show "$code/2")
	[ "$(field .name tix ticket transfer "$old" --name "B. Guest" --email b@example.org --yes)" = "B. Guest" ]
	run -4 tix ticket show "$old"
	run -3 tix ticket transfer "$code/1" --name Eve --yes
	[[ $output == *removed* ]]
	tix audit
}

@test "on a terminal a refund shows its sums and wants the amount" {
	make_fair
	code=$(field .code tix order create fair --line ga:1 --pay cash)
	run -2 typed "type the amount" 45 tix refund create "$code"
	[ -z "$(tix refund list)" ]
	typed "type the amount" 45.00 tix refund create "$code"
	[ "$(tix refund list | cut -f1)" = "$code/r1" ]
}

@test "on a terminal a change shows who owes what before it asks" {
	make_fair
	code=$(field .code tix order create fair --line ga:2 --pay cash)
	run -2 typed "go on?" n tix order change "$code" --remove 2
	grep -q "difference -45.00 EUR  balance 45.00 EUR, due to the buyer" "$dir/screen"
	[ "$(field .tickets[1].state tix order show "$code")" = valid ]
	typed "go on?" y tix order change "$code" --remove 2
	[ "$(field .tickets[1].state tix order show "$code")" = removed ]
}

@test "show finds whatever a code stands for" {
	make_fair
	code=$(field .code tix order create fair --line ga:2 --pay cash --name "A. Buyer" --email a@example.org)
	ticket=$(field '.tickets[1].code' tix order show "$code")
	[ "$(field .kind tix show "$code")" = order ]
	[ "$(field .kind tix show "$code/2")" = ticket ]
	for t in "$code/2" "$ticket"; do
		[ "$(tix show "$t" -o table)" = "$(tix ticket show "$code/2" -o table)" ]
		[ "$(field '.code, .record.code' tix show "$t" | paste -sd' ')" = "$code/2 $ticket" ]
	done
	for cmd in "show" "ticket show" "ticket void --yes" "refund create --yes"; do
		# shellcheck disable=SC2086 # words of a command
		run -4 tix $cmd "$code/3"
		[[ $output == *"$code has 2 tickets: there is no /3  (4)"*"hint: tix order show $code"* ]]
	done
	run -0 tix doctor "$code/2"
	[ "$(field .kind tix show fair/ga)" = category ]
	[ "$(field .kind tix show fair)" = event ]
	[ "$(field .kind tix show default)" = organizer ]
	[ "$(field '.kind, .record.payment' tix show "$code/p1" | paste -sd' ')" = "payment $code/p1" ]
	tix refund create "$code/1" --yes -q
	[ "$(field '.kind, .record.amount.amount' tix show "$code/R1" | paste -sd' ')" = "refund 4500" ]
	[ "$(field .code tix show "$code/R1")" = "$code/r1" ]
	[[ $(tix show "$code/r1" -o table) == *refund*pending*45.00* ]]
	run -4 tix show "$code/r2"
	[[ $(tix doctor "$code/r1") == *"tix refund confirm $code/r1"* ]]
	tix event cancel fair --yes --confirm fair -q
	[ "$(field '.kind, .record.kind' tix show j1 | paste -sd' ')" = "job event_cancel" ]
	run -4 tix show j2
	run -2 tix doctor j1
	run -4 tix show nothing-like-it
}

@test "describe, the journal, and a key used twice" {
	make_fair
	[ "$(tix api rpc.describe '{"method":"order.create"}' | jq -r '.methods[0].name')" = order.create ]
	first=$(field .code tix order create fair --line ga:1 --pay cash --key k1)
	[ "$(field '.code, .replayed' tix order create fair --line ga:1 --pay cash --key k1 | paste -sd' ')" = "$first true" ]
	run -3 tix order create fair --line ga:2 --pay cash --key k1
	[[ $output == *key_reused* ]]
	[ "$(field '[.items[].code] | join(" ")' tix order list --key k1)" = "$first" ]
	[ "$(field '[.items[].topic] | last' tix journal list)" = order.paid ]
	tix order create fair --line ga:1 --pay comp --dry-run -q
	[ "$(field .sold tix quota show fair/ga)" -eq 1 ]
}
