#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tix -o table import events: JSON lines in, drafts out, and the filter for conference rows.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	data=${top_srcdir:-$BATS_TEST_DIRNAME/../..}/tests/data
	filter=${top_srcdir:-$BATS_TEST_DIRNAME/../..}/man/examples/conferences.jq
}

teardown() {
	tix_teardown
}

lines() {
	for i in $(seq "$1" "$2"); do
		printf '{"event":"e-%d","name":"E %d","start":"2031-01-01","zone":"UTC"}\n' "$i" "$i"
	done
}

@test "creates, then finds all the same, then changes what differs" {
	run -0 --separate-stderr bash -c 'tix -o table import events - <'"$data/events.jsonl"
	[ "$output" = "3 read: 3 created, 0 changed, 0 same, 0 rejected" ]
	[ "$stderr" = "1 without a zone of their own: UTC" ]
	run -0 --separate-stderr tix -o table import events "$data/events.jsonl"
	[ "$output" = "3 read: 0 created, 0 changed, 3 same, 0 rejected" ]
	sed 's/2031-06-14/2031-06-15/' "$data/events.jsonl" >"$dir/edited"
	run -0 --separate-stderr tix -o table import events "$dir/edited" --json
	jq -e '.v == 1 and .read == 3 and .changed == 1 and .same == 2 and .rejected == 0' <<<"$output"
	run -0 tix event show open-air --fields start,end,zone,status,venue
	[ "$output" = $'2031-06-13T18:00:00Z\t2031-06-15T22:00:00Z\tEurope/Berlin\tdraft\ttown-hall-berlin' ]
	[ "$(tix category list open-air --fields name,price,free | paste -sd ' ')" = $'ga\t45.00\t500 student\t30.00\t100' ]
}

@test "--zone takes the rows that have none" {
	run -0 --separate-stderr tix -o table import events "$data/events.jsonl" --zone America/New_York -q
	[ -z "$output" ]
	[ "$(tix event show bare --fields start,zone)" = $'2031-01-01T05:00:00Z\tAmerica/New_York' ]
	run -2 tix -o table import events "$data/events.jsonl" --zone Nowhere/None
}

@test "a bad line is named by its number, the rest goes on" {
	{
		lines 1 3
		echo 'not json'
		lines 4 120
		echo '{"event":"Bad Slug","name":"x","start":"2031-01-01"}'
		echo '[1]'
		echo
		echo '{"event":"no-name","start":"2031-01-01"}'
		echo '{"event":"odd","name":"x","start":"2031-01-01","colour":"red"}'
		echo '{"event":"late","name":"x","start":"whenever"}'
		lines 121 130
	} >"$dir/rows"
	run -1 --separate-stderr tix -o table import events "$dir/rows"
	[ "$output" = "136 read: 130 created, 0 changed, 0 same, 6 rejected" ]
	for at in "line 4: parse" "line 122: bad_value" "line 123: bad_value" "line 125: missing" \
		"line 126: unknown_field" "line 127: bad_value"; do
		[[ $stderr == *"tix: $at: "* ]]
	done
	[ "$(tix event list | wc -l)" -eq 130 ]
}

@test "a dry run keeps nothing" {
	run -0 --separate-stderr tix -o table import events "$data/events.jsonl" -n
	[ "$output" = "would: 3 read: 3 created, 0 changed, 0 same, 0 rejected" ]
	[ -z "$(tix event list)" ]
}

@test "goes on after the daemon was killed in between" {
	mkfifo "$dir/in"
	tix -o table import events - <"$dir/in" >"$dir/out" 2>&1 3>&- &
	import=$!
	exec 9>"$dir/in"
	lines 1 100 >&9
	wait_until 20 eval '[ "$(tix event list | wc -l)" -eq 100 ]'
	stop_daemon KILL || true
	start_daemon 9>&-
	lines 101 200 >&9
	exec 9>&-
	wait "$import"
	[ "$(cat "$dir/out")" = "200 read: 200 created, 0 changed, 0 same, 0 rejected" ]
}

@test "what is missing or cannot be read" {
	run -2 tix import
	run -2 tix -o table import events
	run -2 tix import people x
	run -2 tix -o table import events "$dir/none"
	[[ $output == *"No such file or directory"* ]]
	run -2 tix -o table import events "$data/events.jsonl" --key k
	stop_daemon
	run -69 tix -o table import events "$data/events.jsonl"
}

@test "the filter for conferences: distinct rows, slugs, zones, dates" {
	jq -c -f "$filter" --slurpfile zones "$data/zones.json" "$data/conferences.json" >"$dir/lines"
	[ "$(jq -r .event "$dir/lines" | paste -sd ' ')" = \
		"lodz-db-summit-2031-05-04-krakow remote-days-2031-05-04 strasse-conf-2031-05-04-sao-paulo remote-days-2031-06-01 a-b-2031-05-04 a-b-2031-05-04-2" ]
	run -0 --separate-stderr tix -o table import events "$dir/lines" --zone Asia/Tokyo
	[ "$output" = "6 read: 6 created, 0 changed, 0 same, 0 rejected" ]
	[ "$stderr" = "1 without a zone of their own: Asia/Tokyo" ]
	run -0 tix event show lodz-db-summit-2031-05-04-krakow --fields start,end,zone,venue.city,type,tags,status
	[ "$output" = $'2031-05-03T22:00:00Z\t2031-05-05T22:00:00Z\tEurope/Warsaw\tKraków\tconference\tEN,PL,online\tdraft' ]
	[ "$(tix event show remote-days-2031-05-04 --fields zone,venue,start)" = $'UTC\t\t2031-05-04T00:00:00Z' ]
	[ "$(tix event show strasse-conf-2031-05-04-sao-paulo --fields zone)" = Asia/Tokyo ]
	run -0 tix -o table import events "$dir/lines" --zone Asia/Tokyo
	[[ ${lines[0]} == "6 read: 0 created, 0 changed, 6 same, 0 rejected" ]]
}

@test "a mark at the file's start is no fault, a NUL is, and lines are named by their own numbers" {
	row() { printf '{"event":"%s","name":"N","start":"2031-05-04","currency":"EUR"%s}' "$1" "$2"; }
	{
		printf '\xef\xbb\xbf'
		row marked ''
		printf '\r\n'
		row nul ''
		printf '\0\n\0\n'
		row odd ',"frob":1'
	} >"$dir/lines"
	run -1 --separate-stderr tix -o table import events "$dir/lines"
	[ "$output" = "4 read: 1 created, 0 changed, 0 same, 3 rejected" ]
	[[ $stderr == *"line 2: parse: NUL byte"*"line 3: parse: NUL byte"*"line 4: unknown_field: frob: no such field"* ]]
	run -2 --separate-stderr tix -o table import events "$dir/none"
	[ "$output" = "" ]
}

@test "the real list, where TIX_CONFERENCES names its folder" {
	[ -n "${TIX_CONFERENCES:-}" ] || skip "TIX_CONFERENCES is not set"
	jq -c -f "$filter" --slurpfile zones "$TIX_CONFERENCES/zones.json" "$TIX_CONFERENCES/2026.json" >"$dir/lines"
	run -0 tix -o table import events "$dir/lines"
	[ "$output" = "378 read: 378 created, 0 changed, 0 same, 0 rejected" ]
	run -0 tix -o table import events "$dir/lines"
	[ "$output" = "378 read: 0 created, 0 changed, 378 same, 0 rejected" ]
	jq -c 'if input_line_number <= 20 then .end = "2026-12-31" else . end' "$dir/lines" >"$dir/edited"
	run -0 tix -o table import events "$dir/edited"
	[ "$output" = "378 read: 0 created, 20 changed, 358 same, 0 rejected" ]
}
