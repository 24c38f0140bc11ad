#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Many ids, from arguments and from stdin: one connection, a window of calls, answers in order.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	make_fair 20000
}

teardown() {
	tix_teardown
}

# sell TICKETS: an order's code.
sell() {
	tix order create fair --line "ga:$1" --pay cash --fields code
}

head_of_journal() {
	tix journal list --fields seq | tail -n 1
}

@test "one header, one document, one line each, in the order of the ids" {
	a=$(sell 1) b=$(sell 2)
	run -0 tix order show - --header --fields code,total <<<"$b"$'\n'"$a $b"
	[ "$output" = $'code\ttotal\n'"$b"$'\t90.00\n'"$a"$'\t45.00\n'"$b"$'\t90.00' ]
	run -0 tix order show "$b" "$a" --csv --fields code,total
	[ "$output" = $'code,total\r\n'"$b"$',90.00\r\n'"$a"$',45.00\r' ]
	run -0 tix order show - --json <<<"$b $a"
	[ "$(jq -c '[.v, .next, .items[].code]' <<<"$output")" = "[1,null,\"$b\",\"$a\"]" ]
	run -0 tix order show - --json <<<"$a"
	[ "$(jq -r '.items[0].code' <<<"$output")" = "$a" ]
	run -0 tix order show "$a" --json
	[ "$(jq -r .code <<<"$output")" = "$a" ]
	run -0 tix order show - --jsonl --fields code <<<"$b $a"
	[ "$output" = "{\"code\":\"$b\"}"$'\n'"{\"code\":\"$a\"}" ]
	run -0 tix order history "$a" "$b" --json
	[ "$(jq -s 'length' <<<"$output")" -eq 1 ]
	[ "$(jq '[.items[].subject] | unique | length' <<<"$output")" -ge 2 ]
}

@test "an empty stream prints an empty list" {
	run -0 tix order show - </dev/null
	[ -z "$output" ]
	run -0 tix order show - --json <<<$' \n\n \r\n'
	[ "$output" = '{"v":1,"items":[],"next":null}' ]
	run -0 tix order show - --csv --fields code < <(printf ' \n\r\n')
	[ "$output" = $'code\r' ]
}

@test "what a list prints can be read: of a line with tabs the first column" {
	a=$(sell 1) b=$(sell 2)
	run -0 tix order show - --fields code < <(tix order list --sort created)
	[ "$output" = "$a"$'\n'"$b" ]
	run -0 tix order show - --fields code < <(printf '\xef\xbb\xbf%s\r\n%s\0%s' "$a" "$b" "$a")
	[ "$output" = "$a"$'\n'"$b"$'\n'"$a" ]
	# Its first column is empty: the second is something else.
	run -2 --separate-stderr tix order show - --fields code < <(printf '\t%s\n%s\tx y\n' "$a" "$b")
	[ "$output" = "$b" ]
	[[ $stderr == *'"": '* ]]
}

@test "an id that is refused is named, the rest goes on, and the status is the first one's" {
	a=$(sell 1) b=$(sell 1)
	run -4 --separate-stderr tix order show - --fields code \
		< <(printf '%s\nZZZZ-ZZZZ\n@#!\n%s\n' "$a" "$b"; head -c 100000 /dev/zero | tr '\0' x; echo " $a")
	[ "$output" = "$a"$'\n'"$b"$'\n'"$a" ]
	[ "${#stderr_lines[@]}" -eq 4 ]
	[[ ${stderr_lines[0]} == "tix: not_found: "*ZZZZ-ZZZZ*"  (4)" ]]
	[[ ${stderr_lines[1]} == "tix: bad_value: @#!: "*"  (2)" ]]
	[[ ${stderr_lines[2]} == "tix: bad_value: xxxx"*"  (2)" ]]
	[ "${stderr_lines[3]}" = "3 of 6 were refused" ]
	run -2 --separate-stderr tix order show "@#!" "$a" --json
	[ "$(jq -r '.items[].code' <<<"$output")" = "$a" ]
	[ "$(jq -r .name <<<"$stderr")" = bad_value ]
	tix ticket void "$a/1" --yes -q
	run -3 --separate-stderr tix ticket void - --yes --fields ticket <<<"$a/1 $b/1"
	[ "$output" = "$b/1" ] || [ "$output" = "$a/1"$'\n'"$b/1" ]
}

@test "what would refuse them all ends it at once" {
	a=$(sell 1)
	long=$(printf 'x%.0s' {1..3000})
	run -2 --separate-stderr tix order note - "$long" < <(yes "$a" | head -n 500)
	[ -z "$output" ]
	[ "$(grep -c '^tix: ' <<<"$stderr")" -eq 1 ]
	run -2 --separate-stderr tix event set - --doc @- <<<fair
	[[ $stderr == *"stdin"* ]]
}

@test "changes are confirmed before, never from the stream" {
	a=$(sell 3)
	before=$(head_of_journal)
	run -2 tix ticket void - <<<"y"$'\n'"$a/1"
	[[ ${lines[0]} == "tix: unconfirmed: "*"stdin"* ]]
	[ "${lines[1]}" = "  hint: --dry-run first, then --yes" ]
	run -2 tix ticket void "$a/1" "$a/2" </dev/null
	[[ ${lines[0]} == "tix: unconfirmed: "* ]]
	run -0 --separate-stderr tix ticket void - --dry-run --fields ticket,state <<<"$a/1 $a/2"
	[ "$output" = "$a/1"$'\tvoid\n'"$a/2"$'\tvoid' ]
	[ "$stderr" = "would: nothing was kept" ]
	[ "$(head_of_journal)" = "$before" ]
	run -0 tix ticket void - --yes -q <<<"$a/1 $a/2"
	[ -z "$output" ]
	[ "$(tix ticket show "$a/1" "$a/2" "$a/3" --fields state | paste -sd' ')" = "void void valid" ]
}

@test "answers come while ids still do, and ^C ends it clean" {
	a=$(sell 1)
	mkfifo "$dir/ids"
	tix order show - --json --fields code <"$dir/ids" >"$dir/out" 2>"$dir/talk" 3>&- &
	pid=$!
	exec 7>"$dir/ids"
	echo "$a" >&7
	wait_until 20 grep -q "$a" "$dir/out"
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	exec 7>&-
	[ "$status" -eq 130 ]
	[ "$(jq -r '.items[].code' "$dir/out")" = "$a" ]
}

@test "--timeout ends a stream that does not" {
	mkfifo "$dir/ids"
	exec 7<>"$dir/ids"
	run -75 tix order show - --timeout 200ms <&7
	exec 7>&-
}

@test "an output that is closed or full ends it" {
	a=$(sell 1)
	run -0 bash -o pipefail -c "yes $a | head -n 20000 | tix order show - --fields code | head -n 1; [ \${PIPESTATUS[2]} -eq 141 ] || [ \${PIPESTATUS[2]} -eq 0 ]"
	[ "${lines[0]}" = "$a" ]
	run -74 bash -c "yes $a | head -n 20000 | tix order show - >/dev/full"
}

@test "both pipes full: nothing is lost and nothing waits for the other" {
	a=$(sell 30)
	got=$(yes "$a" | head -n 3000 | tix order show - --jsonl | { read -r _; cat; } | wc -l)
	[ "$got" -eq 2999 ]
}

@test "a daemon killed in the middle of 10,000 changes: each is done once" {
	for _ in {1..20}; do
		code=$(sell 500)
		for n in {1..500}; do
			echo "$code/$n"
		done
	done >"$dir/ids"
	{
		head -n 9000 "$dir/ids"
		wait_until 60 [ -e "$dir/killed" ]
		tail -n 1000 "$dir/ids"
	} 3>&- | tix ticket void - --yes --keep-seat --fields ticket,state >"$dir/out" 2>"$dir/talk" 3>&- &
	pid=$!
	wait_until 60 [ -s "$dir/out" ]
	stop_daemon KILL || true
	start_daemon
	: >"$dir/killed"
	wait "$pid"
	cut -f1 "$dir/out" | cmp - "$dir/ids"
	[ "$(cut -f2 "$dir/out" | sort -u)" = void ]
	[ ! -s "$dir/talk" ]
	[ "$(tix journal list --topic ticket.voided --fields subject | sort | uniq -c | awk '$1 == 1' | wc -l)" -eq 10000 ]
	run -0 tix audit
}

@test "a list of several pages is the same in all modes, short or long way" {
	mail="a.b@example.org"
	for _ in {1..3}; do
		sell 1
		tix order create fair --line ga:1 --pay cash -q --name 'Zoë "Q", \ =x' --email "$mail"
	done >/dev/null
	# One page more than is asked for at once: 500, then 1000.
	tix category create fair/free --price 0 --size 5000 -q
	for n in {1..1600}; do
		printf '{"jsonrpc":"2.0","id":%d,"method":"order.create","params":{"event":"fair","line":[{"category":"free","count":1}],"pay":"comp","name":"=N%d"}}\n' "$n" "$n"
	done | "$top_builddir/tests/tools/tixraw" "$TIX_SOCKET" >/dev/null
	want=$(tix order list --json | jq -c '.items[] | {code, name}')
	[ "$(wc -l <<<"$want")" -eq 1606 ]
	[ "$(tix order list --jsonl | jq -c '{code, name}')" = "$want" ]
	[ "$(tix order list --jsonl --fields code,name)" = "$want" ]
	[ "$(tix order list --fields code)" = "$(jq -r .code <<<"$want")" ]
	[ "$(tix order list --fields name | grep -c '^Zoë "Q", \\\\ =x$')" -eq 3 ]
	[ "$(tix order list --csv --fields name | grep -c "^'=N")" -eq 1600 ]
	[ "$(tix order list --csv --fields name | grep -cF '"Zoë ""Q"", \ =x"')" -eq 3 ]
	# --limit ends between pages and names the next.
	run -0 tix order list --limit 1550 --json
	[ "$(jq '.items | length' <<<"$output")" -eq 1550 ]
	next=$(jq -r .next <<<"$output")
	[ "$(tix order list --cursor "$next" --fields code | wc -l)" -eq 56 ]
}
