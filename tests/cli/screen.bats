#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a terminal gets and a pipe does not: colours, the pager, progress, lines that fit.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	tix_setup
	start_daemon
	export dir store daemon
	make_fair 500 --zone UTC
	seq 12 | while read -r i; do
		printf '{"event":"show-%s","name":"Show %s","start":"2031-07-01T20:00:00Z","zone":"UTC","currency":"EUR"}\n' "$i" "$i"
	done >"$dir/events"
	tix import events "$dir/events" -q
}

teardown_file() {
	tix_teardown
}

# What a terminal of 80 columns and $ROWS rows gets, and the exit status.
terminal() {
	local line
	printf -v line '%q ' "$@"
	TERM=${TERM-xterm} script -qefc "stty cols ${COLS:-80} rows ${ROWS:-50} -onlcr; exec $line" /dev/null </dev/null
}

@test "colour is for terminals, and says no more than the word beside it" {
	export TERM=xterm
	run -0 terminal tix event show fair
	[[ $output == *$'\e[32mpublished\e[0m'* ]]
	run -0 terminal tix event list
	[[ $output == *$'\e[1m'*$'\e[32mpublished\e[0m'* ]]
	plain=$(tix event list -o table)
	[[ $plain != *$'\e'* ]]
	NO_COLOR=1 run -0 terminal tix event list
	[[ $output != *$'\e'* ]]
	TERM=dumb run -0 terminal tix event list
	[[ $output != *$'\e'* && $output == *published* ]]
	run -0 terminal tix event list --color never
	[[ $output != *$'\e'* ]]
	run -0 tix event list -o table --color always
	[[ $output == *$'\e[32mpublished\e[0m'* ]]
	run -0 tix event list -o tsv --color always
	[[ $output != *$'\e'* ]]
}

@test "stdout and stderr are judged apart" {
	export TERM=xterm
	run -4 terminal bash -c "tix event show nowhere 2>$dir/err"
	[[ $(<"$dir/err") != *$'\e'* ]]
	run -4 terminal bash -c 'tix event show nowhere >/dev/null'
	[[ $output == $'\e[1;31mtix: not_found:\e[0m '*nowhere* ]]
	run -0 terminal bash -c "tix event list -o table >$dir/out"
	[[ $(<"$dir/out") != *$'\e'* ]]
}

@test "what is longer than the screen goes through the pager, what is not does not" {
	export TERM=xterm TIX_PAGER='sed s/^/P:/'
	ROWS=10 run -0 terminal tix event list
	[ "$(grep -c '^P:' <<<"$output")" -ge 14 ]
	ROWS=40 run -0 terminal tix event list
	[[ $output != *P:* && $output == *show-12* ]]
	ROWS=10 run -0 terminal tix help
	[[ $output == 'P:usage: tix '* ]]
	ROWS=10 run -0 terminal tix event list --json
	[[ $output != P:* ]]
	run -0 tix event list -o table
	[[ $output != *P:* ]]
	TERM=dumb ROWS=10 run -0 terminal tix help
	[[ $output == 'usage: tix '* ]]
	TIX_PAGER=cat ROWS=10 run -0 terminal tix help
	[[ $output == 'usage: tix '* ]]
	unset TIX_PAGER
	PAGER='sed s/^/Q:/' ROWS=10 run -0 terminal tix help
	[[ $output == 'Q:usage: tix '* ]]
}

@test "a pager that is missing, left early or killed" {
	export TERM=xterm ROWS=10
	TIX_PAGER="$dir/none -x" run -0 terminal tix help
	[[ $output == 'usage: tix '*'at length' ]]
	TIX_PAGER=no-such-pager run -0 terminal tix help
	[[ $output == 'usage: tix '*'at length' ]]
	TIX_PAGER='head -n 1' run -0 terminal tix help
	[[ $output == 'usage: tix NOUN VERB [ID...] [--flags]' ]]
	TIX_PAGER=true run -0 terminal tix event list
	# shellcheck disable=SC2016 # of the pager's shell
	TIX_PAGER='cat >/dev/null; kill -INT $$' run -130 terminal tix help
	# What is said on stderr waits until the pager has gone, and the exit status is the command's.
	TIX_PAGER='sed s/^/P:/' run -4 terminal tix event show fair show-1 show-2 nowhere
	[[ ${lines[-2]} == *'not_found'* || ${lines[-1]} == *'not_found'* ]]
}

waits_at() {
	grep -q "$1" "$dir/screen" || ! kill -0 "$2" 2>/dev/null
}

@test "a long wait shows progress on a terminal, and leaves nothing behind" {
	kill -STOP "$daemon"
	: >"$dir/screen"
	TERM=xterm terminal tix audit >"$dir/screen" 3>&- &
	pid=$!
	wait_until 20 waits_at 'audit  since' "$pid" || true
	kill -CONT "$daemon"
	wait "$pid"
	# The line is drawn over before anything else is written.
	tr -d '\n' <"$dir/screen" | grep -qP 'audit  since [0-9]* s\r *\r.*LAW'
	kill -STOP "$daemon"
	tix audit -o table --timeout 1s >"$dir/screen" 2>&1 3>&- || true
	kill -CONT "$daemon"
	run -1 grep since "$dir/screen"
	grep -q '^tix: timeout: ' "$dir/screen"
}

@test "no line is wider than the terminal, down to 20 columns" {
	wide=$(printf '中%.0s' $(seq 90))
	tix event create wide --name "$wide" --start 2031-06-13 --zone UTC --currency EUR -q
	tix event create marks --name $'e\u0301e\u0301e\u0301 \U1F468\u200D\U1F469\u200D\U1F467 '"$wide" \
		--start 2031-06-13 --zone UTC --currency EUR -q
	export TERM=dumb LC_ALL=C.UTF-8
	for COLS in 20 40 80; do
		for command in "event list" "event show marks" "event show wide" help "help flags" \
			"order create -h" audit status doctor "journal list" "config show"; do
			# shellcheck disable=SC2086 # words on purpose
			run terminal bash -c "exec tix $command 2>/dev/null"
			[ "$status" -le 1 ]
			width=$(wc -L <<<"$output")
			[ "$width" -le "$COLS" ] || { echo "$command: $width > $COLS"; echo "$output"; false; }
		done
	done
	COLS=80 run -0 terminal env COLUMNS=30 bash -c "exec tix event list 2>/dev/null"
	[ "$(wc -L <<<"$output")" -le 30 ]
}

@test "80 columns show what a person needs of an order, and codes are whole" {
	local codes
	tix order create fair --line ga:2 --name "Ann Buyer" --email ann@example.org --pay cash -q
	tix order create fair --line ga:1 --name "Bob Buyer" --pay cash -q
	codes=$(tix order list --fields code)
	NO_COLOR=1 run -0 terminal tix order list
	[[ ${lines[0]} =~ ^'CODE       CREATED '.*' NAME ' ]]
	while read -r code; do
		[[ $output == *"$code  "* ]]
	done <<<"$codes"
	[[ $output != *…* && $output == *'left out: event, email; a wider terminal'* ]]
	# One is found as well as many.
	NO_COLOR=1 run -0 terminal tix order list --find bob
	[[ ${lines[1]} == *' Bob Buyer '*' 45.00 EUR  paid '* ]]
	NO_COLOR=1 run -0 terminal tix journal list --limit 5
	[[ $output == *'category.created  fair/ga'* ]]
	NO_COLOR=1 run -0 terminal tix venue list
	[[ $output != *'left out'* ]]
}

@test "a time stands without its zone only where all have the same, which is then told" {
	local rows
	tix event create here --name Here --start 2031-06-13 --zone Asia/Tokyo --currency EUR -q
	rows=$(tix journal list --since 1h --fields at -o table)
	[[ $rows == *UTC* && $rows == *JST* ]]
	NO_COLOR=1 run -0 terminal tix journal list --since 1h
	[[ $output == *" UTC  "* && $output == *" JST  "* ]]
	tix category create here/ga --price 45.00 --size 5 -q
	tix event publish here -q
	for i in 1 2; do
		tix order create here --line ga:1 --name "Ann Buyer $i" --email ann@example.org --pay cash -q
	done
	NO_COLOR=1 run -0 terminal tix order list here
	[[ $output != *" JST "* && $output == *'times are those of Asia/Tokyo'* ]]
	TIX_TZ=UTC COLS=160 NO_COLOR=1 run -0 terminal tix order list here
	[[ $output == *" JST "* && $output != *'times are those'* ]]
}

@test "an empty list says so to a person, and nothing to a program" {
	NO_COLOR=1 run -0 terminal tix refund list
	[ "${output//$'\r'/}" = "nothing found" ]
	run -0 terminal bash -c "exec tix refund list 2>/dev/null"
	[ -z "$output" ]
	run -0 terminal tix refund list -q
	[ -z "$output" ]
	run -0 tix refund list
	[ -z "$output" ]
}
