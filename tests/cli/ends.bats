#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How a command ends when its outputs, its reader, a signal or the environment are not as usual: the
# documented exit status, a word on stderr where there is one, and never a silent cut.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	make_fair
	code=$(tix order create fair --line ga:2 --pay cash --fields code)
}

teardown() {
	[ -z "$daemon" ] || kill -CONT "$daemon"
	tix_teardown
}

lists=("event list" "order list --json" "order list --jsonl" "order list --csv" "order list -o table"
	"journal list" "ticket list fair" "export orders" "watch --count 1 --since 0")
others=("status" "version" "help" "event -h" "config show" "completion bash" "audit" "api event.list"
	"show fair" "rpc describe")

@test "a disk that is full: 74, and what could not be written" {
	for cmd in "${lists[@]}" "${others[@]}"; do
		# shellcheck disable=SC2086 # words of a command
		run -74 --separate-stderr bash -c "tix $cmd >/dev/full"
		[[ $stderr == *"stdout: No space left on device"* ]]
		[[ $stderr == *"df -h"* ]]
	done
	run -74 --separate-stderr bash -c "yes $code | head -n 2000 | tix order show - >/dev/full"
	[[ $stderr == *"stdout: No space left on device"* ]]
	run -74 --separate-stderr bash -c "tix export orders >/dev/full"
	[[ $stderr != *"as of record"* ]] # nothing was exported
}

@test "a closed stdout: 74, and no word of full disks" {
	for cmd in "${lists[@]}" "${others[@]}"; do
		run -74 --separate-stderr bash -c "tix $cmd >&-"
		[[ $stderr == *"stdout: Bad file descriptor"* ]]
		[[ $stderr != *"df -h"* ]]
	done
	run -74 bash -c "echo $code $code | tix order show - >&-"
}

@test "a stderr that is closed or full changes no exit status and no output" {
	for err in '2>&-' '2>/dev/full'; do
		run -0 bash -c "tix event list --fields event $err"
		[ "$output" = fair ]
		run -4 bash -c "tix show nothing $err"
		[ -z "$output" ]
		run -2 bash -c "tix event list --nonsense $err"
		run -4 bash -c "echo $code $code/9 | tix order show - --fields code $err"
		[ "$output" = "$code" ]
		run -0 bash -c "tix export orders $err"
		[ "$(jq -r .code <<<"$output")" = "$code" ]
	done
}

@test "stdin that is closed is no empty list of ids" {
	run -2 bash -c "tix order show - <&-"
	[[ $output == *"stdin: "* ]]
	run -0 tix order show - </dev/null
	[ -z "$output" ]
}

@test "a reader that leaves early ends it quietly, 128 + 13; one who ignores that gets 74" {
	yes "$code" | head -n 5000 >"$dir/ids"
	run -0 bash -c "tix order show - <$dir/ids 2>$dir/said | head -n 1 >/dev/null; echo \${PIPESTATUS[0]}"
	[ "$output" = 141 ]
	[ ! -s "$dir/said" ]
	run -0 bash -c "trap '' PIPE; tix order show - <$dir/ids 2>$dir/said | head -n 1 >/dev/null; echo \${PIPESTATUS[0]}"
	[ "$output" = 74 ]
	grep -q "stdout: Broken pipe" "$dir/said"
}

# held PID STATUS: it waits for an answer, and listens for ^C where that is to end it well.
held() {
	awk -v want="$2" '$1 == "Name:" { name = $2 } $1 == "State:" { state = $2 } $1 == "SigCgt:" { caught = $2 }
		END { exit !(name == "tix" && state == "S" && (want != 0 || caught ~ /[2367abef]$/)) }' "/proc/$1/status"
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# interrupted STATUS COMMAND...: a daemon that does not answer holds it until ^C.
interrupted() {
	local want=$1 status=0
	shift
	(
		trap - INT # which bash has its background jobs ignore
		exec "$@" >"$dir/out" 2>"$dir/said"
	) 3>&- &
	pid=$!
	wait_until 20 held "$pid" "$want"
	kill -INT "$pid"
	wait_until 20 ended "$pid" || kill -KILL "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq "$want" ]
	[ ! -s "$dir/out" ]
	run ! grep "tix: " "$dir/said"
}

@test "^C while the daemon hangs: 130, and 0 where nothing else ends it" {
	kill -STOP "$daemon"
	interrupted 130 tix order list
	interrupted 130 tix order show "$code"
	interrupted 130 tix ticket void "$code/1" --yes
	interrupted 0 tix watch
	interrupted 0 tix status --follow
}

told_all() {
	[ "$(wc -l <"$dir/out")" -eq 300 ] || ! kill -0 "$1" 2>/dev/null
}

@test "^C in a stream of ids: 130, and how far it came" {
	mkfifo "$dir/ids"
	(
		trap - INT # which bash has its background jobs ignore
		exec tix ticket show - <"$dir/ids" >"$dir/out" 2>"$dir/said"
	) 3>&- &
	pid=$!
	exec 9>"$dir/ids"
	yes "$code/1" | head -n 300 >&9
	wait_until 20 told_all "$pid"
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	exec 9>&-
	[ "$status" -eq 130 ]
	[ "$(cat "$dir/said")" = "stopped after 300" ]
}

@test "a locale that is not there, no TERM, no HOME: the same bytes" {
	want=$(tix event list)
	for set in LC_ALL=xx_YY.nonsense LC_ALL= LANG=xx TERM= TERM=no-such-terminal COLUMNS=abc; do
		run -0 --separate-stderr env "$set" tix event list
		[ "$output" = "$want" ]
		[ -z "$stderr" ]
	done
	run -0 --separate-stderr env -i "PATH=$PATH" "TIX_SOCKET=$TIX_SOCKET" tix event list
	[ "$output" = "$want" ]
	[ -z "$stderr" ]
	command -v script >/dev/null || skip "script is not installed"
	run -0 env -u TERM LC_ALL=xx script -qec "tix event list" /dev/null </dev/null
	[[ $output == *fair* && $output != *$'\e'* ]]
}

id_at_last() {
	grep -aqE 'order show  [0-9]' "$dir/screen"
}

@test "a stream of ids shows on a terminal how far it is" {
	command -v script >/dev/null || skip "script is not installed"
	mkfifo "$dir/ids"
	: >"$dir/screen"
	TERM=dumb script -qec "tix order show - <'$dir/ids' >'$dir/out'" /dev/null </dev/null >"$dir/screen" 3>&- &
	pid=$!
	{
		deadline=$((SECONDS + 20))
		until id_at_last || [ "$SECONDS" -ge "$deadline" ]; do
			echo "$code"
		done
	} >"$dir/ids"
	wait "$pid"
	id_at_last
	[ -s "$dir/out" ]
	[[ $(tail -c 1 "$dir/screen") == $'\r' ]] # and takes the line away
}
