#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tix doctor as a person types it: the sums, the reason, a command that helps, and the exit status.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon --test-clock=2031-05-01T10:00:00Z
	tix event create summer-fair --name "Summer Fair" --start "2031-06-13 20:00" --zone Europe/Berlin \
		--currency EUR -q
	tix category create summer-fair/ga --price 45.00 --size 500 -q
	tix category create summer-fair/student --price 30.00 --size 100 -q
}

teardown() {
	tix_teardown
}

# Every command that the doctor names is one: a trial run of it succeeds.
hints_run() { # what the doctor is asked
	local line
	while IFS= read -r line; do
		case $line in
		"tix doctor"* | "tix audit"*) ;;
		"tix "*) eval "$line --dry-run" || { echo "hint fails: $line"; return 1; } ;;
		esac
	done < <(tix doctor "$@" --json | jq -r '.findings[].hint // empty')
}

@test "sold out: the sums, the holds, the blocked, and what helps" {
	tix event publish summer-fair -q
	tix quota block summer-fair/student 8 --reason press -q
	[[ "$(tix quota show summer-fair/student -o table)" == *"blocks      8:press:owner"* ]]
	tix order create summer-fair --line student:88 --pay cash -q
	tix hold create summer-fair --line student:2 --expires +17m -q
	tix hold create summer-fair --line student:2 --expires +30m -q
	run -1 tix doctor summer-fair/student -o table
	[ "${lines[0]}" = "size 100 + overbook 0 - blocked 8 - sold 88 - held 4 = free 0" ]
	[ "${lines[1]}" = 'held: 2 holds, next expiry 12:17 (2 seats); blocked: 8 "press", owner' ]
	[ "${lines[2]}" = "next: tix quota unblock summer-fair/student 8" ]
	[ "${#lines[@]}" -eq 3 ]
	run -1 tix doctor summer-fair/student
	[[ "$output" == *"sold out: quota student has none left"*'8 seats of student are blocked: 8 "press", owner'* ]]
	run -1 tix event doctor summer-fair
	[[ "$output" == *"summer-fair/student"* ]]
	TIX_EVENT=summer-fair run -1 tix doctor student
	hints_run summer-fair/student
	tix quota unblock summer-fair/student 8 -q
	run -0 tix doctor summer-fair/student
	run -0 tix doctor summer-fair -q
	[ -z "$output" ]
}

@test "the doctor of a noun reads its line once, and is asked about one thing" {
	run -1 tix event doctor summer-fair --lock "$lock" --fields severity -o tsv
	[ "$output" = problem ]
	run -1 tix category doctor summer-fair/ga --timeout 1m --json
	[ "$(jq .ok <<<"$output")" = false ]
	run -0 tix event doctor summer-fair --fields help
	[[ "$output" == severity* ]]
	run -2 tix event doctor summer-fair summer-fair
	run -2 tix event doctor
	run -0 tix system doctor -q
	[ -z "$output" ]
}

@test "a draft is not on sale, and the hint puts it on sale" {
	run -1 tix doctor summer-fair
	hints_run summer-fair
	eval "$(tix doctor summer-fair --json | jq -r '.findings[0].hint') -q"
	run -0 tix doctor summer-fair
	[[ $(tix doctor summer-fair -o table) == *"published, starts Fri 13 Jun 2031 20:00 CEST"* ]]
	[[ $(tix doctor summer-fair --json) == *"published, starts 2031-06-13T18:00:00Z"* ]]
}

@test "notes alone are told, and are no reason for exit 1" {
	tix event publish summer-fair -q
	tix category set summer-fair/ga --hidden -q
	run -0 tix doctor summer-fair -o table
	[[ "$output" == *"note: summer-fair/ga: hidden"*"next: tix category set summer-fair/ga --no-hidden"* ]]
	[[ "$output" == *"ok: nothing stands in the way" ]]
	[ "$(tix doctor summer-fair --json | jq -c '[.ok, .findings[].severity]')" = '[true,"note"]' ]
	[ -z "$(tix doctor summer-fair -q)" ]
	tix quota block summer-fair/student 100 -q
	run -1 tix doctor summer-fair/student -o table
	[[ "$output" != *"ok: "* ]]
}

@test "an order, a hold, and what is neither" {
	tix event publish summer-fair -q
	code=$(tix order create summer-fair --line ga:1 --pay cash --fields code)
	run -0 tix doctor "$code"
	tix order cancel "$code" --yes -q
	run -1 tix doctor "$code" -o table
	[[ "$output" == *"45.00 EUR is still here"* ]]
	hints_run "$code"
	hold=$(tix hold create summer-fair --line ga:1 --fields code)
	run -0 tix doctor "$hold"
	[[ "$output" == *"tix order create --hold $hold --pay cash"* ]]
	hints_run "$hold"
	run -4 tix doctor nonsense
	run -2 tix doctor default
	run -2 tix doctor "$code" "$hold"
	run -0 tix doctor -h
}

@test "the daemon: healthy, then a key file that others may read" {
	run -0 tix doctor -o table
	[[ "$output" == *"selling"* ]]
	[[ "$output" == *"ok: nothing stands in the way"* ]]
	chmod 640 "$store.key"
	run -1 tix doctor -o table
	[[ "$output" == *"$store.key can be read by others (mode 0640)"* ]]
	[[ "$output" == *"next: chmod 600 $store.key"* ]]
	chmod 600 "$store.key"
	run -0 tix doctor
	tix api system.clock_set '{"now":"2031-05-03T10:00:00Z"}' -q
	run -1 tix doctor
	[[ "$output" == *"no backup since the daemon began"* ]]
	run -1 tix doctor --json
	run -0 bash -c "$(jq -r '.findings[0].hint' <<<"$output")"
	[ -e "$store.2031-05-03.backup" ]
	run -0 tix doctor
}
