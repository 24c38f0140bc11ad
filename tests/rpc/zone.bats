#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The caller's own zone: times without one are read in it where no event's zone counts.
load lib

setup() {
	tix_setup
	start_daemon --test-clock=2029-06-12T14:59:59Z
	make_event
	early=$(order_line 1 | "$tixraw" -n 1 "$TIX_SOCKET" | jq -r .result.code)
	call system.clock_set '{"now":"2029-06-12T15:00:00Z"}' >/dev/null
	late=$(order_line 1 | "$tixraw" -n 1 "$TIX_SOCKET" | jq -r .result.code)
	export early late
}

teardown() {
	tix_teardown
}

# after ZONE PARAMS: the codes that order.list gives to somebody of that zone.
after() {
	printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":%s}\n' system.hello "{\"tz\":\"$1\"}" order.list "$2" |
		"$tixraw" -n 2 "$TIX_SOCKET" | tail -n 1 | jq -r '[.result.items[].code]|join(" ")'
}

@test "the day begins in the zone that system.hello named" {
	[ "$(after Asia/Tokyo '{"since":"2029-06-13"}')" = "$late" ]
	[ "$(after Asia/Tokyo '{"until":"2029-06-12"}')" = "$early" ]
	[ "$(after UTC '{"since":"2029-06-13"}')" = "" ]
	[ "$(after Pacific/Auckland '{"since":"2029-06-13"}')" = "$late $early" ]
	[ "$(call order.list '{"since":"2029-06-13"}' | jq '.result.items|length')" -eq 0 ]
}

@test "an event's own zone counts before it" {
	[ "$(after Asia/Tokyo '{"event":"gig","since":"2029-06-13"}')" = "" ]
}

@test "event.list reads its days in it" {
	day() {
		printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":%s}\n' system.hello "{\"tz\":\"$1\"}" \
			event.list '{"since":"2030-01-02"}' | "$tixraw" -n 2 "$TIX_SOCKET" |
			tail -n 1 | jq '.result.items|length'
	}
	# the gig begins on 2030-01-01T19:00:00Z, which is the second in Tokyo
	[ "$(day Asia/Tokyo)" -eq 1 ]
	[ "$(day Europe/Berlin)" -eq 0 ]
}

@test "a zone that is none is refused by the field's name, and nothing changes" {
	run -0 call system.hello '{"tz":"Asia/Nowhere"}'
	[ "$(field .error.data.name)" = bad_value ]
	[ "$(field .error.data.field)" = tz ]
	run -0 call system.hello '{"tz":"../../etc/passwd"}'
	[ "$(field .error.data.field)" = tz ]
}

@test "tix says its own" {
	[ "$(TIX_TZ=Asia/Tokyo tix order list --since 2029-06-13 --fields code)" = "$late" ]
	[ "$(TIX_TZ=UTC tix order list --since 2029-06-13 --fields code)" = "" ]
}
