#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tix export and import orders: from one store to another and back to text.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	data=${top_srcdir:-$BATS_TEST_DIRNAME/../..}/tests/data
	tix -o table import events "$data/events.jsonl" -q 2>"$dir/zones"
	tix event publish open-air -q
	code=$(tix order create open-air --line ga:2 --line student:1 --pay cash --name Ann --email ann@example.org --fields code)
	other=$(tix order create open-air --line ga:3 --pay cash --fields code)
	tix order create open-air --line ga:1 --pay comp --name '=1+1' -q
	tix order cancel "$other" --keep-fee 5 --yes -q
}

teardown() {
	tix_teardown
}

# Another store in the place of the first; its daemon listens where the first did.
second_store() {
	stop_daemon
	store=$dir/second.db
	[ ! -e "$store" ]
	start_daemon
}

masked() {
	jq -cS 'del(.code, .old_codes)' "$1"
}

@test "events and orders of one store are equal in a second one, and old codes find them" {
	run -0 --separate-stderr tix export events --file "$dir/events"
	[ -z "$output" ]
	[[ $stderr == "3 events, as of record "* ]]
	run -0 --separate-stderr tix export orders --file "$dir/orders"
	[[ $stderr == "3 orders, as of record "* ]]
	run -0 --separate-stderr tix export orders --since "$(($(tix journal list --fields seq | tail -n 1)))"
	[[ $stderr == "0 orders, as of record "* ]]
	[ "$(wc -l <"$dir/orders")" -eq 3 ]
	second_store
	run -0 --separate-stderr tix -o table import events "$dir/events"
	[ "$output" = "3 read: 3 created, 0 changed, 0 same, 0 rejected" ]
	[ -z "$stderr" ]
	run -0 --separate-stderr tix -o table import orders "$dir/orders"
	[ "$output" = "3 read: 3 created, 0 changed, 0 same, 0 rejected" ]
	run -0 tix -o table import orders - <"$dir/orders"
	[ "$output" = "3 read: 0 created, 0 changed, 3 same, 0 rejected" ]
	tix export events >"$dir/events2" 2>"$dir/said"
	cmp "$dir/events" "$dir/events2"
	tix export orders >"$dir/orders2" 2>"$dir/said"
	diff <(masked "$dir/orders") <(masked "$dir/orders2")
	[ "$(tix order show "$code" --json | jq -r '.old_codes[0]')" = "$code" ]
	[ "$(tix show "$other" --fields state)" = cancelled ]
	[ "$(tix ticket show "$code/3" --fields category)" = student ]
	run -0 tix audit
}

@test "a line that is refused is named and kept, the rest goes on" {
	tix export orders >"$dir/orders" 2>"$dir/said"
	tix export events >"$dir/events" 2>"$dir/said"
	second_store
	tix -o table import events "$dir/events" -q
	tix -o table import orders "$dir/orders" -q
	{
		head -n 1 "$dir/orders" | jq -c '.note = "changed"'
		echo 'no json'
		head -n 1 "$dir/orders" | jq -c '.code = "ABCD-EFGH"'
		head -n 1 "$dir/orders" | jq -c '.code = "ABCD-EFGJ" | .event = "nowhere"'
	} >"$dir/more"
	run -1 --separate-stderr tix -o table import orders "$dir/more" --rejects "$dir/rejects"
	[ "$output" = "4 read: 1 created, 0 changed, 0 same, 3 rejected" ]
	[[ $stderr == *"line 2: parse"*"line 1: wrong_state: it was imported as "*"line 4: not_found: no event nowhere"* ]]
	diff "$dir/rejects" <(sed -n '2p;1p;4p' "$dir/more" | sed '1{h;d};2{G}')
	run -2 tix -o table import orders "$dir/more" --zone UTC
	run -2 tix -o table import orders "$dir/more" --rejects "$dir/none/rejects"
	[ "$(tix quota show open-air/ga --fields sold)" -eq 5 ]
}

@test "attendees and orders as CSV" {
	run -0 --separate-stderr tix export attendees open-air --csv
	[[ ${lines[0]} == "ticket,event,category,price,"* ]]
	[ "${#lines[@]}" -eq 8 ]
	[[ $output == *"'=1+1"* ]]
	run -0 --separate-stderr tix export orders --csv --fields code,total,buyer.email
	[[ $output == *"$code,120.00,ann@example.org"* ]]
	[ "$(tix journal list --topic export.begun --fields subject | paste -sd ' ')" = "attendees orders" ]
}

@test "what an export refuses" {
	run -2 tix export
	run -2 tix export people
	run -2 tix export orders --json
	run -2 tix export orders --key k
	run -4 tix export orders nowhere
	run -74 tix export orders --file "$dir/none/file"
	run -4 tix export orders nowhere --file "$dir/file"
	[ ! -e "$dir/file" ] && [ ! -e "$dir/file.part" ]
	run -0 tix export begin orders --fields kind
	[ "$output" = orders ]
}
