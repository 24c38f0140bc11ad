#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Operations: the crontab of a host, without HOME, TERM, terminal or anything else in the environment. What a line
# prints is mailed, so a good night mails the report of the day and nothing else.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	make_fair 500
	out=$dir/out
	mkdir "$out"
	bin=$(dirname "$(command -v tix)")
	crontab="db backup $out/NIGHT.bak --lock $lock.backup -q
audit --timeout 5m -q
doctor -q
export orders --since @night --lock $lock.night --file $out/NIGHT.jsonl -q
journal list --since @refunds --topic refund.* -q
report close yesterday --utc"
}

teardown() {
	tix_teardown
}

# night NAME: every line of the crontab once; what cron would mail is in $dir/mail, what failed in $dir/status.
night() {
	local line
	: >"$dir/mail"
	: >"$dir/status"
	while read -r line; do
		env -i "PATH=/usr/bin:/bin" "TIX_SOCKET=$TIX_SOCKET" \
			/bin/sh -c "cd / && set -f && $bin/tix ${line//NIGHT/$1}" </dev/null >"$dir/said" 2>&1 ||
			echo "$? $line" >>"$dir/status"
		cat "$dir/said" >>"$dir/mail"
	done <<<"$crontab"
}

sell() {
	tix order create fair --line ga:1 --pay cash --fields code
}

@test "a good night mails the report and no more, and hands on what is new" {
	a=$(sell)
	night mon
	[ ! -s "$dir/status" ]
	[ "$(grep -vc $'\t' "$dir/mail")" -eq 0 ]
	[ "$(jq -r .code "$out/mon.jsonl")" = "$a" ]
	tix db check "$out/mon.bak" --key "$store.key" -q
	b=$(sell)
	night tue
	[ ! -s "$dir/status" ]
	[ "$(jq -r .code "$out/tue.jsonl")" = "$b" ]
	night wed
	[ ! -s "$dir/status" ]
	[ ! -s "$out/wed.jsonl" ]
	[ "$(grep -c refund "$dir/mail")" -eq "$(tix report close yesterday | grep -c refund)" ]
}

@test "a refund is mailed once" {
	a=$(sell)
	night mon
	tix refund create "$a" --yes -q
	night tue
	[ "$(grep -c $'\trefund.created\t'"$a/r1" "$dir/mail")" -eq 1 ]
	night wed
	! grep -q 'refund.created' "$dir/mail"
}

@test "trouble is mailed with a way out: a backup that is there, a broken law, no daemon" {
	sell
	night mon
	night mon
	grep -q "^tix: exists: .*mon.bak" "$dir/mail"
	stop_daemon
	sqlite3 "$store" "update quota set sold = sold + 1"
	start_daemon
	night tue
	grep -q $'\tbroken\t.*fair/ga' "$dir/mail"
	stop_daemon
	night wed
	[ "$(grep -c "^tix: no_daemon: $TIX_SOCKET" "$dir/mail")" -eq 6 ]
	grep -q "hint: systemctl status tixd" "$dir/mail"
	start_daemon
	sqlite3 "$store" "update quota set sold = sold - 1"
}

@test "a night that failed is made up for the next one" {
	a=$(sell)
	mkdir "$out/mon.jsonl"
	night mon
	grep -q "mon.jsonl" "$dir/mail"
	b=$(sell)
	night tue
	[ "$(jq -r .code "$out/tue.jsonl")" = "$a"$'\n'"$b" ]
}

@test "a second run at the same time ends with 75 and touches nothing" {
	sell
	env -i "$bin/tix" --socket "$TIX_SOCKET" watch --lock "$lock.night" >"$dir/watch" 2>&1 3>&- &
	other=$!
	wait_until 20 followed
	run -75 env -i "$bin/tix" --socket "$TIX_SOCKET" export orders --since @night --lock "$lock.night" --file "$out/x.jsonl"
	[[ $output == *"busy"* ]]
	[ ! -e "$out/x.jsonl" ]
	kill -KILL "$other"
	wait "$other" || true
	wait_until 20 free
	night mon
	[ -s "$out/mon.jsonl" ]
}

free() {
	run env -i "$bin/tix" --socket "$TIX_SOCKET" status --lock "$lock.night" -q
	[ "$status" -eq 0 ]
}
