#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A job that cancels and refunds every order of an event while the daemon is killed again and again: each is done once,
# the report has them all, the audit is clean.
# TORTURE_JOB_ORDERS: how many; TORTURE_JOB_KILLS: how often; TORTURE_SEED: the seed of an earlier run.

load lib.bash

setup() {
	torture_setup
	orders=${TORTURE_JOB_ORDERS:-3000}
	RANDOM=$((seed % 32768))
	echo "seed $seed"
}

teardown() {
	torture_teardown
}

tried() {
	tix job show j1 --json | jq -e '.done + .failed + .skipped'
}

kill_tixd() {
	kill -KILL "$daemon"
	wait "$daemon" || true
	daemon=
}

# Kills the daemon at moments spread over the job: what was tried stays tried.
kill_at_random() {
	local kills=${TORTURE_JOB_KILLS:-3} at last=0 i n
	killed=0
	for ((i = 1; i <= kills; i++)); do
		at=$((orders * i / (kills + 1) - RANDOM % (orders / (kills + 1))))
		while n=$(tried) && [ "$n" -lt "$at" ]; do
			kill -0 "$daemon"
		done
		[ "$n" -lt "$orders" ] || break
		[ "$n" -ge "$last" ]
		kill_tixd
		killed=$((killed + 1))
		start_tixd
		last=$(tried)
		[ "$last" -ge "$n" ]
	done
	[ "$killed" -ge $((kills - 1)) ]
}

kill_at_failpoints() {
	local point
	for point in job.item:40 job.slice:2 batch.written:2 batch.committed:2 job.item:1 job.slice:1; do
		kill_tixd
		tixd_dies "$point"
		start_tixd
	done
}

# tixd_dies POINT:NTH: a daemon that dies by itself there.
tixd_dies() {
	local status=0
	TIX_FAILPOINT=$1:kill timeout 60 tixd --store "sqlite:$dir/tix.db" --socket "$dir/sock" 2>"$dir/log" 3>&- ||
		status=$?
	[ "$status" -eq 137 ]
}

sell_all() {
	start_tixd
	tix bench onsale --orders "$orders" --clients 32 --tickets 1 --repeat 0 --sample 1 --seed "$seed" >/dev/null
	event=$(tix event list --json | jq -r '.items[0].event')
	orders=$(tix quota list "$event" --json | jq '.items[0].sold')
	[ "$orders" -gt 0 ]
}

# What must be true at the end, whatever happened.
judge() {
	tix job show j1 --wait -q --timeout 300s
	[ "$(tix job show j1 --json | jq -c '[.state, .total, .done, .failed, .skipped]')" = \
		"[\"done\",$orders,$orders,0,0]" ]
	tix job report j1 >"$dir/report"
	[ "$(wc -l <"$dir/report")" -eq "$orders" ]
	[ "$(cut -f1 "$dir/report" | sort -u | wc -l)" -eq "$orders" ]
	[ "$(cut -f5 "$dir/report" | sort -u | wc -l)" -eq "$orders" ]
	tix refund list "$event" >"$dir/refunds"
	[ "$(wc -l <"$dir/refunds")" -eq "$orders" ]
	[ -z "$(cut -f1 "$dir/refunds" | grep -v '/r1$')" ]
	[ -z "$(tix order list "$event" --state paid --limit 1)" ]
	[ "$(tix quota list "$event" --json | jq '.items[0].sold')" -eq 0 ]
	tix audit >"$dir/audit" || { cat "$dir/audit"; false; }
}

@test "killed at random moments of a job" {
	sell_all
	tix event cancel "$event" --refund cash --rate "$((orders / 3))" --yes --confirm "$event" --detach -q
	kill_at_random
	judge
	stop_tixd
	echo "# $orders orders, killed $killed times" >&3
}

@test "killed at each failpoint of a job" {
	[ "${TEST_FAILPOINTS:-no}" = yes ] || skip "built without --enable-failpoints"
	orders=600
	sell_all
	tix event cancel "$event" --refund cash --rate 3000 --yes --confirm "$event" --detach -q
	kill_at_failpoints
	judge
	stop_tixd
}

# Lines of an import: more of them than a job does between two looks.
stage_all() {
	local i
	start_tixd
	for ((i = 1; i <= orders; i++)); do
		printf '{"event":"e-%d","name":"E %d","start":"2031-01-01"}\n' "$i" "$i"
	done >"$dir/lines"
	tix import events "$dir/lines" --rate "$1" --detach -q
}

judge_import() {
	tix job show j1 --wait -q --timeout 300s
	[ "$(tix job show j1 --json | jq -c '[.state, .total, .done, .failed, .skipped]')" = \
		"[\"done\",$orders,$orders,0,0]" ]
	[ "$(tix job report j1 --fields subject | sort -u | wc -l)" -eq "$orders" ]
	[ "$(tix event list --fields event | sort -u | wc -l)" -eq "$orders" ]
	tix audit >"$dir/audit" || { cat "$dir/audit"; false; }
}

@test "an import killed at random moments takes in each line once" {
	stage_all "$((orders / 3))"
	kill_at_random
	judge_import
	stop_tixd
	echo "# $orders lines, killed $killed times" >&3
}

@test "an import killed at each failpoint of a job" {
	[ "${TEST_FAILPOINTS:-no}" = yes ] || skip "built without --enable-failpoints"
	orders=600
	stage_all 3000
	kill_at_failpoints
	judge_import
	stop_tixd
}
