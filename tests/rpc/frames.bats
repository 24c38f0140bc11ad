#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a connection may send, and what happens to one that sends something else.
load lib

setup() {
	tix_setup
	printf '[tixd]\nframe_timeout = 1s\n' >"$dir/conf"
	start_daemon --config "$dir/conf"
}

teardown() {
	tix_teardown
}

hello='{"jsonrpc":"2.0","id":1,"method":"system.hello"}'

still_answers() {
	run -0 call system.hello
	[ "$(field .result.principal)" = owner ]
}

@test "hello says who is there" {
	run -0 call system.hello '{"api":1}'
	[ "$(field .result.api)" = 1 ]
	[ "$(field .result.store)" = sqlite ]
	[ "$(field .result.state)" = selling ]
	[ "$(field '.result.roles|join(",")')" = owner,ops ]
}

@test "a client of a later api is told so" {
	run -0 call system.hello '{"api":2}'
	[ "$(field .error.data.name)" = version ]
}

@test "describe gives the table, and one row of it" {
	run -0 call rpc.describe
	[ "$(field '.result.methods|length')" -gt 30 ]
	run -0 call rpc.describe '{"method":"system.status"}'
	[ "$(field '.result.methods[0].name')" = system.status ]
	run -0 call rpc.describe '{"method":"system.clock_set"}'
	[ "$(field .error.data.name)" = unknown_method ]
}

@test "two requests in one write, both answered" {
	run -0 "$tixraw" "$TIX_SOCKET" < <(printf '%s\n' "$hello" "${hello/1,/2,}")
	[ "$(jq -s 'map(.id)|sort|join(",")' <<<"$output")" = '"1,2"' ]
}

@test "one byte at a time" {
	run -0 "$tixraw" -b -n 1 "$TIX_SOCKET" < <(printf '%s\n' "$hello")
	[ "$(field .result.principal)" = owner ]
}

@test "half a request is cut off after the deadline" {
	run -0 "$tixraw" -o "$TIX_SOCKET" < <(printf '%s' "${hello%\}}")
	[ "$(field .error.data.name)" = timeout ]
	still_answers
}

@test "a line over 16 KiB ends a connection that has said nothing yet" {
	run -0 "$tixraw" -o "$TIX_SOCKET" < <(head -c 20000 /dev/zero | tr '\0' ' ')
	[ "$(field .error.data.name)" = invalid_request ]
	[[ $(field .error.message) == *16384* ]]
	still_answers
}

@test "after a valid request a line may have 1 MiB, not more" {
	pad=$(head -c 100000 /dev/zero | tr '\0' ' ')
	run -0 "$tixraw" -n 2 "$TIX_SOCKET" < <(printf '%s\n%s%s\n' "$hello" "$pad" "${hello/1,/2,}")
	[ "$(jq -s '.[1].id' <<<"$output")" = 2 ]
	run -0 "$tixraw" -o "$TIX_SOCKET" < <(printf '%s\n' "$hello"; head -c 1100000 /dev/zero | tr '\0' ' ')
	[ "$(jq -s '.[1].error.data.name' <<<"$output")" = '"invalid_request"' ]
	still_answers
}

# refused NAME TEXT: the text is answered by that error, and the connection goes on.
refused() {
	run -0 "$tixraw" -n 2 "$TIX_SOCKET" < <(printf '%b\n%s\n' "$2" "$hello")
	[ "$(jq -rs '.[0].error.data.name' <<<"$output")" = "$1" ]
	[ "$(jq -s '.[1].id' <<<"$output")" = 1 ]
}

@test "what is no request is refused, and the next one served" {
	refused parse 'GET / HTTP/1.1'
	refused invalid_request '[{"jsonrpc":"2.0","id":1,"method":"system.hello"}]'
	refused parse '{"jsonrpc":"2.0","id":1,"method":"system.hello","id":2}'
	refused parse '{"jsonrpc":"2.0","id":1\\0000,"method":"system.hello"}'
	refused parse '{"jsonrpc":"2.0","id":"\\0377","method":"system.hello"}'
	refused unknown_method '{"jsonrpc":"2.0","id":1,"method":"system.helo"}'
	refused unknown_field '{"jsonrpc":"2.0","id":1,"method":"system.hello","params":{"x":1}}'
	refused invalid_request '{"jsonrpc":"2.0","id":1,"method":"system.hello","params":[1]}'
	refused parse "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"system.hello\",\"params\":$(printf '[%.0s' {1..100})"
}

@test "a change without an id is refused and not made" {
	refused invalid_request '{"jsonrpc":"2.0","method":"organizer.create","params":{"organizer":"x","name":"X"}}'
	run -0 call organizer.show '{"organizer":"x"}'
	[ "$(field .error.data.name)" = not_found ]
}

@test "a read without an id gets no reply" {
	run -0 "$tixraw" "$TIX_SOCKET" < <(printf '%s\n' '{"jsonrpc":"2.0","method":"system.hello"}' "$hello")
	[ "${#lines[@]}" -eq 1 ]
}

@test "blank lines are nothing" {
	run -0 "$tixraw" "$TIX_SOCKET" < <(printf '\n\r\n%s\n\n' "$hello")
	[ "${#lines[@]}" -eq 1 ]
}

@test "twenty thousand requests at once are all answered, in order for writes" {
	run -0 "$tixraw" "$TIX_SOCKET" < <(seq 20000 | sed 's/.*/{"jsonrpc":"2.0","id":&,"method":"system.hello"}/')
	[ "${#lines[@]}" -eq 20000 ]
	[ "$(jq -s 'map(.id) == [range(1;20001)]' <<<"$output")" = true ]
}

@test "writes of one connection stay in order" {
	run -0 "$tixraw" "$TIX_SOCKET" < <(for i in $(seq 300); do
		echo "{\"jsonrpc\":\"2.0\",\"id\":$i,\"method\":\"organizer.create\",\"params\":{\"organizer\":\"o$i\",\"name\":\"O\"}}"; done)
	[ "$(jq -s 'map(.result.seq) as $s | $s == ($s|sort) and ($s|length) == 300' <<<"$output")" = true ]
	[ "$(jq -s 'map(.id) == [range(1;301)]' <<<"$output")" = true ]
}

@test "2000 idle connections cost little, and the daemon answers beside them" {
	rss() { awk '/VmRSS/ { print $2 }' "/proc/$daemon/status"; }
	run -0 call system.hello
	before=$(rss)
	run -0 "$tixraw" -c 2000 -n 1 "$TIX_SOCKET" < <(printf '{"jsonrpc":"2.0","id":1,"method":"system.status"}\n')
	[ "$(field '.result.connections')" -ge 2001 ]
	after=$(rss)
	echo "# idle connection: $(((after - before) * 1024 / 2000)) bytes" >&3
	# A sanitizer keeps what is freed; otherwise 4 KiB each.
	[ -n "$(nm "$(command -v tixd)" | grep -m1 -E '__asan|__tsan')" ] || [ $((after - before)) -le 8000 ]
	gone() { [ "$(call system.status | jq .result.connections)" -le 2 ]; }
	wait_until 20 gone
}
