#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# journal.follow: live, from the past, filtered, counted; nothing twice, nothing missing.
load lib

setup() {
	tix_setup
	start_daemon --test-clock=2029-01-01T00:00:00Z
	make_event 5000
}

teardown() {
	[ -z "${follower:-}" ] || kill "$follower" 2>/dev/null || true
	tix_teardown
}

# follow PARAMS: a stream in the background; what it gets is in $dir/stream.
follow() {
	printf '{"jsonrpc":"2.0","id":0,"method":"journal.follow","params":%s}\n' "$1" |
		"$tixraw" -o -t 60 "$TIX_SOCKET" >"$dir/stream" 3>&- &
	follower=$!
	wait_until 10 grep -q '"subscription"' "$dir/stream"
}

sell() {
	local i
	order_lines "$1" | "$tixraw" "$TIX_SOCKET" >"$dir/sold"
	[ "$(grep -c '"result"' "$dir/sold")" -eq "$1" ]
}

head_seq() {
	call system.status | jq .result.seq
}

# Sequence numbers of the records so far.
seqs() {
	jq -c 'select(.method=="journal.record").params.seq' "$dir/stream"
}

reached() {
	[ "$(seqs | tail -n 1)" = "$1" ]
}

told() {
	[ "$(jq -c 'select(.method).params.seq' "$dir/stream" | tail -n 1)" = "$1" ]
}

@test "from the past on, then live, dense and once" {
	sell 700
	follow '{"since":0}'
	sell 300
	wait_until 20 reached "$(head_seq)"
	seqs >"$dir/got"
	seq "$(head_seq)" | diff - "$dir/got"
}

@test "without since it begins at the head" {
	before=$(head_seq)
	follow '{}'
	[ "$(jq -c 'select(.id==0).result.seq' "$dir/stream")" = "$before" ]
	sell 10
	wait_until 10 reached "$(head_seq)"
	seqs >"$dir/got"
	seq $((before + 1)) "$(head_seq)" | diff - "$dir/got"
}

@test "a resumed stream goes on where it was" {
	follow '{"since":0}'
	sell 200
	wait_until 20 reached "$(head_seq)"
	kill "$follower"
	last=$(seqs | tail -n 1)
	sell 200
	follow "{\"since\":$last}"
	sell 50
	wait_until 20 reached "$(head_seq)"
	seqs >"$dir/got"
	seq $((last + 1)) "$(head_seq)" | diff - "$dir/got"
}

@test "topics filter, and marks tell how far it has looked" {
	follow '{"since":0,"topic":["venue.*","event.create"]}'
	sell 5
	wait_until 10 told "$(head_seq)"
	[ "$(jq -sr '[.[]|select(.method=="journal.record").params.topic]|all(startswith("venue.") or . == "event.create")' "$dir/stream")" = true ]
	grep -q journal.mark "$dir/stream"
}

@test "an event filters, and one that is not there is refused" {
	follow '{"since":0,"event":"gig"}'
	sell 3
	wait_until 10 told "$(head_seq)"
	[ "$(jq -sr '[.[]|select(.method=="journal.record").params.event]|unique|join(",")' "$dir/stream")" = gig ]
	run -0 call journal.follow '{"event":"none"}'
	[ "$(field .error.data.name)" = not_found ]
}

@test "a digest counts every record, seldom" {
	follow '{"digest_ms":100}'
	sell 1000
	sum() { [ "$(jq -s '[.[]|select(.method=="journal.digest").params.counts[]|select(.topic|startswith("order."))|.count]|add' "$dir/stream")" = 1000 ]; }
	wait_until 10 sum
	[ "$(grep -c journal.digest "$dir/stream")" -lt 200 ]
	run ! grep -q journal.record "$dir/stream"
}

@test "beyond the head, too many, and unfollow" {
	run -0 call journal.follow '{"since":100000}'
	[ "$(field .error.data.name)" = bad_value ]
	run -0 "$tixraw" "$TIX_SOCKET" < <(for i in $(seq 17); do
		echo "{\"jsonrpc\":\"2.0\",\"id\":$i,\"method\":\"journal.follow\"}"; done
		echo '{"jsonrpc":"2.0","id":18,"method":"journal.unfollow","params":{"subscription":3}}'
		echo '{"jsonrpc":"2.0","id":19,"method":"journal.unfollow","params":{"subscription":3}}')
	[ "$(jq -sr '.[16].error.data.name' <<<"$output")" = limit ]
	[ "$(jq -sr '.[17].result' <<<"$output")" = '{}' ]
	[ "$(jq -sr '.[18].error.data.name' <<<"$output")" = not_found ]
}

@test "a follower that never reads is not waited for" {
	mkfifo "$dir/pipe"
	printf '{"jsonrpc":"2.0","id":0,"method":"journal.follow","params":{"since":0}}\n' |
		"$tixraw" -o "$TIX_SOCKET" >"$dir/pipe" 3>&- &
	follower=$!
	exec 9<"$dir/pipe"
	sell 2000
	run -0 call system.hello
	[ "$(field .result.api)" = 1 ]
	exec 9<&-
}

connections() {
	[ "$(call system.status | jq .result.connections)" -eq "$1" ]
}

# lazy: follows from the beginning into a pipe that is only read through descriptor 9.
lazy() {
	printf '[tixd]\nstream_timeout = 1s\n' >"$dir/conf"
	stop_daemon
	start_daemon --config "$dir/conf"
	sell 4000
	mkfifo "$dir/pipe"
	printf '{"jsonrpc":"2.0","id":0,"method":"journal.follow","params":{"since":0}}\n' |
		"$tixraw" -o -t 100 "$TIX_SOCKET" >"$dir/pipe" 3>&- &
	follower=$!
	exec 9<"$dir/pipe"
	wait_until 10 connections 2
}

@test "a follower that never reads is dropped in time" {
	lazy
	wait_until 20 connections 1
	grep -q 'dropped a connection of owner' "$dir/tixd.log"
	exec 9<&-
}

@test "a follower that reads slowly is not" {
	lazy
	began=$SECONDS
	while [ $((SECONDS - began)) -lt 4 ]; do
		head -c 16000 <&9 >>"$dir/stream"
		sleep 0.1 # the pace of the reader
	done
	connections 2
	run ! grep -q dropped "$dir/tixd.log"
	cat <&9 >>"$dir/stream" 3>&- &
	reader=$!
	wait_until 20 reached "$(head_seq)"
	kill "$follower"
	wait "$reader"
	exec 9<&-
	seqs | diff - <(seq "$(head_seq)")
}

@test "a hold runs out by the clock, and that is in the journal" {
	follow '{}'
	run -0 call hold.create '{"event":"gig","line":[{"category":"seat","count":4}],"expires":"+10m"}'
	code=$(field .result.code)
	run -0 call quota.show '{"event":"gig","name":"seat"}'
	[ "$(field .result.held)" = 4 ]
	run -0 call system.clock_set '{"now":"+11m"}'
	free() { [ "$(call quota.show '{"event":"gig","name":"seat"}' | jq .result.held)" = 0 ]; }
	wait_until 5 free
	wait_until 5 grep -q expire "$dir/stream"
	run -0 call order.create "{\"hold\":\"$code\",\"pay\":\"cash\"}"
	[ "$(field .error.data.name)" = wrong_state ]
}

@test "the clock is set only where there is one to set" {
	stop_daemon
	start_daemon
	run -0 call system.clock_set '{"now":"+11m"}'
	[ "$(field .error.data.name)" = unknown_method ]
}

@test "show finds a record of every kind" {
	for code in gig gig/seat hall default; do
		run -0 call system.show "{\"code\":\"$code\"}"
		[ "$(field .result.code)" = "$code" ]
		[ "$(field '.result.record|type')" = object ]
	done
	run -0 call system.show '{"code":"nothing"}'
	[ "$(field .error.data.name)" = not_found ]
}
