#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tix bench onsale against the plain server, which can be told to lie: a proof that cannot fail proves nothing.

setup() {
	raw=${top_builddir:?}/tests/bench/raw_socket
	dir=$(mktemp -d)
	server=
}

teardown() {
	[ -z "$server" ] || { kill "$server"; wait "$server" || true; }
	rm -rf "$dir"
}

# serve [FAULT]: a plain server on $dir/sock.
serve() {
	local tries
	"$raw" "$dir/db" "$dir/sock" 4096 0 "$@" 2>"$dir/log" 3>&- &
	server=$!
	for ((tries = 0; tries < 500; tries++)); do
		! grep -qs 'ready on' "$dir/log" || return 0
		sleep 0.02
	done
	return 1
}

onsale() {
	run tix bench onsale --socket "$dir/sock" --clients 8 --seed 5 "$@"
}

@test "a sale is measured and proven" {
	serve
	onsale --orders 1000 --warm 500
	echo "$output"
	[ "$status" -eq 0 ]
	grep -qE '^onsale_c8 [0-9]+ orders/s$' <<<"$output"
	grep -qE '^p99_c8 [0-9.]+ ms$' <<<"$output"
	grep -qE '^sold 1000 orders$' <<<"$output"
	grep -qE '^failed 0 checks$' <<<"$output"
}

@test "as JSON, and in the open loop" {
	serve
	onsale --orders 300 --rate 2000 --random-keys --json
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(jq -r '.v, .ok, .sold, .failed' <<<"$output" | paste -sd ' ')" = "1 true 300 0" ]
}

@test "a server that dies is a failure that says so" {
	serve
	tix bench onsale --socket "$dir/sock" --clients 8 --seconds 60 >"$dir/out" 2>&1 3>&- &
	bench=$!
	for ((tries = 0; tries < 500 && $(stat -c %s "$dir/db-wal" 2>/dev/null || echo 0) < 300000; tries++)); do
		sleep 0.02
	done
	kill -KILL "$server"
	wait "$server" || true
	server=
	status=0
	wait "$bench" || status=$?
	[ "$status" -eq 69 ]
	grep -qE '^tix: no_daemon: .*\(69\)$' "$dir/out"
}

@test "for a time" {
	serve
	onsale --seconds 1 --repeat 0 --sample 3
	echo "$output"
	[ "$status" -eq 0 ]
	grep -qE '^replayed 0 orders$' <<<"$output"
}

@test "sold out" {
	serve
	onsale --orders 300 --size 401
	echo "$output"
	[ "$status" -eq 0 ]
	grep -qE '^sold 200 orders$' <<<"$output"
	grep -qE '^refused 100 orders$' <<<"$output"
}

@test "an order that was acknowledged and not kept is found out" {
	serve lose
	onsale --orders 1000 --repeat 0
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"not proven: the quota counts"* ]]
}

@test "a repeat that is sold again is found out" {
	serve twice
	onsale --orders 1000
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"repeated key did not answer as at first"* ]]
}

@test "a refusal that hides what is left is found out" {
	serve mute
	onsale --orders 300 --size 401
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"does not say what is left"* ]]
}

@test "nobody listens" {
	onsale --orders 10
	[ "$status" -eq 69 ]
}

@test "what makes no sense is refused by name" {
	for flags in "--clients 0" "--clients 12001" "--repeat 1x" "--repeat 100" "--orders x" "--tickets 101"; do
		# shellcheck disable=SC2086 # two words
		onsale $flags
		echo "$flags: $output"
		[ "$status" -eq 2 ]
		[[ $output == *"${flags%% *}"* ]]
	done
	onsale --help
	[ "$status" -eq 0 ]
	[[ $output == *"--clients"* ]]
}
