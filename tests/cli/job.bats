#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Jobs as they are typed: a dangerous change is confirmed by its slug, its job is followed, left alone, looked into.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	make_fair
	for _ in 1 2 3; do
		tix order create fair --line ga:1 --pay cash -q
	done
}

teardown() {
	tix_teardown
}

@test "an event with sales is not called off by mistake" {
	run -2 tix event cancel fair </dev/null
	[ "${lines[0]}" = "tix: unconfirmed: fair has 3 paid orders, stdin is no terminal  (2)" ]
	[ "${lines[1]}" = "  hint: --dry-run first, then --yes --confirm fair" ]
	run -2 tix event cancel fair --yes </dev/null
	[ "${lines[0]}" = "tix: unconfirmed: fair has 3 paid orders  (2)" ]
	run -2 tix event cancel fair --yes --confirm fare </dev/null
	[[ $output == *'"fare" does not confirm that'* ]]
	run -0 tix event cancel fair --dry-run
	[[ $output == *"fair has 3 paid orders"* ]]
	run -2 typed "type fair to go on: " "" tix event cancel fair
	run -2 typed "type fair to go on: " fare tix event cancel fair
	[ "$(tix event show fair --json | jq -r .status)" = published ]
	run -2 tix api event.cancel '{"event":"fair"}'
	run -0 typed "type fair to go on: " fair tix event cancel fair
	grep -q 'fair has 3 paid orders' "$dir/screen"
	grep -q 'j1 done: 3 done, 0 failed, 0 skipped' "$dir/screen"
	[ "$(tix event show fair --json | jq -r .status)" = cancelled ]
	[ "$(tix order list fair --state cancelled | wc -l)" -eq 3 ]
}

@test "an event without sales is called off by yes alone" {
	tix event create empty --name Empty --start 2031-06-13 --currency EUR -q
	run -2 tix event cancel empty </dev/null
	[[ $output == *"hint: --dry-run first, then --yes" ]]
	run -0 tix event cancel empty --yes --json
	[ "$(jq -r '.status, .job' <<<"$output" | paste -sd' ')" = "cancelled null" ]
	[ -z "$(tix job list)" ]
}

@test "a job is followed, and says what failed" {
	tix order cancel "$(tix order list fair --limit 1 | cut -f1)" --yes -q
	run -0 --separate-stderr tix event cancel fair --refund bank --keep-fee 5 --yes --confirm fair --json
	[ "$(jq -r .job <<<"$output")" = j1 ]
	[ "$stderr" = "j1 done: 2 done, 0 failed, 1 skipped" ]
	[ "$(tix refund list fair --json | jq '[.items[].amount.amount] | add')" -eq 8000 ]
	[ "$(tix job report j1 | cut -f2 | sort | uniq -c | awk '{print $1 $2}' | paste -sd' ')" = "2done 1skipped" ]
	[ "$(tix job report j1 --state skipped | wc -l)" -eq 1 ]
	[ "$(tix job list fair --state "done" --kind event_cancel | cut -f1)" = j1 ]
	run -3 tix job retry j1 --failed
	[[ $output == *"nothing of it failed"* ]]
	run -3 tix job pause j1
	run -4 tix job show j2
	run -2 tix job show 1
}

@test "a job goes on without us" {
	run -0 --separate-stderr tix event cancel fair --rate 2 --yes --confirm fair --detach --json
	[ "$(jq -r .job <<<"$output")" = j1 ]
	[ -z "$stderr" ]
	run -0 tix job pause j1 --json
	[ "$(jq -r .state <<<"$output")" = paused ]
	stop_daemon KILL || true
	start_daemon
	[ "$(tix job show j1 --json | jq -r .state)" = paused ]
	run -75 tix job show j1 --wait --timeout 200ms
	[[ $output == *"j1 goes on; tix job show j1 --wait"* ]]
	run -0 tix job resume j1 -q
	stop_daemon KILL || true
	start_daemon
	run -0 tix job show j1 --wait --json
	[ "$(tail -n 1 <<<"$output" | jq -c '[.state, .done]')" = '["done",3]' ]
	tix watch --since 0 --count 4 --topic 'job.*' --jsonl >"$dir/watched"
	[ "$(jq -r .topic "$dir/watched" | paste -sd' ')" = "job.started job.paused job.resumed job.done" ]
	run -0 tix audit -q
}

@test "a job is given up, and taken up again" {
	tix event cancel fair --rate 1 --yes --confirm fair --detach -q
	run -2 tix job stop j1 </dev/null
	run -0 tix job stop j1 --yes --json
	[ "$(jq -r .state <<<"$output")" = stopped ]
	run -1 tix job show j1 --wait -q
	run -0 --separate-stderr tix job retry j1 --json
	[ "$(jq -c '[.state, .done]' <<<"$output")" = '["done",3]' ]
	[ "$stderr" = "j1 done: 3 done, 0 failed, 0 skipped" ]
}

# Whether a command has taken notice of ^C; it may not be listening yet.
interrupted() {
	kill -INT "$1" 2>/dev/null
	sleep 0.02
	[ -s "$dir/said" ]
}

@test "^C leaves the job alone" {
	tix event cancel fair --rate 1 --yes --confirm fair >/dev/null 2>"$dir/said" 3>&- &
	local pid=$! status=0
	wait_until 20 tix job show j1
	wait_until 20 interrupted "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	[ "$(cat "$dir/said")" = "j1 goes on; tix job show j1" ]
	[ "$(tix job show j1 --json | jq -r .state)" = running ]
}
