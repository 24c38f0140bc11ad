#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# From a venue to a sold ticket as a person types it, and how each mode prints it.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
}

teardown() {
	tix_teardown
}

# What a person sees: the command on a terminal of 100 columns, colours off.
on_terminal() {
	printf -v line '%q ' "$@"
	TERM=dumb script -qec "stty cols ${columns:-100} rows 50; exec $line" /dev/null </dev/null | tr -d '\r'
}

make_event() {
	tix venue create town-hall --name "Town Hall" --city Berlin --country DE --zone Europe/Berlin -q
	tix event create summer-fair --name "Summer Fair" --venue town-hall --start "2031-06-13 20:00" \
		--currency EUR -q
	tix category create summer-fair/ga --price 45.00 --size 500 -q
	tix category create summer-fair/student --price 30.00 --size 100 -q
	tix event publish summer-fair -q
}

@test "the transcript: what a terminal shows of each step" {
	run on_terminal tix venue create town-hall --name "Town Hall" --city Berlin --country DE --zone Europe/Berlin
	[ "$output" = "town-hall  Town Hall, Berlin  DE  Europe/Berlin" ]
	run on_terminal tix event create summer-fair --name "Summer Fair" --venue town-hall \
		--start "2031-06-13 20:00" --currency EUR
	[ "${lines[0]}" = "summer-fair  draft  Fri 13 Jun 2031 20:00 CEST  Town Hall, Berlin" ]
	[ "${lines[1]}" = "next: tix category create summer-fair/ga --price 45.00 --size 500" ]
	run on_terminal tix category create summer-fair/ga --price 45.00 --size 500
	[ "$output" = "summer-fair/ga  45.00 EUR  free 500  of ga  next: tix event publish summer-fair" ]
	run -0 tix category create summer-fair/student --price 30.00 --size 100 -q
	[ -z "$output" ]
	run on_terminal tix event publish summer-fair
	[ "$output" = "summer-fair  published  Fri 13 Jun 2031 20:00 CEST  Town Hall, Berlin  next: tix watch summer-fair" ]
	run on_terminal tix order create summer-fair --line ga:2,student:1 --name "A. Buyer" --pay cash
	[[ $output =~ ^[0-9A-Z]{4}-[0-9A-Z]{4}'  paid  120.00 EUR  cash    /1 ga 45.00  /2 ga 45.00  /3 student 30.00'$ ]]
	run on_terminal tix hold create summer-fair --line ga:4
	[[ ${lines[0]} == *"  held  180.00 EUR  4 x ga 45.00  until "* ]]
	[[ ${lines[1]} == "next: tix order create --hold "*" --pay cash" ]]
	run on_terminal tix quota show summer-fair/ga
	[[ $output == *"free "*"494"* ]]
}

@test "in a pipe: tab-separated, plain, complete" {
	make_event
	code=$(tix order create summer-fair --line ga:2 --line student:1 --name "A. Buyer" --pay cash --fields code)
	[[ $code =~ ^[0-9A-Z]{4}-[0-9A-Z]{4}$ ]]
	run -0 tix order show "$code" --fields code,state,total,total.currency,pay,buyer.name,tickets
	[[ $output == "$code"$'\tpaid\t120.00\tEUR\tcash\tA. Buyer\t1:ga:45.00:'* ]]
	run -0 tix order list summer-fair
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == "$code"$'\tsummer-fair\t'*'Z'$'\tA. Buyer\t'*$'\t3\t120.00\tpaid\t0.00\tpaid' ]]
	run -0 tix order list --header --fields code,name
	[ "${lines[0]}" = $'code\tname' ]
	run -0 tix event show summer-fair --fields start,venue,zone
	[ "$output" = $'2031-06-13T18:00:00Z\ttown-hall\tEurope/Berlin' ]
	run -0 tix order list --state released
	[ -z "$output" ]
	run -0 tix status --fields state
	[ "$output" = selling ]
}

@test "orders are found by name, number, amount and what is known of them" {
	make_event
	code=$(tix order create summer-fair --line ga:2 --name "Zażółć Wątróbska" --phone "+48 600 123 456" \
		--email z@example.org --pay cash --fields code)
	tix order create summer-fair --line student:1 --name "Hans Straße" --pay cash -q
	for filter in "--name watr*" "--name zazolc" "--phone 600123456" "--total 90.00" "--total >=90" \
		"--find ${code,,}" "--find Z@EXAMPLE.ORG" "--find 600-123-456" "--find wat"; do
		# shellcheck disable=SC2086 # words on purpose
		[ "$(tix order list $filter --fields code)" = "$code" ]
	done
	[ "$(tix order list --name strasse --fields name)" = "Hans Straße" ]
	[ -z "$(tix order list --name watr)" ]
	[ "$(tix order list summer-fair --total '<45.00' --fields name)" = "Hans Straße" ]
	run -2 tix order list --total 45,00
	[[ $output == *"--total"* ]]
	run -2 tix order list --phone 12
}

@test "--json, --jsonl, --csv" {
	make_event
	run -0 tix order create summer-fair --line ga:1 --pay cash --email b@example.org --json
	jq -e '.v == 1 and .total.amount == 4500 and .total.currency == "EUR" and .seq > 0' <<<"$output"
	jq -e 'keys_unsorted[0] == "v"' <<<"$output"
	run -0 tix order list --json
	jq -e '.v == 1 and (.items | length) == 1 and .next == null' <<<"$output"
	run -4 --separate-stderr tix order list nothing-here --json
	jq -e '.v == 1 and .name == "not_found"' <<<"$stderr"
	run -0 tix order list --state released --json
	jq -e '.items == []' <<<"$output"
	run -0 tix category list summer-fair --jsonl
	[ "${#lines[@]}" -eq 2 ]
	jq -e '.name' <<<"${lines[1]}"
	run -0 tix category list summer-fair --csv --fields name,price,price.currency
	[ "${lines[0]}" = $'name,price,price.currency\r' ]
	[ "${lines[1]}" = $'ga,45.00,EUR\r' ]
	TIX_FORMAT=json run -0 tix venue list
	jq -e '.items[0].zone == "Europe/Berlin"' <<<"$output"
	for command in "event show summer-fair" "event list" "venue list" "organizer list" "quota list" \
		"hold list" "journal list" "system hello" "rpc describe" status audit version "show summer-fair"; do
		# shellcheck disable=SC2086 # words on purpose
		tix $command --json >"$dir/out" || false
		jq -e '.v == 1' "$dir/out"
	done
}

@test "tables are aligned and cut to the width; --fields and -o choose" {
	make_event
	columns=60 run on_terminal tix event list
	for line in "${lines[@]}"; do
		[ "${#line}" -le 60 ]
	done
	[[ ${lines[0]} == "EVENT "* ]]
	[[ ${lines[1]} == "summer-fair  "* ]]
	code=$(tix order create summer-fair --line ga:2 --pay cash --name "A. Buyer" --email b@example.org --fields code)
	columns=80 run on_terminal tix order list
	[[ ${lines[1]} == "$code "*" 90.00 EUR  paid "*" 0.00 EUR" ]]
	[[ $output == *"left out: "*"; a wider terminal or --fields shows them"* ]]
	run on_terminal tix category list summer-fair --fields name,price,free
	[ "${lines[0]}" = "NAME         PRICE  FREE" ]
	[ "${lines[1]}" = "ga       45.00 EUR   498" ]
	[ "${lines[2]}" = "student  30.00 EUR   100" ]
	run -0 tix category list summer-fair --fields help
	[[ $output == *"price "*"Price of one ticket."* ]]
	run -2 tix category list summer-fair --fields nope
	[[ ${lines[0]} == 'tix: bad_value: --fields: there is no field "nope"'* ]]
	run on_terminal tix event list --utc --fields start
	[[ ${lines[1]} == "2031-06-13 18:00 UTC" ]]
}

@test "lists page on: all in a pipe, 100 on a terminal, --limit" {
	make_event
	for i in $(seq 120); do printf '{"event":"e-%d","name":"E %d","start":"2031-01-01"}\n' "$i" "$i"; done |
		tix import events -
	[ "$(tix event list | wc -l)" -eq 121 ]
	[ "$(tix event list --limit 7 | wc -l)" -eq 7 ]
	[ "$(tix event list --json | jq '.items | length')" -eq 121 ]
	[ "$(tix event list --json --limit 7 | jq '.items | length')" -eq 7 ]
	run on_terminal tix event list
	[ "${#lines[@]}" -eq 102 ]
	[ "${lines[101]}" = "100 of 121" ]
	cursor=$(tix event list --limit 7 --json | jq -r .next)
	[ "$(tix event list --cursor "$cursor" | wc -l)" -eq 114 ]
}

@test "the rows of a long list are on the terminal before the rest is counted" {
	[ "${TEST_SANITIZER:-none}" = none ] || skip "a sanitizer and strace"
	make_event
	for i in $(seq 120); do printf '{"event":"e-%d","name":"E %d","start":"2031-01-01"}\n' "$i" "$i"; done |
		tix import events -
	run on_terminal strace -o "$dir/trace" -s 200 -e trace=write,sendto,sendmsg,writev tix event list
	[[ $output == *"100 of 121"* ]]
	sed -n '/event.list/{s/.*/asked/p;d}; /^write(1, .*EVENT/{s/.*/shown/p;d}' "$dir/trace" >"$dir/order"
	[ "$(paste -sd ' ' "$dir/order")" = "asked shown asked" ]
}

@test "the zone of a list is looked for once, also where none is known" {
	[ "${TEST_SANITIZER:-none}" = none ] || skip "a sanitizer and strace"
	make_event
	for i in $(seq 120); do printf '{"event":"e-%d","name":"E %d","start":"2031-01-01"}\n' "$i" "$i"; done |
		tix import events -
	TZ='' run -0 strace -o "$dir/trace" -e trace=readlink,readlinkat -e inject=readlink,readlinkat:error=ENOENT \
		tix event list -o table
	[ "${#lines[@]}" -eq 122 ]
	[ "$(grep -c /etc/localtime "$dir/trace")" -le 3 ]
}

@test "several ids, and ids from stdin" {
	make_event
	tix event create other --name Other --start 2031-01-01 --currency EUR -q
	[ "$(tix event show summer-fair other --fields event | paste -sd ' ')" = "summer-fair other" ]
	[ "$(tix event list --fields event | tix event show - --fields event | sort | paste -sd ' ')" = "other summer-fair" ]
	run -4 tix event show other none
	[ "$(printf 'none\nother\n' | tix event show - --fields event 2>/dev/null)" = other ]
	run -2 tix hold release a b --key k
}

@test "names come split, alone with -e or TIX_EVENT, and events by default" {
	make_event
	[ "$(tix category show summer-fair/ga --fields price)" = 45.00 ]
	[ "$(tix category show ga -e summer-fair --fields price)" = 45.00 ]
	[ "$(TIX_EVENT=summer-fair tix category show ga --fields price)" = 45.00 ]
	[ "$(TIX_EVENT=summer-fair tix order create --line ga:1 --pay cash --fields total)" = 45.00 ]
	hold=$(tix hold create summer-fair --line ga:2 --fields code)
	[ "$(TIX_EVENT=summer-fair tix order create --hold "$hold" --pay cash --fields total)" = 90.00 ]
	[ "$(tix quota block summer-fair/ga 10 --fields blocked)" = 10 ]
	[ "$(tix quota unblock -e summer-fair ga 4 --fields blocked)" = 6 ]
}

@test "values: switches, null, documents, text with signs" {
	make_event
	echo '{"note": [1, 2.5, "x"]}' >"$dir/doc.json"
	run -0 tix event set summer-fair --doc "@$dir/doc.json" --tags open-air,music --type fair --json
	jq -e '.doc.note[1] == 2.5 and (.tags | length) == 2' <<<"$output"
	run -0 bash -c "tix event set summer-fair --doc @- --json <<<'{\"a\": {}}'"
	jq -e '.doc == {"a": {}}' <<<"$output"
	run -0 tix event set summer-fair --no-type --no-doc --json
	jq -e '.type == null' <<<"$output"
	[ "$(tix category set summer-fair/ga --hidden --fields hidden)" = true ]
	[ "$(tix category set summer-fair/ga --no-hidden --fields hidden)" = false ]
	[ "$(tix venue set town-hall --latitude 52.518611 --longitude -0.5 --fields latitude,longitude)" = $'52.518611\t-0.5' ]
	[ "$(tix event set summer-fair --name="a=b --c" --fields name)" = "a=b --c" ]
	TIX_TZ=America/New_York run -0 tix order list --since "2001-01-01 00:00" --json
	[ "$(tix event set summer-fair --end "2031-06-13 23:30" --fields end)" = 2031-06-13T21:30:00Z ]
}

@test "dry run and repeats" {
	make_event
	run -0 --separate-stderr tix order create summer-fair --line ga:1 --pay cash -n --fields total
	[ "$output" = 45.00 ]
	[ "$stderr" = "would: nothing was kept" ]
	[ -z "$(tix order list)" ]
	run on_terminal tix event unpublish summer-fair -n
	[[ $output == "would  summer-fair  draft"* ]]
	first=$(tix order create summer-fair --line ga:1 --pay cash --key once --fields code)
	run -0 --separate-stderr tix order create summer-fair --line ga:1 --pay cash --key once --fields code
	[ "$output" = "$first" ]
	[[ $stderr == "replayed: "* ]]
	run -3 tix order create summer-fair --line ga:2 --pay cash --key once
	[[ ${lines[0]} == "tix: key_reused: "*"  (3)" ]]
	[ "$(tix order list --key once --fields code)" = "$first" ]
	[ "$(tix order list | wc -l)" -eq 1 ]
}

@test "errors keep their exit codes" {
	make_event
	run -4 tix event show sumer-fair
	[[ ${lines[0]} == "tix: not_found: "*"  (4)" ]]
	run -3 tix event create summer-fair --name x --start now --currency EUR
	[[ $output == "tix: exists: "* ]]
	run -3 tix order create summer-fair --line student:101 --pay cash
	[[ ${lines[0]} == "tix: sold_out: "*"  (3)" ]]
	run -3 --separate-stderr tix order create summer-fair --line student:101 --pay cash --json
	jq -e '.name == "sold_out" and .facts.left == 100 and (.retryable | not) and .request' <<<"$stderr"
	run -2 tix category set summer-fair/ga --price 45,00
	[[ ${lines[0]} == 'tix: bad_value: --price "45,00": no comma in amounts  (2)' ]]
	run -2 tix category set summer-fair/ga --price 45.001
	[[ ${lines[0]} == 'tix: bad_value: --price "45.001": too many decimals  (2)' ]]
	run -2 tix event set summer-fair --start 2031-02-01 --end 2031-02-30
	[[ ${lines[0]} == 'tix: bad_value: --end "2031-02-30": no time  (2)' ]]
	run -2 tix event set summer-fair --name Fair --key ''
	[[ ${lines[0]} == 'tix: bad_value: --key: must not be empty  (2)' ]]
	run -2 tix order list --fields ''
	[[ ${lines[0]} == 'tix: bad_value: --fields: there is no field ""  (2)' ]]
	run -2 tix hold create summer-fair --line ga:0
	[[ ${lines[0]} == 'tix: bad_value: --line "ga:0": count: at least 1  (2)' ]]
	run -2 tix event show Summer
	[[ ${lines[0]} == 'tix: bad_value: EVENT "Summer": '* ]]
	run -2 tix event set summer-fair --start yesterweek
	run -4 tix order show 7K2M-9QXD
}

@test "show finds whatever a code stands for; api and version talk to the daemon" {
	make_event
	code=$(tix order create summer-fair --line ga:1 --pay cash --fields code)
	[ "$(tix show "$code" --fields code)" = "$code" ]
	[ "$(tix show summer-fair/ga --fields price)" = 45.00 ]
	[ "$(tix show town-hall --fields name)" = "Town Hall" ]
	[ "$(tix show summer-fair --json | jq -r .kind)" = event ]
	run on_terminal tix show "$code"
	[[ ${lines[0]} == "$code  paid  45.00 EUR  cash    /1 ga 45.00" ]]
	[ "$(tix api event.show '{"event": "summer-fair"}' | jq -r .status)" = published ]
	[ "$(echo '{"event": "summer-fair"}' | tix api event.show - | jq -r .event)" = summer-fair ]
	run -2 tix api event.shwo
	run -2 tix api event.show '{"event":'
	run -2 tix api event.show '[]'
	run -2 tix api journal.follow
	run -0 tix api event.set '{"event": "summer-fair", "name": "Other"}' -n
	jq -e .dry_run <<<"$output"
	run -0 tix version -o table
	[[ ${lines[1]} == "tixd "* ]]
}

@test "audit: laws, exit 0 when clean, 1 when the store was tampered with" {
	make_event
	tix order create summer-fair --line ga:2 --pay cash -q
	run -0 tix audit
	[ "${#lines[@]}" -ge 3 ]
	run -0 tix audit -q
	[ -z "$output" ]
	run on_terminal tix audit
	[[ ${lines[0]} == "LAW "*"CHECKED  FINDINGS" ]]
	[[ ${lines[-1]} == "ok  journal "* ]]
	run -0 tix audit run --json
	jq -e '.ok and .findings == []' <<<"$output"
	stop_daemon
	sqlite3 "$store" 'update quota set sold = sold - 1 where sold > 0'
	start_daemon
	run -1 tix audit
	[[ $output == *broken* ]]
	run -1 tix audit -q
	run -1 tix audit --json
	jq -e '.ok == false and (.findings | length) > 0' <<<"$output"
}

@test "output that fails is 74, also after a change" {
	make_event
	run -74 bash -c 'tix event list >/dev/full'
	run -74 bash -c 'tix event list >&-'
	run -74 bash -c 'tix order create summer-fair --line ga:1 --pay cash >/dev/full'
	[ "$(tix order list | wc -l)" -eq 1 ]
	run -0 bash -c 'tix order create summer-fair --line ga:1 --pay cash -q >/dev/full'
	run -0 bash -c 'tix event list | head -n 0; exit 0'
}
