#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Transcripts of a terminal of 80 columns, compared to the letter. The clock of the daemon stands
# still; codes are called in the order in which they appear as the transcript calls them.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	export TZ=UTC TERM=dumb PAGER=cat
	typist=${top_builddir:-$BATS_TEST_DIRNAME/../../build}/tests/tools/typist
	start_daemon --test-clock=2026-06-07T18:07:00Z
	background=
}

teardown() {
	[ -z "$background" ] || kill -KILL "$background" 2>/dev/null || true
	tix_teardown
}

make_hall() {
	tix venue create town-hall --name "Town Hall" --city Berlin --country DE --zone Europe/Berlin -q
}

make_fair() {
	make_hall
	tix event create summer-fair --name "Summer Fair" --venue town-hall --start "2026-06-13 20:00" \
		--currency EUR -q
	tix category create summer-fair/ga --price 45.00 --size 500 -q
	tix category create summer-fair/student --price 30.00 --size 100 -q
	tix event publish summer-fair -q
}

declare -gA real nick # codes of the transcript to those of the store, and back

codes() {
	grep -oE '\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b' <<<"$1" || true
}

# meet EXPECTED SEEN: codes of both that are new belong together.
meet() {
	local a b i=0 old=() new=()
	for a in $(codes "$1"); do [ -n "${real[$a]:-}" ] || [[ " ${old[*]} " == *" $a "* ]] || old+=("$a"); done
	for b in $(codes "$2"); do [ -n "${nick[$b]:-}" ] || [[ " ${new[*]} " == *" $b "* ]] || new+=("$b"); done
	for b in "${new[@]}"; do
		a=${old[i++]:-$b}
		real[$a]=$b
		nick[$b]=$a
	done
}

# as MAP TEXT: with each code called as the map says.
as() {
	local -n map=$1
	local text=$2 key
	for key in "${!map[@]}"; do text=${text//"$key"/"@${map[$key]}@"}; done
	sed -E 's/@([0-9A-Z]{4}-[0-9A-Z]{4})@/\1/g' <<<"$text"
}

# replay COMMAND EXPECTED: types it, and to each question what the transcript answers; appends what
# the terminal showed to $dir/seen.
replay() {
	local command=$1 expected=$2 line answers=() status=0 out
	while IFS= read -r line; do
		[[ $line =~ ^((type .*:|go on\? \[y/N\])\ )(.*)$ ]] &&
			answers+=("${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}\\n")
	done <<<"$expected"
	out=$("$typist" "${answers[@]}" -- bash -c "$(as real "$command")" </dev/null) || status=$?
	out=$(sed -e 's/\r$//' -e 's/.*\r//' <<<"$out") # a line of progress makes room for the next
	meet "$expected" "$out"
	printf '$ %s\n' "$command" >>"$dir/seen"
	[ -z "$out" ] || as nick "$out" >>"$dir/seen"
	[ "$status" -eq 0 ] || echo "(exit $status)" >>"$dir/seen"
}

# transcript NAME: all of it.
transcript() {
	local file=$BATS_TEST_DIRNAME/transcripts/$1.txt line command='' expected='' more=
	: >"$dir/seen"
	while IFS= read -r line; do
		if [ -n "$more" ]; then
			command+=$'\n'$line
		elif [[ $line == '$ '* ]]; then
			[ -z "$command" ] || replay "$command" "$expected"
			command=${line#\$ } expected=
		else
			expected+=$line$'\n'
		fi
		[[ ($line == '$ '* || -n $more) && $line == *\\ ]] && more=yes || more=
	done <"$file"
	replay "$command" "$expected"
	diff "$file" "$dir/seen"
}

@test "from an event to a sold order, and why it costs that" {
	make_hall
	transcript summer-fair
}

@test "a refund: sums, the question, the amount typed" {
	make_fair
	transcript refund
	tix audit
}

@test "sold out: sums, holds, who blocks, and what helps" {
	make_fair
	transcript doctor
}

@test "orders of many tickets stay on the screen" {
	make_fair
	transcript long
	tix audit
}

lines_are() {
	[ "$(wc -l <"$dir/screen")" -ge "$1" ]
}

@test "watching a sale, over the death of the daemon, until ^C" {
	make_fair
	tix api system.clock_set '{"now":"2026-06-07T18:07:30Z"}' -q
	: >"$dir/screen"
	"$typist" "nothing missed" '\x03' -- tix watch summer-fair >"$dir/screen" 2>"$dir/typist" 3>&- &
	background=$!
	wait_until 20 followed
	tix order create summer-fair --line ga:2,student:1 --pay cash -q
	wait_until 20 lines_are 1
	tix api system.clock_set '{"now":"2026-06-07T18:08:07Z"}' -q
	tix order create summer-fair --line ga:2 --pay cash -q
	wait_until 20 lines_are 2
	stop_daemon KILL || true
	start_daemon --test-clock=2026-06-07T18:08:07Z
	wait "$background"
	background=
	[ "$(sed -n 's/^20:0[78]:\(..\) CEST .*/\1/p' "$dir/screen" | paste -sd ' ')" = "30 07" ]
	sed -E -e '1s/^[0-9:]{8} CES?T(.{14})[^ ]{9}/10:00:04 CET\17K2M-9QXD/' \
		-e '2s/^[0-9:]{8} CES?T(.{14})[^ ]{9}/10:00:41 CET\13QF8-TW5N/' \
		-e 's/gone [0-9:]{8}, back [0-9:]{8}, resumed after [0-9]+/gone 10:00:52, back 10:00:53, resumed after 1842/' \
		"$dir/screen" >"$dir/seen"
	diff "$BATS_TEST_DIRNAME/transcripts/watch.txt" "$dir/seen"
}

@test "conferences are imported, then those that were edited" {
	[ -n "${TIX_CONFERENCES:-}" ] || skip "TIX_CONFERENCES is not set"
	cd "$dir"
	cp "${top_srcdir:-$BATS_TEST_DIRNAME/../..}/man/examples/conferences.jq" .
	cp "$TIX_CONFERENCES/2026.json" "$TIX_CONFERENCES/zones.json" .
	# shellcheck disable=SC2016 # of jq
	jq '([.[] | [.name, .startDate, .city]] | unique | .[:20]) as $some
		| map([.name, .startDate, .city] as $me
			| if any($some[]; . == $me) then .endDate = "2026-12-31" else . end)' 2026.json >edited.json
	transcript conferences
}
