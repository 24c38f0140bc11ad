#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the daemon says on stderr: each failure of ours once, by its request; nothing of strangers raw.
load lib

setup() {
	tix_setup
}

teardown() {
	tix_teardown
}

# No byte of the file can do anything to a terminal.
plain() {
	LC_ALL=C run -1 grep -nP '[^\x20-\x7e]' "$1"
}

@test "a request that fails within is logged once, by the number that its caller got" {
	command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
	start_daemon
	make_event
	sqlite3 "$store" "alter table organizer rename to gone"
	run -0 call organizer.list
	[ "$(field .error.data.name)" = internal ]
	request=$(field .error.data.request)
	[ "$(grep -c "\"request\":\"$request\"" "$dir/tixd.log")" -eq 1 ]
	[ "$(jq -rR 'fromjson? | select(.request).method' "$dir/tixd.log")" = organizer.list ]
	run -0 call organizer.create '{"organizer":"acme","name":"Acme"}'
	[ "$(field .error.data.name)" = internal ]
	[ "$(jq -rR 'fromjson? | select(.request).method' "$dir/tixd.log" | tail -n 1)" = organizer.create ]
	[ "$(jq -rR 'fromjson? | select(.request).level' "$dir/tixd.log" | sort | uniq -c | tr -s ' ')" = " 2 error" ]
	run -0 call system.hello '{"tz":"none"}'
	[ "$(field .error.data.name)" = bad_value ]
	[ "$(jq -rR 'fromjson? | select(.request).method' "$dir/tixd.log" | wc -l)" -eq 2 ]
}

@test "each line is a JSON object with time, level and message" {
	echo '[tixd]' >"$dir/conf"
	start_daemon --config "$dir/conf"
	echo 'log_level = info' >>"$dir/conf"
	kill -HUP "$daemon"
	wait_until 10 grep -q 'settings read again' "$dir/tixd.log"
	stop_daemon
	[ "$(grep -vc '^tixd: ' "$dir/tixd.log")" -ge 2 ]
	[ "$(grep -v '^tixd: ' "$dir/tixd.log" | jq -r 'select(.at and .level and .msg) | "good"' | sort -u)" = good ]
	[ "$(grep -v '^tixd: ' "$dir/tixd.log" | jq -c 'select((.at and .level and .msg) | not)')" = "" ]
}

@test "what a stranger's file says is logged without its control characters" {
	echo '[tixd]' >"$dir/conf"
	start_daemon --config "$dir/conf"
	printf '[tixd]\nred\033[31m\xe2\x80\xae = 1\n' >"$dir/conf"
	kill -HUP "$daemon"
	wait_until 10 grep -q 'stay as they were' "$dir/tixd.log"
	grep -q '\\u001b\[31m\\u202e' "$dir/tixd.log"
	plain "$dir/tixd.log"
}

@test "what tixd complains of at its start is shown without them, too" {
	printf '[tixd]\nred\033[31m\xe2\x80\xae = 1\n' >"$dir/conf"
	timeout 20 tixd --config "$dir/conf" --socket "$TIX_SOCKET" 2>"$dir/said" || true
	grep -q 'no setting "red' "$dir/said"
	plain "$dir/said"
	for argument in $'\e[31m' $'--\e[31m' $'--store=sqlite:/\x9b' $'--config=/\e[31m'; do
		timeout 20 tixd "$argument" --socket "$TIX_SOCKET" 2>"$dir/said" || true
		[ -s "$dir/said" ]
		plain "$dir/said"
	done
}
