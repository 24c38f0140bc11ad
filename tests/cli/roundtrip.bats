#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A whole year from one store to another: conferences and their orders are equal there, and old codes find them. With
# TIX_CONFERENCES, the folder of the real list: 500 orders for each of 50 events; without it a few of each.
bats_require_minimum_version 1.5.0
load ../lib
tixraw=${top_builddir:-$PWD/build}/tests/tools/tixraw

setup() {
	tix_setup
	data=${top_srcdir:-$BATS_TEST_DIRNAME/../..}/tests/data
	filter=${top_srcdir:-$BATS_TEST_DIRNAME/../..}/man/examples/conferences.jq
	files=("$data/conferences.json")
	zones=$data/zones.json
	events=4 orders=25
	if [ -n "${TIX_CONFERENCES:-}" ]; then
		files=("$TIX_CONFERENCES/2025.json" "$TIX_CONFERENCES/2026.json")
		zones=$TIX_CONFERENCES/zones.json
		events=50 orders=500
	fi
	# before the first of them: what is over sells nothing
	start_daemon --test-clock=2024-12-01T00:00:00Z
}

teardown() {
	tix_teardown
}

# Requests, one a line, on one connection; the results, one a line, into a file.
pipe() { # requests results
	"$tixraw" -o -n "$(wc -l <"$1")" -t 300 "$TIX_SOCKET" <"$1" >"$2.replies"
	jq -c 'if .error then error(.error.message) else .result end' "$2.replies" >"$2"
}

sell() {
	jq -nc --rawfile slugs "$dir/slugs" --argjson n "$orders" '
		($slugs | split("\n") | map(select(. != "")))[] as $event | range($n) as $i
		| {jsonrpc: "2.0", id: $i, method: "order.create", params: ({event: $event,
			line: ([{category: "std", count: ($i % 3 + 1)}] + if $i % 7 == 0 then [{category: "student", count: 1}] else [] end),
			pay: (if $i % 50 == 3 then "comp" elif $i % 10 == 4 then "bank" else "cash" end),
			name: "Żółć \($i)", email: "b\($i)@example.org", country: "PL"}
			+ if $i % 20 == 0 then {note: "say \"hello\", \\ and ✓"} else {} end)}' >"$dir/sell"
	pipe "$dir/sell" "$dir/sold"
}

# Every tenth order: cancelled, refunded by ticket, given a name, changed.
work() {
	jq -c 'select(.state == "paid" and .pay == "cash")' "$dir/sold" | jq -sc '
		to_entries[] | select(.key % 10 == 0) | .value.code as $code
		| [{method: "order.cancel", params: {code: $code, keep_fee: "1.00"}},
			{method: "refund.create", params: {code: "\($code)/1", void_ticket: true}},
			{method: "ticket.set", params: {ticket: "\($code)/1", name: "Guest", email: "g@example.org"}},
			{method: "order.change", params: {code: $code, add: [{category: "std", count: 1}]}}][.key / 10 % 4]
		| . + {jsonrpc: "2.0", id: 1}' >"$dir/work"
	pipe "$dir/work" "$dir/worked"
	jq -c 'select(.state == "pending")' "$dir/sold" | jq -sc '
		to_entries[] | select(.key % 2 == 0) | {jsonrpc: "2.0", id: 1, method: "payment.record",
		params: {code: .value.code, amount: .value.total, kind: "bank", reference: "ref \(.key)"}}' >"$dir/pay"
	pipe "$dir/pay" "$dir/paid"
}

masked() {
	jq -cS 'del(.code, .old_codes)' "$1"
}

@test "conferences with their orders are equal in a second store" {
	jq -c -f "$filter" --slurpfile zones "$zones" "${files[@]}" >"$dir/lines"
	tix -o table import events "$dir/lines" -q 2>"$dir/said"
	jq -c '.event' "$dir/lines" | sort -u | wc -l >"$dir/n"
	head -n "$events" "$dir/lines" | jq -r .event >"$dir/slugs"
	head -n "$events" "$dir/lines" | jq -c '. + {status: "published", quotas: [{name: "hall", size: 1500}],
		categories: [{name: "std", price: "99.50", quotas: ["hall"]},
			{name: "student", price: "20", size: 200, quotas: ["hall"], hidden: true}]}' >"$dir/sale"
	run -0 --separate-stderr tix -o table import events "$dir/sale"
	[ "$output" = "$events read: 0 created, $events changed, 0 same, 0 rejected" ]
	sell
	work
	[ "$(wc -l <"$dir/sold")" -eq $((events * orders)) ]
	tix export events --file "$dir/events" -q
	tix export orders --file "$dir/orders" -q
	[ "$(wc -l <"$dir/events")" -eq "$(cat "$dir/n")" ]
	[ "$(wc -l <"$dir/orders")" -eq $((events * orders)) ]

	stop_daemon
	store=$dir/second.db
	[ ! -e "$store" ]
	start_daemon --test-clock=2024-12-02T00:00:00Z
	run -0 --separate-stderr tix -o table import events "$dir/events"
	[[ $output == *" read: $(cat "$dir/n") created, 0 changed, 0 same, 0 rejected" ]]
	run -0 --separate-stderr tix -o table import orders "$dir/orders"
	[ "$output" = "$((events * orders)) read: $((events * orders)) created, 0 changed, 0 same, 0 rejected" ]
	tix export events --file "$dir/events2" -q
	tix export orders --file "$dir/orders2" -q
	cmp "$dir/events" "$dir/events2"
	cmp <(masked "$dir/orders") <(masked "$dir/orders2")
	cmp <(jq -r .code "$dir/orders") <(jq -r '.old_codes[0]' "$dir/orders2")
	for i in 1 $((events * orders / 2)) $((events * orders)); do
		[ "$(tix order show "$(sed -n "${i}p" "$dir/orders" | jq -r .code)" --fields code)" = \
			"$(sed -n "${i}p" "$dir/orders2" | jq -r .code)" ]
	done
	run -0 tix audit
}
