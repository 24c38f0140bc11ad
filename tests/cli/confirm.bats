#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The question before a change: what answers it, what does not, and what happens meanwhile.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	export TZ=UTC TERM=dumb PAGER=cat
	typist=${top_builddir:-$BATS_TEST_DIRNAME/../../build}/tests/tools/typist
	background=
	start_daemon --test-clock=2031-05-01T10:00:00Z
	make_fair 100 --zone Europe/Berlin
	code=$(tix order create fair --line ga:2 --name "A. Buyer" --pay cash --fields code)
}

teardown() {
	[ -z "$background" ] || kill -KILL "$background" 2>/dev/null || true
	tix_teardown
}

head_is() {
	[ "$(tix status --fields seq)" -eq "$1" ]
}

# asked STATUS QUESTION ANSWER COMMAND...: types the answer; nothing is done.
asked() {
	local want=$1 question=$2 answer=$3 head
	shift 3
	head=$(tix status --fields seq)
	run -"$want" "$typist" "$question" "$answer" -- "$@"
	head_is "$head"
}

@test "only the amount itself moves money: not Enter, not y, not another, not the end of the input" {
	local answer question="type the amount to refund: "
	for answer in '\n' 'y\n' 'yes\n' '40\n' '40.0\n' '40.00 EUR\n' ' 40.00\n' '-40.00\n' '040.00\n' '\x04'; do
		asked 2 "$question" "$answer" tix refund create "$code/1" --keep-fee 5.00
		[[ $output == *"tix: unconfirmed: refund.create was not confirmed: nothing was done  (2)"* ]]
	done
	asked 130 "$question" '\x03' tix refund create "$code/1" --keep-fee 5.00
	asked 129 "$question" '\s' tix refund create "$code/1" --keep-fee 5.00
	run -0 "$typist" "$question" '40.00\n' -- tix refund create "$code/1" --keep-fee 5.00
	asked 2 "type the amount that was paid out: " '\n' tix refund confirm "$code/r1"
	run -0 "$typist" "type the amount that was paid out: " '40.00\n' -- tix refund confirm "$code/r1"
	tix audit
}

@test "y agrees to what can be mended; nothing else does" {
	local answer
	for answer in '\n' 'n\n' 'yoghurt\n' '1\n' '\x04'; do
		asked 2 "go on? [y/N] " "$answer" tix ticket void "$code/1"
	done
	asked 130 "go on? [y/N] " '\x03' tix ticket void "$code/1"
	run -0 "$typist" "go on? [y/N] " 'y\n' -- tix ticket void "$code/1"
	[ "$(tix ticket show "$code/1" --fields state)" = void ]
}

@test "what is dangerous is typed: the slug, as it is found now" {
	local answer
	for answer in '\n' 'y\n' 'FAIR\n' 'fai\n' '\x04'; do
		asked 2 "type fair to go on: " "$answer" tix event cancel fair
	done
	run -2 tix event cancel fair --yes </dev/null
	[[ $output == *"fair has 1 paid order"* && $output == *"--dry-run first, then --yes --confirm fair"* ]]
	run -2 tix event cancel fair --yes --confirm other
	run -0 "$typist" "type fair to go on: " 'fair\n' -- tix event cancel fair
	[ "$(tix event show fair --fields status)" = cancelled ]
}

@test "a question needs a terminal on both sides, and no variable answers it" {
	local head
	head=$(tix status --fields seq)
	run -2 bash -c "yes | '$typist' -- bash -c 'tix ticket void $code/1 </dev/null'"
	[[ $output == *"hint: --dry-run first, then --yes"* ]]
	run -2 "$typist" -- bash -c "tix ticket void $code/1 2>$dir/err"
	grep -q unconfirmed "$dir/err"
	run -2 bash -c "yes | tix ticket void $code/1"
	run -2 bash -c "echo $code/1 | TIX_YES=1 YES=1 tix ticket void -"
	run -2 bash -c "printf '%s\n' $code/1 $code/2 | tix ticket void -"
	head_is "$head"
	run -0 "$typist" "go on?" 'y\n' -- bash -c "tix ticket void $code/1 >$dir/out"
	[[ $(cat "$dir/out") == "$code/1"$'\t'* ]]
}

@test "several ids are asked about one by one, and the first no ends it" {
	run -2 "$typist" "go on?" 'y\n' "go on?" 'n\n' -- tix ticket void "$code/1" "$code/2"
	[ "$(tix ticket list fair --fields state | paste -sd ' ')" = "void valid" ]
}

@test "the daemon is killed between the question and the answer" {
	"$typist" "type the amount to refund: " "!: >$dir/asked; until [ -e $dir/back ]; do sleep 0.02; done" \
		"" '40.00\n' -- tix refund create "$code/1" --keep-fee 5.00 --key letter-471 >"$dir/screen" 3>&- &
	background=$!
	wait_until 20 test -e "$dir/asked"
	stop_daemon KILL || true
	start_daemon --test-clock=2031-05-01T10:00:00Z
	: >"$dir/back"
	wait "$background"
	background=
	grep -q "^$code/r1  pending  40.00 EUR" "$dir/screen"
	run -0 "$typist" -- tix refund create "$code/1" --keep-fee 5.00 --key letter-471
	[[ $output == *"replayed: this key was used before, nothing is done twice"*"$code/r1  pending  40.00 EUR"* ]]
	[[ $output != *"type the amount"* ]]
	run -0 --separate-stderr tix refund create "$code/1" --keep-fee 5.00 --key letter-471 --yes --fields refund
	[ "$output" = "$code/r1" ]
	[[ $stderr == "replayed: "* ]]
	run -0 --separate-stderr tix refund create "$code/1" --keep-fee 5.00 --key letter-471 -n --fields refund
	[ "$output" = "$code/r1" ]
	run -3 tix refund create "$code/2" --keep-fee 5.00 --key letter-471 --yes
	[[ $output == *key_reused* ]]
	[ "$(tix refund list fair | wc -l)" -eq 1 ]
	tix audit
}

@test "a trial that found no answer names no key: nothing can have been done" {
	kill -STOP "$daemon"
	run -75 "$typist" -- tix refund create "$code/1" --timeout 200ms
	[[ $output == *timeout* && $output != *--key* ]]
	run -75 tix event cancel fair --timeout 200ms </dev/null
	[[ $output != *--key* ]]
	run -75 tix ticket set "$code/1" --name Ann --timeout 200ms
	[[ $output == *"it may have been done: the same with --key "* ]]
	run -75 tix ticket set "$code/1" --name Ann --timeout 200ms -n
	[[ $output != *--key* ]]
	kill -CONT "$daemon"
}

@test "a key of what is dangerous is shown again, too" {
	run -0 tix event cancel fair --yes --confirm fair --key off
	run -0 "$typist" -- tix event cancel fair --key off
	[[ $output == *"replayed: "*"fair  cancelled"* ]]
}

@test "hostile names stay text in the sums" {
	tix ticket set "$code/1" --name "Ann" -q
	stop_daemon
	sqlite3 "$store" "update holder set name = 'Ann' || char(27) || '[2J' || char(13) || 'go on? y' || char(8238) || char(155) || '1m'"
	start_daemon --test-clock=2031-05-01T10:00:00Z
	run -2 "$typist" "go on? [y/N] " '\n' -- tix ticket void "$code/1"
	[[ $output == *'Ann^[[2J^Mgo on? y<U+202E><U+009B>1m'* ]]
	[[ $output != *$'\e'* && $output != *$'\xe2\x80\xae'* ]]
}
