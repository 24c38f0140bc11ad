#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Support: somebody writes that he cannot come to the fair, and wants the money of one of two tickets. On a terminal,
# with everything that goes wrong on such a day.
bats_require_minimum_version 1.5.0
load ../lib

amount="type the amount"

setup() {
	tix_setup
	asker=
	start_daemon
	make_fair 500
	code=$(tix order create fair --line ga:2 --name "A. Buyer" --email buyer@example.org --pay cash --fields code)
}

teardown() {
	exec 9>&- || true
	[ -z "$asker" ] || kill -KILL "$asker" 2>/dev/null || true
	tix_teardown
}

# asked COMMAND...: on a terminal in the background, until it has asked; answered by answer.
asked() {
	mkfifo "$dir/keys"
	TERM=dumb timeout 60 script -qec "stty cols 80 rows 24; exec $*" /dev/null <"$dir/keys" >"$dir/screen" 3>&- 9>&- &
	asker=$!
	exec 9>"$dir/keys"
	wait_until 20 grep -q "$amount" "$dir/screen"
}

answer() {
	local status=0
	printf '%s\n' "$1" >&9
	exec 9>&-
	wait "$asker" || status=$?
	asker=
	rm "$dir/keys"
	screen=$(tr -d '\r' <"$dir/screen")
	return "$status"
}

refunds() {
	tix refund list --fields refund,amount,state
}

@test "the buyer is found by what is known, the money goes back once, the buyer and the sums agree" {
	[ "$(tix order list --find buyer@example.org --fields code)" = "$code" ]
	typed "$amount" 40.00 tix refund create "$code/2" --keep-fee 5.00 --void --reason illness
	[[ $screen == *"captured 90.00, refunded before 0.00"* ]]
	[[ $screen == *"fee kept      -5.00"* ]]
	[[ $screen == *"$code/r1  pending  40.00 EUR"* ]]
	next=${screen##*next: }
	typed "$amount" 40.00 bash -c "${next%%$'\n'*}"
	[ "$(refunds)" = "$code/r1"$'\t40.00\tdone' ]
	tix audit -q
}

@test "a wrong code, a wrong ticket: told, and nothing is done" {
	run -4 typed "" "" tix refund create "${code%?}0"
	run -4 typed "" "" tix refund create "$code/3"
	run -2 typed "" "" tix refund create fair
	run -2 typed "$amount" 45 tix refund create "$code/1"
	run -2 typed "$amount" "" tix refund create "$code/1"
	run -2 typed "$amount" y tix refund create "$code/1"
	run -2 tix refund create "$code/1" </dev/null
	[ -z "$(refunds)" ]
	[ "$(tix ticket show "$code/1" --fields state)" = valid ]
}

@test "twice: the second is refused and says why" {
	typed "$amount" 45.00 tix refund create "$code/1"
	typed "" "" tix refund create "$code/1" || status=$?
	[ "$status" -eq 3 ]
	[[ $screen == *"$code/1 was refunded already"* ]]
	[ "$(refunds | wc -l)" -eq 1 ]
}

@test "beyond the balance: refused before the question, with what is left" {
	typed "$amount" 45.00 tix refund create "$code/1"
	typed "" "" tix refund create "$code" --amount 60 || status=$?
	[ "$status" -eq 3 ]
	[[ $screen == *"45.00 EUR of 90.00 EUR is left to give back"* ]]
	[[ $screen != *"$amount"* ]]
	[ "$(refunds | wc -l)" -eq 1 ]
}

@test "the daemon is killed between question and answer: the refund is made once" {
	asked tix refund create "$code/1"
	stop_daemon KILL || true
	start_daemon
	answer 45.00
	[[ $screen == *"$code/r1  pending  45.00 EUR"* ]]
	[ "$(refunds)" = "$code/r1"$'\t45.00\tpending' ]
	tix audit -q
}

@test "the daemon is killed with the answer under way: the same key, done once" {
	asked tix refund create "$code/1" --key support-1
	kill -STOP "$daemon"
	printf '45.00\n' >&9
	wait_until 20 grep -q "45.00$(printf '\r')" "$dir/screen"
	stop_daemon KILL || true
	start_daemon
	answer "" || [ $? -eq 69 ] # it may have waited too long for a slow machine
	typed "" "" tix refund create "$code/1" --key support-1 --yes
	[[ $screen == *"$code/r1"* ]]
	[ "$(refunds)" = "$code/r1"$'\t45.00\tpending' ]
	tix audit -q
}

@test "the money is gone from what is left, and the day closes" {
	typed "$amount" 45.00 tix refund create "$code/1" --void
	typed "$amount" 45.00 tix refund confirm "$code/r1"
	[ "$(tix ticket show "$code/1" --fields state)" = void ]
	[ "$(tix order show "$code" --fields balance)" = 0.00 ]
	tix report close today --fields what,amount | grep -q $'refunded_cash\t45.00'
}

@test "an order that is shown says all that is asked at the desk, in the zone of its event" {
	tix event create ball --name Ball --start 2031-06-13 --zone Asia/Tokyo --currency EUR -q
	tix category create ball/ga --price 45.00 --size 5 -q
	tix event publish ball -q
	code=$(tix order create ball --line ga:1 --pay bank --name "B. Buyer" --fields code)
	tix payment record "$code" --amount 50.00 --kind bank --yes -q
	tix order note "$code" "called on Monday and asked for an aisle seat near the exit; comes with a wheelchair" -q
	typed "" "" tix order show "$code"
	grep -qE '^event    ball  since .* JST  box-office$' <<<"$screen"
	grep -qE '^payment  bank  50.00 EUR  captured  .* JST$' <<<"$screen"
	grep -qE '^balance  5.00 EUR  due to the buyer$' <<<"$screen"
	grep -qE '^note     called on Monday' <<<"$screen"
	[[ $(tail -2 <<<"$screen") == *wheelchair* ]]
	[ "$(wc -L <<<"$screen")" -le 80 ]
	typed "" "" tix order show "$code" --utc
	[[ $screen == *UTC* && $screen != *JST* ]]
}
