#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Strangers' text: refused where it is typed, harmless where it was planted in the store behind the daemon.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	make_fair 500 --zone UTC
}

teardown() {
	tix_teardown
}

# Output as a terminal gets it.
terminal() {
	printf -v line '%q ' "$@"
	TERM=dumb script -qec "stty cols 100 rows 50; exec $line" /dev/null </dev/null | tr -d '\r' >"$dir/screen"
}

# No control character but the line feed, no C1 control, no mark that turns text around.
harmless() {
	LC_ALL=C run -1 grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$1" &&
		LC_ALL=C run -1 grep -qP '\xc2[\x80-\x9f]' "$1" &&
		LC_ALL=C run -1 grep -qP '\xe2\x80[\x8b\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$1"
}

buy() {
	tix order create fair --line ga:1 --pay cash --name "$1" --fields code
}

@test "escapes, line breaks, C1 controls and 10,000 characters are refused by field" {
	long=$(printf 'x%.0s' $(seq 10000))
	for name in $'\e[31mred' $'two\nlines' $'tab\tbed' $'\xc2\x9b31mred' $'\x7f' "$long"; do
		run -2 tix order create fair --line ga:1 --pay cash --name "$name"
		[[ ${lines[0]} == "tix: bad_value: "*name* ]]
		run -2 --separate-stderr tix order create fair --line ga:1 --pay cash --name "$name" --json
		jq -e '.field == "name"' <<<"$stderr"
	done
	[ -z "$(tix order list)" ]
}

@test "right-to-left marks, 200 wide characters and formulas do no harm" {
	wide=$(printf '中%.0s' $(seq 200))
	for name in $'Wat\u202eson\u2066' "$wide" '=HYPERLINK("http://example.org","x")' '@SUM(1)' '-1+1' 'a"b,c'; do
		code=$(buy "$name")
		[ "$(tix order show "$code" --json | jq -r .buyer.name)" = "$name" ]
		[ "$(tix order show "$code" --fields buyer.name)" = "$name" ]
		terminal tix order show "$code"
		harmless "$dir/screen"
	done
	terminal tix order list
	harmless "$dir/screen"
	[ "$(grep -c "paid" "$dir/screen")" -eq 6 ]
	[ "$(grep -vc "paid\|^.*CODE\|left out\|times are those" "$dir/screen")" -eq 0 ] || { cat -A "$dir/screen"; false; }
	[ "$(wc -L <"$dir/screen")" -le 100 ]
	terminal tix order list --json
	harmless "$dir/screen"
	jq -e '.items | length == 6' "$dir/screen"
	terminal tix order list --csv
	harmless "$dir/screen"
	tix order list --csv --fields name >"$dir/csv"
	grep -qF "\"'=HYPERLINK(\"\"http://example.org\"\",\"\"x\"\")\"" "$dir/csv"
	grep -qF "'@SUM(1)" "$dir/csv"
	grep -qF "'-1+1" "$dir/csv"
	grep -qF '"a""b,c"' "$dir/csv"
	harmless "$dir/tixd.log"
}

@test "what was planted in the store is shown harmless in every mode" {
	code=$(buy Planted)
	stop_daemon
	sqlite3 "$store" "update person set name = char(27) || '[31mred' || char(155) || '2J' || char(10) || char(9)
		|| char(8238) || 'x' || char(7) where name = 'Planted'"
	sqlite3 "$store" "update event set name = char(27) || ']0;title' || char(7) || char(133)"
	start_daemon
	for command in "order list" "order show $code" "event list" "event show fair" "show $code" "journal list"; do
		for mode in "" --json --jsonl --csv "-o tsv"; do
			# shellcheck disable=SC2086 # words on purpose
			terminal tix $command $mode
			harmless "$dir/screen"
			[ -s "$dir/screen" ]
		done
		# shellcheck disable=SC2086
		tix $command >"$dir/tsv"
		LC_ALL=C run -1 grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$dir/tsv"
		# shellcheck disable=SC2086
		tix $command --json | jq -e . >/dev/null
	done
	[ "$(tix order list | wc -l)" -eq 1 ]
	[[ $(tix order list --fields name) == *'\x1b[31mred\u009b2J\n\t'* ]]
	tix order list --csv --fields name >"$dir/csv"
	LC_ALL=C run -1 grep -qP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]' "$dir/csv"
	harmless "$dir/tixd.log"
}

@test "damaged tags and documents hide no event, and the audit names them" {
	sqlite3 "$store" "update event set tags = 'x]', doc = '{' where slug = 'fair'"
	run -0 tix event list --fields event,tags
	[ "$output" = $'fair\t' ]
	run -0 tix event show fair --json
	run -1 --separate-stderr tix audit store --json
	[ "$(jq -r '.findings[].message' <<<"$output")" = $'its tags are damaged\nits document is damaged' ]
	run -0 tix event set fair --tags a --doc '{}' -q
	run -0 tix audit store -q
}

@test "an error that repeats what was typed is harmless too" {
	terminal tix event show $'\e[31m'
	harmless "$dir/screen"
	terminal tix $'\e[31m' list
	harmless "$dir/screen"
	terminal tix event list $'--\e[31m'
	harmless "$dir/screen"
}
