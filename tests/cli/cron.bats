#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What scripts lean on: bookmarks, locks, the end of patience; no HOME, no terminal, no environment.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	other=
	start_daemon
	make_fair 500
}

teardown() {
	[ -z "$other" ] || kill -KILL "$other" 2>/dev/null || true
	tix_teardown
}

buy() {
	tix order create fair --line ga:1 --pay cash --fields code
}

# bare ARGUMENT...: tix as cron starts it.
bare() {
	env -i "$(command -v tix)" --socket "$TIX_SOCKET" "$@" </dev/null
}

stands() {
	tix bookmark show "$1" --fields record
}

@test "a bookmark goes on where the last run ended, also for several orders of one moment" {
	a=$(buy)
	[ "$(bare order list --since @new --fields code)" = "$a" ]
	[ -z "$(bare order list --since @new --fields code)" ]
	b=$(buy)
	c=$(buy)
	[ "$(bare order list --since @new --fields code --sort created)" = "$b"$'\n'"$c" ]
	[ "$(bare order list --since @other --fields code | wc -l)" -eq 3 ]
	[ -z "$(bare order list --since @new --fields code)" ]
	# what happens to an order does not make it a new one
	tix order note "$a" hello -q
	[ -z "$(bare order list --since @new --fields code)" ]
}

@test "the journal by a bookmark: each record once, and none of its own" {
	bare journal list --since @log --fields seq >"$dir/one"
	buy
	bare journal list --since @log --fields seq >"$dir/two"
	bare journal list --since @log --fields seq >"$dir/three"
	[ "$(wc -l <"$dir/two")" -eq 1 ] && [ ! -s "$dir/three" ]
	sort -n "$dir/one" "$dir/two" | cmp - <(tix journal list --fields seq)
}

@test "an export by a bookmark has what was made or changed, each order once" {
	a=$(buy) b=$(buy)
	bare export orders --since @night --file "$dir/1.jsonl" -q
	[ "$(jq -r .code "$dir/1.jsonl" | sort)" = "$(printf '%s\n' "$a" "$b" | sort)" ]
	tix order note "$b" hello -q
	tix refund create "$b" --amount 5 --yes -q
	c=$(buy)
	bare export orders --since @night --file "$dir/2.jsonl" -q
	[ "$(jq -r .code "$dir/2.jsonl")" = "$b"$'\n'"$c" ]
	[ "$(jq -r '.refunds | length' "$dir/2.jsonl")" = $'1\n0' ]
	bare export attendees --since @seats --csv | tail -n +2 | wc -l | grep -qx 3
	[ -z "$(bare export attendees --since @seats --jsonl 2>/dev/null)" ]
	run -2 bare export events --since @night
	run -2 bare export orders --since @night --job --file "$dir/x"
}

@test "a bookmark moves on 0 and 1 only: not on failure, a dry run, a lost output" {
	buy
	run -0 bare order list --since @x -n
	run -4 stands x
	run -4 bare order list no-such-event --since @x
	run -4 stands x
	run -74 bash -c '"$@" >/dev/full' - tix order list --since @x
	run -4 stands x
	run -75 bare order list --since @x --timeout 1ms --socket "$dir/nothing" || [ "$status" -eq 69 ]
	run -4 stands x
	bare order list --since @x -q >/dev/null
	[ "$(stands x)" = "$(tix status --fields seq)" ]
}

@test "what cannot be told by a bookmark is refused with the way" {
	run -2 bare event list --since @x
	[[ $output == *"journal list --since @x"* ]]
	run -2 bare order list --since @x --limit 5
	run -2 bare order list --since @Not_A_Name
	[[ $output == *"night-export"* ]]
	run -3 bare bookmark set x 1 --was 9
	run -2 bare bookmark set x 99999
	bare bookmark set x 2
	[ "$(bare bookmark list --fields name,record)" = $'x\t2' ]
	[ "$(bare journal list --since @x --fields seq | head -n 1)" = 3 ]
}

@test "watch goes on from a bookmark" {
	buy
	n=$(bare watch --since @w --topic order.paid --count 1 --fields seq)
	[ "$(stands w)" = "$n" ]
	buy
	m=$(bare watch --since @w --topic order.paid --count 1 --fields seq)
	[ "$m" -gt "$n" ]
	[ "$(stands w)" = "$m" ]
	run -75 bare watch --since @w --timeout 100ms
	[ "$(stands w)" = "$m" ]
}

@test "a lock lets one run in; it is free when that ends, however it ends" {
	env -i "$(command -v tix)" --socket "$TIX_SOCKET" watch --lock "$lock.recon" >/dev/null 2>&1 3>&- &
	other=$!
	wait_until 20 followed
	run -75 bare status --lock "$lock.recon"
	[[ $output == "tix: busy: another run holds the lock $lock.recon"* ]]
	run -75 bare --json --lock "$lock.recon" status
	jq -e '.name == "busy" and .retryable' <<<"$output"
	bare status --lock "$lock.another" -q
	kill -KILL "$other"
	wait "$other" || true
	other=
	wait_until 20 bare status --lock "$lock.recon" -q
	bare status --lock "$lock.recon" -q
	run -2 bare status --lock ''
}

@test "a lock stays when tixd takes the place of tix" {
	mkdir "$dir/bin"
	cp "$(command -v tix)" "$dir/bin"
	printf '#!/bin/sh\nexec "%s" --lock "%s" version -q\n' "$(command -v tix)" "$lock.recon" >"$dir/bin/tixd"
	chmod 755 "$dir/bin/tixd"
	run -75 "$dir/bin/tix" --lock "$lock.recon" db restore "$dir/x"
	[[ $output == *"another run holds the lock $lock.recon"* ]]
	run -0 "$dir/bin/tix" --lock "$lock.other" db restore "$dir/x"
}

@test "patience ends with 75, whatever is waited for" {
	mkfifo "$dir/pipe"
	exec 8<>"$dir/pipe"
	run -75 tix import events - --timeout 50ms <&8
	run -75 --separate-stderr tix import events - --timeout 50ms --json <&8
	jq -e '.name == "timeout" and .exit == 75' <<<"$stderr"
	exec 8>&-
	run -75 bare watch fair --timeout 50ms
	kill -STOP "$daemon"
	run -75 bare order list --timeout 100ms
	run -75 bare audit --timeout 100ms
	run -75 bare export events --timeout 100ms
	run -75 bare watch --timeout 100ms
	kill -CONT "$daemon"
	bare order list --timeout 5m
}

@test "show takes whatever has a code, several at once and from stdin, and goes on past what is nothing" {
	code=$(buy)
	tix hold create fair --line ga:1 --fields code >"$dir/hold"
	tix venue create hall --name Hall --zone UTC -q
	tix event set fair --slug fete -q
	tix refund create "$code" --amount 5 --yes -q
	pass=$(tix ticket show "$code/1" --fields code)
	for word in fair fete fair/ga hall default "$code" "${code,,}" "${code/-/}" "$code/1" "$code/p1" "$code/r1" "$pass" \
		"$(cat "$dir/hold")"; do
		run -0 bare show "$word" --json
		echo "$word: $output" >&2
		jq -e '.kind and .code' <<<"$output"
	done
	run -4 --separate-stderr bare show fete nothing-here "$code" --json
	[ "$(jq -r .kind <<<"$output")" = $'event\norder' ]
	[[ $stderr == *nothing-here* ]]
	# What a list prints can be shown: the first column, after the mark of UTF-8, and more of it than fits in memory at once.
	second=$(buy)
	{ printf '\xef\xbb\xbf'; tix order list --state paid --sort created; } >"$dir/list"
	run -0 env -i "$(command -v tix)" --socket "$TIX_SOCKET" show - fete --jsonl <"$dir/list"
	[ "$(jq -r .code <<<"$output")" = "$code"$'\n'"$second"$'\nfete' ]
	run -2 env -i "$(command -v tix)" --socket "$TIX_SOCKET" show - "not a code" "$code" --fields code -o tsv \
		< <(yes | head -c 1100000 | tr '\n' 'y'; printf '\n%s\n' nothing-here)
	[ "${lines[-1]}" = "$code" ]
	printf '%s\n' fete nothing-here "$code" >"$dir/words"
	run -4 --separate-stderr env -i "$(command -v tix)" --socket "$TIX_SOCKET" show - --json <"$dir/words"
	[ "$(jq -r .kind <<<"$output")" = $'event\norder' ]
}

@test "status --follow: a row for each change, over the death of the daemon; painted in place on a terminal" {
	env -i "$(command -v tix)" --socket "$TIX_SOCKET" status --follow --fields seq >"$dir/out" 2>"$dir/err" 3>&- &
	other=$!
	wait_until 20 seen "$(tix status --fields seq)"
	buy
	wait_until 20 seen "$(tix status --fields seq)"
	stop_daemon KILL || true
	wait_until 20 grep -q "daemon gone" "$dir/err"
	start_daemon
	wait_until 20 grep -q "daemon back" "$dir/err"
	kill -INT "$other"
	wait "$other"
	other=
	[ "$(sort -n "$dir/out" | uniq | wc -l)" -eq 2 ]
	run -0 bare status --follow --interval 50ms --count 3 --jsonl
	[ "${#lines[@]}" -eq 3 ]
	run -75 bare status --follow --timeout 100ms
	run -2 bare status --interval 1s
	TERM=dumb timeout 60 script -qec "tix status --follow --interval 50ms --count 3" /dev/null </dev/null >"$dir/screen"
	[ "$(grep -c '^state ' <(tr '\r' '\n' <"$dir/screen" | sed 's/^\x1b\[J//'))" -eq 3 ]
	[ "$(grep -ao $'\x1b\[[0-9]*A' "$dir/screen" | wc -l)" -eq 2 ]
	! grep -aq $'\x1b\[?1049h' "$dir/screen"
}

seen() {
	[ "$(tail -n 1 "$dir/out")" = "$1" ]
}

@test "a ticket's history is its own and its order's, not that of the ticket beside it" {
	code=$(tix order create fair --line ga:2 --pay cash --fields code)
	tix ticket set "$code/1" --name Ann -q
	tix ticket set "$code/2" --name Bob -q
	tix ticket reissue "$code/2" --yes -q
	tix order note "$code" hello -q
	[ "$(bare ticket history "$code/2" --fields topic,subject)" = "order.paid"$'\t'"$code"$'\n'"ticket.changed"$'\t'"$code/2"$'\n'"ticket.reissued"$'\t'"$code/2"$'\n'"order.noted"$'\t'"$code" ]
	[ "$(bare ticket history "$(tix ticket show "$code/1" --fields code)" --fields seq | wc -l)" -eq 3 ]
	run -2 bare ticket history "$code"
	run -4 bare ticket history "$code/3"
}
