#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tix watch: records as they happen, over the death of the daemon, until it is told to end.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	watcher=
	start_daemon
	make_fair 500 --zone Europe/Berlin
	tix event create other --name Other --start 2031-06-13 --currency EUR -q
	head=$(tix status --fields seq)
}

teardown() {
	[ -z "$watcher" ] || kill -KILL "$watcher" 2>/dev/null || true
	tix_teardown
}

# watch ARGUMENT...: in the background, to $dir/out and $dir/err; its pid is in $watcher.
watch() {
	: >"$dir/out"
	: >"$dir/err"
	tix watch "$@" >"$dir/out" 2>"$dir/err" 3>&- &
	watcher=$!
	wait_until 20 followed
}

lines_are() {
	[ "$(wc -l <"$dir/out")" -eq "$1" ]
}

buy() {
	tix order create fair --line ga:"$1" --pay cash --fields code
}

@test "one line a record; --since shows what was before; --count ends it" {
	code=$(buy 2)
	run -0 --separate-stderr tix watch --since "$head" --topic 'order.*' --count 1 -o table fair
	[[ $output =~ ^[0-9:]{8}' 'CES?T'  order.paid  '$code'  2 tickets   90.00 EUR  cash'$ ]]
	[ "$stderr" = "1 order, 2 tickets, 90.00 EUR" ]
	run -0 --separate-stderr tix watch --since "$head" --topic order.paid --count 1
	[[ $output == *$'\torder.paid\t'"$code"$'\tfair\t'* ]]
	run -0 --separate-stderr tix watch --since "$head" --topic order.paid --count 1 --jsonl -q
	jq -e --arg code "$code" '.subject == $code and .event == "fair" and .seq > 0 and .hash' <<<"$output"
	[ -z "$stderr" ]
	run -4 tix watch no-such-event
	run -2 tix watch fair other
	run -2 tix watch --since soon
}

@test "every sum of a record is told as money, never in minor units" {
	code=$(buy 3)
	tix refund create "$code/1" --keep-fee 5.00 --yes -q
	tix order change "$code" --remove 2 --yes -q
	tix order cancel "$code" --keep-fee 2.00 --yes -q
	run -0 tix watch fair --since "$head" --topic refund.created,order.changed,order.cancelled --count 3 -o table -q
	[[ ${lines[0]} == *"refund.created  $code/r1  40.00 EUR  fee 5.00 EUR  cash"* ]]
	[[ $output == *"order.changed  $code  difference -45.00 EUR"* ]]
	[[ $output == *"order.cancelled  $code"*"credited "*"0 EUR  fee 2.00 EUR"* ]]
	run -1 grep -E '(fee|credited|difference) -?[0-9]+( |$)' <<<"$output"
}

@test "lives on when the daemon is killed, and misses nothing" {
	watch fair --since "$head" --topic 'order.*'
	first=$(buy 1)
	wait_until 20 lines_are 1
	stop_daemon KILL || true
	start_daemon
	second=$(buy 3)
	wait_until 20 lines_are 2
	kill -INT "$watcher"
	wait "$watcher"
	watcher=
	grep -q "$first" "$dir/out"
	grep -q "$second" "$dir/out"
	grep -qE '^-- daemon gone [0-9:]{8}, back [0-9:]{8}, resumed after [0-9]+: nothing missed$' "$dir/err"
	[ "$(tail -n 1 "$dir/err")" = "2 orders, 4 tickets, 180.00 EUR" ]
}

@test "only the event that is asked for; ^C ends with 0 also when nothing came" {
	watch other
	buy 1
	kill -INT "$watcher"
	wait "$watcher"
	watcher=
	[ ! -s "$dir/out" ]
	[ "$(cat "$dir/err")" = "0 records" ]
}

@test "a price is shown in its currency, when it is made and when it changes" {
	tix category set fair/ga --price 47.50 -q
	tix import events - -q <<<'{"event":"yen","name":"Yen","start":"2031-06-13","zone":"Asia/Tokyo","currency":"JPY","categories":[{"name":"ga","price":"4500","size":5}]}'
	run -0 --separate-stderr tix watch --since 0 --topic 'category.*' --count 3 -o table
	[[ ${lines[0]} == *"category.created  fair/ga  45.00 EUR"* ]]
	[[ ${lines[1]} == *"category.changed  fair/ga  47.50 EUR"* ]]
	[[ ${lines[2]} == *"category.created  yen/ga  4500 JPY"* ]]
}

@test "--until ends it" {
	run -0 tix watch --until +1s
}

@test "a reader that goes away ends it quietly, a full disk with 74" {
	buy 1
	buy 1
	buy 1
	run -0 bash -c 'tix watch --since 0 --count 3 -q | head -n 1'
	[ "${#lines[@]}" -eq 1 ]
	run -74 bash -c 'tix watch --since 0 --count 3 -q >/dev/full'
}
