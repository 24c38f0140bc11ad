#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How long an answer may keep its view of the store, by a clock that leaps while it is being made.
load lib

setup() {
	tix_setup
	start_daemon --test-clock=2029-01-01T00:00:00Z
	make_event 20000
	order_lines 3000 | "$tixraw" "$TIX_SOCKET" >"$dir/sold"
	[ "$(grep -c '"result"' "$dir/sold")" -eq 3000 ]
}

teardown() {
	tix_teardown
}

# leap METHOD PARAMS STEP: the call, and while it runs the clock goes forward; its reply on stdout.
leap() {
	{
		printf '{"jsonrpc":"2.0","id":"it","method":"%s","params":%s}\n' "$1" "$2"
		for i in $(seq 300); do
			printf '{"jsonrpc":"2.0","id":%s,"method":"system.clock_set","params":{"now":"%s"}}\n' "$i" "$3"
		done
	} | "$tixraw" "$TIX_SOCKET" | grep '"id":"it"'
}

late() {
	leap "$@" >"$dir/reply"
	[ "$(jq -r .error.data.name "$dir/reply")" = timeout ]
}

@test "an answer that takes longer than reader_max_age is refused, the next is not" {
	wait_until 20 late order.list '{"limit":1000}' +31s
	[[ $(jq -r .error.message "$dir/reply") == *reader_max_age* ]]
	[ "$(jq -r .error.data.retryable "$dir/reply")" = true ]
	run -0 call order.list '{"limit":1000}'
	[ "$(field '.result.items|length')" -eq 1000 ]
}

@test "an audit has longer, but not for ever" {
	run -0 leap audit.run '{"gentle":true}' +2s
	[ "$(field .result.ok)" = true ]
	wait_until 20 late audit.run '{"gentle":true}' +16m
	[[ $(jq -r .error.message "$dir/reply") == *"15 minutes"* ]]
	run -0 call audit.run
	[ "$(field .result.ok)" = true ]
}
