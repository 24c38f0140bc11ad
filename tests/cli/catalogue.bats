#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A catalogue at work: windows that follow the event, other slugs, targets and pace.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
	tix event create fair --name Fair --start "2031-06-13 20:00" --zone Europe/Berlin --currency EUR -q
	tix category create fair/ga --price 45.00 --size 10 -q
}

teardown() {
	tix_teardown
}

field() { # jq-filter command...
	local filter=$1
	shift
	"$@" --json | jq -r "$filter"
}

@test "a window that follows its event" {
	tix category set fair/ga --sale-from "14d before" --sale-to start -q
	[ "$(field .sale_from tix category show fair/ga)" = 2031-05-30T18:00:00Z ]
	tix event set fair --start "2031-07-13 21:00" -q
	[ "$(field .sale_from tix category show fair/ga)" = 2031-06-29T19:00:00Z ]
	[ "$(field .sale_from_rule tix category show fair/ga)" = "14d before" ]
	tix category show fair/ga -o table | grep "14d before"
	run -2 tix category set fair/ga --sale-to doors
	[[ $output == *"does not say when its doors open"*"tix event set fair --doors TIME"* ]]
	run -2 tix category set fair/ga --sale-to "1h before end"
	[[ $output == *"does not say when it ends"*"tix event set fair --end TIME"* ]]
	tix event set fair --doors "1h before start" -q
	tix category set fair/ga --sale-to doors -q
}

@test "another slug" {
	tix event publish fair -q
	tix journal list --event fair | grep event.published
	[ "$(field .event tix event set fair --slug summer-fair)" = summer-fair ]
	[ "$(field .event tix event show fair)" = summer-fair ]
	[ "$(field .event tix order create fair --line ga:1 --pay cash)" = summer-fair ]
	[ "$(field '.items | length' tix order list --event fair)" -eq 1 ]
	tix journal list --event fair | grep event.renamed
	tix doctor fair/ga
	run -3 tix event create fair --name Other --start 2031-01-01 --currency EUR
	[[ $output == *summer-fair* ]]
}

@test "who follows an event stays with it" {
	tix watch fair --count 2 --json >"$dir/watch" 2>/dev/null 3>&- &
	watcher=$!
	wait_until 20 followed
	tix event set fair --slug summer-fair -q
	tix event set summer-fair --name "Summer Fair" -q
	wait "$watcher"
	grep -q event.renamed "$dir/watch"
	tix watch fair --count 1 --json >"$dir/again" 2>/dev/null 3>&- &
	watcher=$!
	wait_until 20 followed
	tix event set summer-fair --name "Winter Fair" -q
	wait "$watcher"
	grep -q event.changed "$dir/again"
}

@test "another event like this one" {
	tix category set fair/ga --sale-from "14d before" --sale-to "2031-06-10 12:00" -q
	tix event clone fair fair-2 --start "2031-12-13 20:00" -q
	[ "$(field .status tix event show fair-2)" = draft ]
	[ "$(field .start tix event show fair-2)" = 2031-12-13T19:00:00Z ]
	[ "$(field .sale_from tix category show fair-2/ga)" = 2031-11-29T19:00:00Z ]
	[ "$(field .sale_to tix category show fair-2/ga)" = 2031-12-10T11:00:00Z ]
	tix journal list --event fair-2 | grep event.cloned
	run -3 tix event clone fair fair-2
	[[ $output == *exists* ]]
	tix audit -q
}

@test "the order of categories, hidden ones, another quota" {
	tix category create fair/vip --price 90 --size 5 -q
	tix category move fair/vip --before ga -q
	[ "$(field '[.items[].name] | join(" ")' tix category list fair)" = "vip ga" ]
	tix category hide fair/vip -q
	tix event publish fair -q
	tix order create fair --line vip:1 --pay cash -q
	[ "$(field .hidden tix category show fair/vip)" = true ]
	tix category unhide fair/vip -q
	tix quota move fair/vip --categories vip --to ga -q
	[ "$(field .sold tix quota show fair/ga)" -eq 1 ]
	[ "$(field .sold tix quota show fair/vip)" -eq 0 ]
	tix audit -q
}

@test "did you mean: an event" {
	tix event set fair --slug summer-fair -q
	tix event publish summer-fair -q
	run -4 tix event show sumer-fair
	[[ ${lines[0]} == 'tix: not_found: event "sumer-fair"; did you mean summer-fair?  (4)' ]]
	run -4 tix order create summer-fiar --line ga:1 --pay cash
	[[ $output == *'did you mean summer-fair?'* ]]
	run -4 tix category create summer-fai/x --price 1 --size 1
	[[ $output == *'did you mean summer-fair?'* ]]
	run -4 tix event show winter-fair
	[[ $output != *'did you mean'* ]]
}

@test "a target and the pace" {
	tix event set fair --target 60:100,30:250,7:450,0:600 -q
	[ "$(field '.target | length' tix event show fair)" -eq 4 ]
	tix event show fair -o table | grep "60:100,30:250,7:450,0:600"
	run -2 tix event set fair --target 60:100,30:50
	run -2 tix event set fair --target sixty:100
	[ "$(field .sold tix report pace fair)" -eq 0 ]
	[ "$(field .target tix report pace fair)" = null ]
	tix event set fair --no-target -q
	[ "$(field '.target | length' tix event show fair)" -eq 0 ]
}

@test "what nothing refers to is deleted" {
	run -2 tix event delete fair
	tix venue create hall --name Hall --zone UTC -q
	tix venue delete hall --yes -q
	run -4 tix venue show hall
	tix category create fair/vip --price 90 --size 5 -q
	tix quota delete fair/vip --yes -q
	tix category delete fair/vip --yes -q
	tix event publish fair -q
	run -3 tix event delete fair --yes
	tix event unpublish fair -q
	tix event delete fair --yes | grep fair
	run -4 tix event show fair
}
