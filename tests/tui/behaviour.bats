#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What keys do, what comes by itself, and what happens when the daemon goes.
bats_require_minimum_version 1.5.0
load ../lib
load lib

setup_file() {
	keep_sale
}

setup() {
	open_sale
	dash=
}

teardown() {
	[ -z "$dash" ] || kill "$dash" 2>/dev/null || true
	tix_teardown
}

@test "a sale shows without a key being pressed" {
	follow
	printf '%s\n' 'wait 33/62' 'dump before' >&4
	wait_until 40 dumped before
	tix order create summer-fair --line ga:2 --pay cash -q
	echo 'wait 35/62' >&4
	look after | grep -E 'summer-fair +Sat 13 Jun 20:00 +35/62'
	grep -E '^ORDERS/MIN  now 1,' "$dir/screens"
}

@test "a daemon that goes away is waited for, and what it says then is shown" {
	follow
	echo 'wait LIVE' >&4
	look live | grep -E '33/62'
	stop_daemon KILL || true
	echo 'wait RETRY' >&4
	echo 'wait as of' >&4
	start_daemon --test-clock="$now"
	tix order create summer-fair --line ga:3 --pay cash -q
	echo 'wait 36/62' >&4
	look back | grep -E 'LIVE$'
	grep -q 'nothing missed' "$dir/screens"
}

@test "before there is a daemon it says so, and goes on when one comes" {
	stop_daemon
	follow
	echo 'wait NO DAEMON' >&4
	start_daemon --test-clock="$now"
	echo 'wait hamlet' >&4
	look there | grep -E 'LIVE$'
}

@test "the filter narrows while it is typed, and the cursor keeps its row" {
	screens 80x24 'wait hamlet' 'key j' 'dump chosen' 'key /' 'type fair' 'dump typing' \
		'key Enter' 'dump kept' 'key Esc' 'dump all'
	[ "$(grep -cE '^> hamlet' "$dir/screens")" -eq 1 ]
	[ "$(grep -c '^filter: fair' "$dir/screens")" -eq 2 ]
	[ "$(grep -c '^  hamlet' "$dir/screens")" -eq 1 ]
	[ "$(grep -c '^> summer-fair' "$dir/screens")" -eq 3 ]
}

@test "what is hidden comes with a key" {
	screens 80x24 'wait hamlet' 'gone mars-expo' 'key H' 'wait mars-expo' 'key H' 'gone mars-expo'
}

@test "a key without meaning says so, a paste outside of a field changes nothing" {
	screens 80x24 'wait hamlet' 'key r' 'wait r does nothing here' 'paste Q' \
		'wait pasted text is taken by fields only' 'key 5' 'wait there is no view 5'
}

@test "the chart is as long as one likes, and a pane can be alone" {
	screens 80x24 'wait hamlet' 'key Enter' 'wait all of it' 'key [' 'wait 30 days' 'key ] ]' \
		'wait all of it' 'key Tab z' 'gone CATEGORY' 'wait NEWEST' 'key Esc' 'wait CATEGORY'
}

@test "an order is found while one types, by name, code and ticket" {
	code=$(tix order list summer-fair --limit 1 --fields code)
	ticket=$(tix order show "$code" --json | jq -r '.tickets[1].code')
	screens 80x24 'wait hamlet' 'key 3' 'wait Buyer 6' 'key /' 'type MÁRY' 'wait 1 found' \
		'gone Buyer' "wait > $code" 'key Esc' 'wait Buyer 6' 'key /' "type $ticket" 'wait 1 found' \
		"wait > $code" 'key Esc' 'key /' "type ${code,,}" 'wait 1 found' 'type x' 'wait nothing is found' \
		'key Backspace Enter Enter' 'wait 20.00' 'wait balance' 'key y' "wait copied $code" \
		'key Esc' 'gone balance' 'key Esc' 'wait Buyer 6'
}

@test "the newest orders lead to one, and back" {
	screens 80x24 'wait hamlet' 'key Enter' 'wait Buyer 6' 'key Tab j Enter' 'wait balance' \
		'wait Buyer 6' 'wait [3 Orders]' 'key Esc' 'gone balance' 'key Esc' 'wait [2 Event]'
}

@test "back leads to where one was" {
	screens 80x24 'wait hamlet' 'key j Enter' 'wait Hamlet' 'key ?' 'wait [Help]' 'key Esc' \
		'wait [2 Event]' 'key q' 'wait [1 Overview]' 'wait > hamlet' 'key Esc' 'wait Q leaves'
}

@test "times in UTC and back" {
	screens 80x24 'wait Sat 13 Jun 20:00' 'key U' 'wait Sat 13 Jun 18:00' 'wait UTC |' 'key U' \
		'wait Sat 13 Jun 20:00'
}

@test "a script that is wrong names its line; what does not come ends it" {
	run ! screens 80x24 '# nothing' 'jump'
	[ "$status" -eq 2 ]
	[[ $output == *'script:2: "jump" is no command'* ]]
	run ! screens 80x24 'key Ctrl'
	[[ $output == *'"Ctrl" is no key'* ]]
	run ! tix-dash --script "$dir/script" --size 0x3
	[ "$status" -eq 2 ]
	run ! tix-dash fair hamlet
	[ "$status" -eq 2 ]
	run ! tix-dash --bogus
	[ "$status" -eq 2 ]
	run ! tix-dash
	[[ $output == *'must be a terminal'* ]]
}

@test "an event is opened by its name; one that is none says so" {
	echo 'wait Buyer 6' >"$dir/script"
	tix-dash --script "$dir/script" --now "$now" summer-fair
	echo 'wait no event nosuch' >"$dir/script"
	tix-dash --script "$dir/script" --now "$now" nosuch
}

@test "a settings file gives keys another meaning; a key with two is refused" {
	printf '%s\n' '# mine' 'quit X' 'open o Enter' >"$dir/keys"
	run ! tix-dash --keys "$dir/keys" --script "$dir/script"
	[[ $output == *"$dir/keys:3: o would mean"* ]]
	printf '%s\n' 'hidden X' >"$dir/keys"
	dash_flags="--keys $dir/keys" screens 80x24 'wait hamlet' 'wait X drafts' 'key X' 'wait mars-expo'
}

@test "each key that help names does something where help says so" {
	each_key 1
	each_key 2
	each_key 3
	[ "$keys_tried" -gt 60 ]
}

@test "strangers' text moves nothing and brings no control character" {
	sqlite3 "$store" "update event set name = char(27) || '[2J' || char(8238) || 'evil' || char(10)
		where slug = 'hamlet'; update event set slug = slug where 1" || skip "no sqlite3"
	screens 160x24 'wait evil' 'dump nasty' 'key j Enter' 'wait evil' 'dump event'
	grep -F '^[[2J<U+202E>evil^J' "$dir/screens"
	! LC_ALL=C grep -nP '[\x00-\x09\x0b-\x1f\x7f]' "$dir/screens"
}

@test "an event has its own time whenever one comes to it" {
	screens 80x24 'wait hamlet' 'key j Enter' 'wait Fri 19 Jun 19:30' 'key Esc' 'wait [1 Overview]' 'key Enter' \
		'wait [2 Event]' 'settle' 'dump again'
	grep -F 'Fri 19 Jun 19:30' "$dir/screens"
}

@test "one order after the other is opened from the newest" {
	mapfile -t codes < <(tix order list summer-fair --limit 2 --fields code)
	screens 80x24 'wait hamlet' 'key Enter' 'wait Buyer 6' 'key Tab Enter' "wait ORDER ${codes[0]}" 'settle' 'key Esc Esc' \
		'wait [2 Event]' 'key j Enter' 'wait [3 Orders]' 'settle' 'dump second'
	grep "ORDER ${codes[1]}" "$dir/screens"
}

@test "an answer that takes long is said to be awaited" {
	follow
	printf '%s\n' 'wait hamlet' 'key 3' 'wait 8 found' 'settle' 'say asked' >&4
	wait_until 40 dumped asked
	kill -STOP "$daemon"
	printf '%s\n' 'key ^L' 'wait FIND ...' 'say slow' >&4
	wait_until 40 dumped slow
	kill -CONT "$daemon"
	echo 'gone ...' >&4
	look there | grep -F 'LIVE'
	grep -q '^== slow' "$dir/screens"
}

@test "a daemon that is back is asked for what may have changed, not for the hour before" {
	follow
	printf '%s\n' 'wait 33/62' 'settle' 'say live' >&4
	wait_until 40 dumped live
	stop_daemon KILL || true
	printf '%s\n' 'wait RETRY' 'say gone' >&4
	wait_until 40 dumped gone
	TIX_TRACE=$dir/trace start_daemon --test-clock="$now"
	printf '%s\n' 'wait LIVE' 'settle' >&4
	look back | grep -E '^ORDERS/MIN '
	[ "$(grep -c '"order.list"' "$dir/trace")" -eq 2 ]
	grep -q '"system.doctor"' "$dir/trace"
}

@test "a paste that is too long is cut between letters, and brings no byte that is none" {
	a126=$(printf 'a%.0s' {1..126})
	screens 160x24 'wait hamlet' 'key /' "paste ${a126}żb" 'dump long' 'key Esc /' $'paste f\xffai\x01r' 'wait > summer-fair' 'gone > hamlet' 'dump bad'
	grep -x "filter: ${a126}b" "$dir/screens"
	grep -x 'filter: fair' "$dir/screens"
}
