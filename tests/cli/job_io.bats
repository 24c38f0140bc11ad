#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Imports and exports by a job: the same as without one, also when the daemon is killed in the middle.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
}

teardown() {
	tix_teardown
}

lines() {
	for i in $(seq "$1" "$2"); do
		printf '{"event":"e-%d","name":"E %d","start":"2031-01-01"}\n' "$i" "$i"
	done
}

masked() {
	jq -cS 'del(.code, .old_codes)' "$1"
}

# A store with 300 orders.
first_store() {
	make_fair 1000
	jq -nc 'range(1; 301) | {jsonrpc: "2.0", id: ., method: "order.create", params: {event: "fair",
		line: [{category: "ga", count: (. % 3 + 1)}], pay: "cash", name: "Żółć \(.)",
		email: "b\(.)@example.org"}}' >"$dir/sell"
	"${top_builddir:-$PWD/build}/tests/tools/tixraw" -o -n 300 -t 60 "$TIX_SOCKET" <"$dir/sell" >"$dir/sold"
}

# What that exports, and another store with the events only.
second_store() {
	first_store
	tix export events --file "$dir/events" -q
	tix export orders --file "$dir/orders" -q
	stop_daemon
	store=$dir/second.db # start_daemon reads it
	export store
	start_daemon
	tix import events "$dir/events" -q
}

@test "a job takes in events, its failed lines are told by their number" {
	{
		lines 1 2
		echo '{"event":"no-start","name":"x"}'
		lines 3 5
	} >"$dir/rows"
	run -1 --separate-stderr tix import events "$dir/rows" --job --zone Europe/Warsaw --fields job,state,done,failed
	[ "$output" = $'j1\tdone\t5\t1' ]
	[[ $stderr == *"j1 done: 5 done, 1 failed, 0 skipped"* ]]
	run -0 tix job report j1 --state failed --fields subject,error
	[ "$output" = $'3\tmissing' ]
	[ "$(tix event show e-5 --fields zone)" = Europe/Warsaw ]
	run -0 --separate-stderr tix import events "$dir/rows" --detach --json
	jq -e '.job == "j2" and .kind == "import" and .state == "running" and .total == 6' <<<"$output"
	run -1 tix job show j2 --wait -q
	[ "$(tix job show j2 --fields state,failed,skipped)" = $'done\t1\t5' ]
	run -0 tix audit
}

@test "what is no JSON does not come into the job" {
	{
		lines 1 2
		echo 'not json'
	} >"$dir/rows"
	run -1 --separate-stderr tix import events "$dir/rows" --job -q
	[[ $stderr == "tix: line 3: parse: "* ]]
	[ "$(tix job show j1 --fields total,done)" = $'2\t2' ]
	run -2 tix import events "$dir/rows" --job --dry-run
	run -2 tix import events "$dir/rows" --detach --rejects "$dir/no"
	run -2 tix import events "$dir/none" --job
	[ "$(tix job list --fields job)" = j1 ]
}

@test "an import by hand: begun, given lines, looked into, run" {
	run -0 tix import begin events --fields job,state
	[ "$output" = $'j1\tpaused' ]
	run -0 tix api import.add '{"job":"j1","lines":[{"line":7,"row":{"event":"e","name":"E","start":"2031-01-01"}}]}'
	[ "$(tix job show j1 --fields state,total)" = $'paused\t1' ]
	tix job resume j1 -q
	run -0 --separate-stderr tix job show j1 --wait --fields state,done
	[ "$output" = $'done\t1' ]
	[ "$(tix job report j1 --fields subject,state)" = $'7\tdone' ]
}

@test "orders arrive once each, however often the daemon is killed" {
	second_store
	tix import orders "$dir/orders" --detach -q
	for _ in 1 2 3 4; do
		wait_until 20 tix job show j1 -q
		stop_daemon KILL || true
		start_daemon
	done
	run -0 --separate-stderr tix job show j1 --wait --fields state,total,done,failed,skipped
	[ "$output" = $'done\t300\t300\t0\t0' ]
	tix export orders --file "$dir/orders2" -q
	cmp <(masked "$dir/orders") <(masked "$dir/orders2")
	cmp <(jq -r .code "$dir/orders") <(jq -r '.old_codes[0]' "$dir/orders2")
	run -0 tix audit
}

@test "refused orders go in after a fix" {
	second_store
	sed -i 's/"event":"fair"/"event":"other"/' "$dir/orders"
	run -1 tix import orders "$dir/orders" --job -q
	[ "$(tix job show j1 --fields done,failed)" = $'0\t300' ]
	[ "$(tix job report j1 --state failed --fields error | sort -u)" = not_found ]
	jq -c '.event = "other"' "$dir/events" | tix import events - -q
	run -0 --separate-stderr tix job retry j1 --failed --fields state,done,failed
	[ "$output" = $'done\t300\t0' ]
	run -0 tix audit
}

@test "an export by a job gives the file that the pages give" {
	first_store
	for kind in events orders attendees; do
		tix export "$kind" --file "$dir/$kind.pages" -q
		run -0 --separate-stderr tix export "$kind" --file "$dir/$kind.job" --job
		[[ $output == *done* ]]
		cmp "$dir/$kind.pages" "$dir/$kind.job"
		[ ! -e "$dir/$kind.job.part" ]
		[ "$(stat -c %a "$dir/$kind.job")" = 600 ]
	done
	tix export orders fair --file "$dir/fair" --job -q
	cmp "$dir/orders.pages" "$dir/fair"
	run -3 tix export orders --file "$dir/fair" --job
	[[ $output == *"exists already"* ]]
	run -2 tix export orders --job
	run -2 tix export orders --file "$dir/x" --job --csv
	run -2 tix export run orders --file relative
	tix audit
}

@test "an export that cannot be written says so, and its items can be tried again" {
	first_store
	mkdir "$dir/folder"
	job=$(tix export run orders --file "$dir/folder/orders" --rate 100 --detach --json | jq -r .job)
	wait_until 20 test -s "$dir/folder/orders.part"
	tix job pause "$job" -q
	mv "$dir/folder" "$dir/gone"
	tix job resume "$job" -q
	run -1 tix job show "$job" --wait
	[[ $output == *failed* ]]
	[ ! -e "$dir/folder" ]
}

@test "an export goes on where it was when the daemon is killed" {
	first_store
	tix export orders --file "$dir/pages" -q
	job=$(tix export run orders --file "$dir/job" --rate 200 --detach --json | jq -r .job)
	for _ in 1 2 3; do
		wait_until 20 test -s "$dir/job.part"
		stop_daemon KILL || true
		printf 'half a li' >>"$dir/job.part"
		start_daemon
	done
	tix job show "$job" --wait -q
	cmp "$dir/pages" "$dir/job"
	[ "$(tix job show "$job" --json | jq -c '[.done, .failed]')" = "[300,0]" ]
	tix audit
}
