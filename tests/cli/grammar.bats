#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is typed behind a verb: ids, flags, money, times, filters, sorting, columns, counts.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon --test-clock=2026-06-01T10:00:00Z
}

teardown() {
	tix_teardown
}

make_event() {
	tix venue create hall --name Hall --zone Europe/Berlin -q
	tix event create fair --name Fair --venue hall --start "2031-06-13 20:00" --currency EUR -q
	tix category create fair/ga --price 45.00 --size 500 -q
	tix category create fair/vip --price "EUR 90" --size 50 -q
	tix event publish fair -q
}

sell() {
	tix order create fair --pay cash --fields code "$@"
}

# stdout of a command on a terminal; what it says goes to $dir/talk.
on_terminal() {
	printf -v line '%q ' "$@"
	TERM=dumb script -qec "stty cols 100 rows 50; exec $line" /dev/null </dev/null | tr -d '\r'
}

@test "ids: several, from stdin, with flags and a value behind them" {
	make_event
	a=$(sell --line ga:2)
	b=$(sell --line ga:1)
	run -0 tix order show "$a" "$b" --fields code
	[ "$output" = "$a"$'\n'"$b" ]
	run -0 tix order show - --fields code <<<"$a $b"
	[ "$output" = "$a"$'\n'"$b" ]
	run -0 tix ticket void "$a/1" "$b/1" --yes --reason ill --keep-seat --fields ticket,state
	[ "$output" = "$a/1"$'\tvoid\n'"$b/1"$'\tvoid' ]
	run -0 tix quota block fair/ga fair/vip 3 --fields name,blocked
	[ "$output" = $'ga\t5\nvip\t3' ]
	run -0 tix quota block - 1 --fields blocked <<<"fair/ga fair/vip"
	[ "$output" = $'6\n4' ]
	run -0 tix order note - "two words" --fields note <<<"$a $b"
	[ "$output" = $'two words\ntwo words' ]
	run -2 tix order note "$a" two words
	run -0 tix order history "$a" "$b" --fields topic
	[ "${#lines[@]}" -ge 4 ]
	run -2 tix ticket void "$a/2" "$b/1" --yes --key k
	[[ $output == *"--key goes with one id at a time"* ]]
	run -2 tix event cancel fair fair --yes --confirm fair
}

@test "ids: codes forgive, sub-ids and scanned tickets find the same" {
	make_event
	a=$(sell --line ga:2)
	low=$(tr -d - <<<"$a" | tr 'A-Z01' 'a-zol')
	scan=$(tix ticket show "$a/2" --fields code)
	for id in "$a" "$low" "$a/1" "$low/2" "$scan" "${scan,,}"; do
		run -0 tix order show "$id" --fields code
		[ "$output" = "$a" ]
	done
	for id in "$low/2" "$scan"; do
		run -0 tix ticket show "$id" --fields ticket
		[ "$output" = "$a/2" ]
	done
	for id in "$a/p1" "$low/P1"; do
		run -0 tix payment show "$id" --fields payment
		[ "$output" = "$a/p1" ]
	done
	run -0 tix refund create "$scan" --yes --fields refund,ticket,amount
	[ "$output" = "$a/r1"$'\t'"$a/2"$'\t45.00' ]
	run -0 tix refund show "$low/R1" --fields refund
	[ "$output" = "$a/r1" ]
	run -0 tix show "$a/r1" --fields refund
	[ "$output" = "$a/r1" ]
	run -0 tix category show ga -e fair --fields name
	TIX_EVENT=fair run -0 tix category show ga vip --fields name
	[ "$output" = $'ga\nvip' ]
	run -2 tix category show ga
	[ "${lines[1]}" = "  hint: EVENT/ga, or -e EVENT, or TIX_EVENT" ]
	run -0 tix event cancel fair --refund bank --yes --confirm fair --detach --fields job
	[ "$output" = j1 ]
	run -0 tix job show J1 --fields job
	[ "$output" = j1 ]
}

@test "flags: anywhere, with = or not, by comma or again, from files, none after --" {
	make_event
	run -0 tix event set --name=Fete fair --tags a,b --tags c --fields name,tags
	[ "$output" = $'Fete\ta,b,c' ]
	run -0 tix event set fair --no-tags --fields name --fields tags
	[ "$output" = $'Fete\t' ]
	echo '{"a": 1}' >"$dir/doc"
	run -0 tix event set fair --doc "@$dir/doc" --fields doc
	[ "$output" = '{"a":1}' ]
	run -0 tix event set fair --doc @- --fields doc <<<'{"b":2}'
	[ "$output" = '{"b":2}' ]
	run -0 tix organizer create --name "--odd" -- -5
	run -0 tix category set fair/ga --hidden --fields hidden
	[ "$output" = true ]
	run -0 tix category set fair/ga --no-hidden -ojsonl --fields hidden
	[ "$output" = '{"hidden":false}' ]
	run -0 tix category set -qn -e fair ga --hidden
	[ -z "$output" ]
	run -0 tix category show fair/ga --fields hidden
	[ "$output" = false ]
	run -2 tix ticket void X/1 --reason --yes
	[ "${lines[0]}" = "tix: missing: --reason needs a value, --yes is a flag  (2)" ]
	[ "${lines[1]}" = "  hint: --reason=--yes if that is meant" ]
	run -2 tix event set fair -z
	run -2 tix event set fair --nam x
	[[ ${lines[0]} == *"did you mean --name?"* ]]
}

# said FIELD TYPED TAKEN [OTHER]: what the reply in $output says of one odd time.
said() {
	jq -ec --args '.odd_times == [{field: $ARGS.positional[0], typed: $ARGS.positional[1],
		taken: $ARGS.positional[2], other: $ARGS.positional[3]}]' "$@" <<<"$output" >/dev/null
}

@test "times that never or twice happen are taken with their offset, and told" {
	while read -r zone gap gap_taken fold fold_taken other before fold_shown; do
		gap=${gap/T/ } fold=${fold/T/ } id=$(tr '[:upper:]_' '[:lower:]-' <<<"${zone#*/}")
		tix venue create "$id" --name V --zone "$zone" -q
		run -0 tix event create "$id" --name G --venue "$id" --start "$gap" --currency EUR --json
		said start "$gap" "$gap_taken"
		run -0 tix event set "$id" --start "$fold" --json
		said start "$fold" "$fold_taken" "$other"
		run on_terminal tix event set "$id" --doors "$fold"
		[[ $output == *"--doors \"$fold\" happens twice: taken as $fold_taken; the other is $other"* ]]
		run on_terminal tix event set "$id" --start "$gap" --no-doors -n
		[[ $output == *"--start \"$gap\" never happens, clocks skip it: taken as $gap_taken"* ]]
		run -0 --separate-stderr tix event set "$id" --start "$gap" --no-doors
		[ -z "$stderr" ]
		# a sure time is not told
		run -0 tix event set "$id" --start "2028-06-13 ${fold#* }" --json
		[ "$(jq '.odd_times' <<<"$output")" = null ]
		# windows, also one that follows its event there
		run -0 tix category create "$id/ga" --price 1 --size 9 --sale-to "$fold" --json
		said sale_to "$fold" "$fold_taken" "$other"
		run -0 tix category set "$id/ga" --sale-to "$before before" --json
		said sale_to "$before before" "$fold_taken" "$other"
		run -0 tix category set "$id/ga" --no-sale-to --json
		# orders
		tix event publish "$id" -q
		run -0 tix order create "$id" --line ga:1 --pay bank --expires "$gap" --json
		said expires "$gap" "$gap_taken"
		run on_terminal tix order create "$id" --line ga:1 --pay bank --expires "$fold"
		[[ $output == *"--expires \"$fold\" happens twice"* ]]
		[[ $output == *"$fold_shown"* ]]
		run -0 tix order list "$id" --until "$fold" --json --fields code
		[ "$(jq '.items | length' <<<"$output")" = 2 ]
		said until "$fold" "$fold_taken" "$other"
		run on_terminal tix order list "$id" --since "$fold"
		[[ $output == *"--since \"$fold\" happens twice"* ]]
	done <<-'END'
		Europe/Berlin 2027-03-28T02:30 2027-03-28T03:30:00+02:00 2027-10-31T02:30 2027-10-31T02:30:00+02:00 2027-10-31T02:30:00+01:00 226d Sun 31 Oct 2027 02:30 CEST
		America/New_York 2027-03-14T02:30 2027-03-14T03:30:00-04:00 2027-11-07T01:30 2027-11-07T01:30:00-04:00 2027-11-07T01:30:00-05:00 219d Sun 7 Nov 2027 01:30 EDT
		Australia/Lord_Howe 2027-10-03T02:15 2027-10-03T02:45:00+11:00 2027-04-04T01:45 2027-04-04T01:45:00+11:00 2027-04-04T01:45:00+10:30 436d Sun 4 Apr 2027 01:45 +11
	END
}

@test "--sort: by any columns, up and down, with a bound or not, nothing last" {
	tix venue create hall --name Hall --city Ulm --zone Europe/Berlin -q
	for i in $(seq 1 257); do
		printf '{"event":"e-%d","name":"%s %d","start":"2031-01-%02d","type":%s,"currency":"%s"}\n' "$i" \
			"$((i % 2))" "$i" $((i * 7 % 28 + 1)) "$([ $((i % 3)) -eq 0 ] && echo null || echo "\"t$((i % 12))\"")" EUR
	done | tix import events - 2>/dev/null
	tix event list --json >"$dir/all"
	run -0 tix event list --sort start,-name --fields event
	[ "$output" = "$(jq -r '.items | map({event, start, n: (.event[2:] | tonumber)}) |
		sort_by(.start, -(.n % 2), -.n) | .[].event' "$dir/all")" ]
	all=$output
	run -0 tix event list --sort start --sort=-name --limit 7 --fields event
	[ "$output" = "$(head -n 7 <<<"$all")" ]
	run -0 tix event list --sort -event --limit 3 --fields event
	[ "$output" = $'e-257\ne-256\ne-255' ]
	run -0 tix event list --sort -type,event --fields type,event
	[ "${lines[0]}" = $'t11\te-11' ]
	[ "${lines[256]}" = $'\te-255' ]
	run -0 tix event list --sort type --limit 1 --jsonl --fields type
	[ "$output" = '{"type":"t1"}' ]
	run -0 tix venue list --sort name,city --csv --fields venue
	[ "${lines[1]%$'\r'}" = hall ]
	run on_terminal tix event list --sort -event
	[[ ${lines[1]} == e-257* && ${lines[100]} == e-158* && ${lines[101]} == "100 of 257" ]]
	run on_terminal tix event list --limit 20 --fields event
	[ "${lines[21]}" = "20 of 257" ]
	run on_terminal tix event list --limit 257 --fields event
	[ "${#lines[@]}" -eq 258 ]
	run -0 tix event list --limit 20 --fields event
	[ "${#lines[@]}" -eq 20 ]
	run -2 tix event list --sort nope
	[ "${lines[0]}" = 'tix: bad_value: --sort "nope": there is no such field  (2)' ]
	run -2 tix event show e-1 --sort event
	[[ $output == *"--sort goes with lists"* ]]
}

@test "--sort by money, numbers and times of the list that the daemon sorts, too" {
	make_event
	for i in 1 3 2; do
		tix system clock_set "+1m" -q
		sell --line "ga:$i" --name "B $i" >>"$dir/codes"
	done
	run -0 tix order list --sort -total --fields total
	[ "$output" = $'135.00\n90.00\n45.00' ]
	run -0 tix order list --sort created --fields code
	[ "$output" = "$(cat "$dir/codes")" ]
	run -0 tix order list --sort -created --fields code --limit 1
	[ "$output" = "$(tail -n 1 "$dir/codes")" ]
	run -0 tix order list --sort=-tickets,created --fields tickets
	[ "$output" = $'3\n2\n1' ]
	code=$(sell --line ga:11)
	run -0 bash -c 'tix ticket list fair --sort -ticket --fields ticket | grep "^$1"' . "$code"
	[ "${lines[0]}${lines[1]}${lines[10]}" = "$code/11$code/10$code/1" ]
	run -0 tix quota list --sort -held,name --fields name
	[ "$output" = $'ga\nvip' ]
}

# codes FLAG...: the orders that a list finds, as the names of their buyers.
names() {
	tix order list fair --sort name --fields name "$@" | tr '\n' ' '
}

@test "filters: or, and, not, amounts, beginnings, times" {
	make_event
	a=$(sell --line ga:1 --name "Wat Tyler" --email wat@example.org)
	b=$(sell --line vip:2 --name "Watt James")
	tix order create fair --line ga:2 --pay bank --name "Jöhn Ball" -q
	sell --line ga:3 --name "Zed" >/dev/null
	tix order cancel "$b" --yes -q
	[ "$(names --state paid,pending)" = "Jöhn Ball Wat Tyler Zed " ]
	[ "$(names --state paid --state pending)" = "Jöhn Ball Wat Tyler Zed " ]
	[ "$(names --state '!cancelled')" = "Jöhn Ball Wat Tyler Zed " ]
	[ "$(names --state '!cancelled,!paid')" = "Jöhn Ball " ]
	[ "$(names --state '!held' --money '!paid')" = "Jöhn Ball Watt James " ]
	[ "$(names --total '>=100')" = "Watt James Zed " ]
	[ "$(names --total '<100' --state '!pending')" = "Wat Tyler " ]
	[ "$(names --total "EUR 90")" = "Jöhn Ball " ]
	[ "$(names --name 'wat*')" = "Wat Tyler Watt James " ]
	[ "$(names --name john)" = "Jöhn Ball " ]
	run -2 tix order list --state '!cancelled,paid'
	[ "${lines[0]}" = 'tix: bad_value: --state "!cancelled,paid": either all words with ! or none  (2)' ]
	run -2 tix order list --state '!payd'
	[[ ${lines[1]} == "  hint: did you mean paid?"* ]]
	run -2 tix order list --total '=>100'
	tix system clock_set "2026-06-09T10:00:00Z" -q
	sell --line ga:1 --name Late >/dev/null
	[ "$(names --since 7d)" = "Late " ]
	[ "$(names --since 8d)" = "Jöhn Ball Late Wat Tyler Watt James Zed " ]
	[ "$(names --until 2026-06-01 --state paid)" = "Wat Tyler Zed " ]
	[ "$(names --until 2026-05-31)" = "" ]
	[ "$(names --since today)" = "Late " ]
	[ "$(names --until yesterday --name 'w*')" = "Wat Tyler Watt James " ]

	run -0 tix ticket list fair --state '!void' --name 'Wat*' --fields buyer
	[ "$output" = "Wat Tyler" ]
	run -0 tix ticket list fair --state '!valid' --fields state,buyer
	[ "${lines[0]}" = $'void\tWatt James' ]
	run -0 tix payment list fair --kind '!bank' --amount '>50' --fields amount
	[ "$output" = $'180.00\n135.00' ]
	run -0 tix payment list --kind cash,bank --since 7d --fields amount
	[ "$output" = 45.00 ]
	tix refund create "$b" --yes -q
	tix refund create "$a" --amount 5 --kind bank --yes -q
	run -0 tix refund list --state '!done' --amount '<10' --fields amount
	[ "$output" = 5.00 ]
	run -0 tix refund list --kind '!bank' --since today --fields amount
	[ "$output" = 180.00 ]
	run -0 tix refund list --until yesterday
	[ -z "$output" ]
	run -0 tix category list --price '>45' --fields name
	[ "$output" = vip ]
	run -0 tix venue list --name 'ha*' --fields venue
	[ "$output" = hall ]
	run -0 tix venue list --name 'all'
	[ -z "$output" ]
	tix event create gala --name "Été à Paris" --zone Europe/Paris --start 2032-01-01 --currency EUR -q
	run -0 tix event list --name 'ete par*' --limit 1 --fields event
	[ "$output" = gala ]
	run -0 tix event list --name fair --until 2031-12-31 --fields event
	[ "$output" = fair ]
	run -0 tix event list --name 'par' --fields event
	[ -z "$output" ]
	tix organizer create acme --name "Acme Concerts" -q
	run -0 tix organizer list --name 'conc*' --fields organizer
	[ "$output" = acme ]
	run -0 tix quota list fair --free '<60' --fields name
	[ "$output" = vip ]
	run -0 tix quota list --free '>=60' --fields name
	[ "$output" = ga ]
	run -0 tix quota list --free 50 --fields name
	[ "$output" = vip ]
	run -2 tix quota list --free '=<5'
	[[ $output == *"hint: 7, <10, >=100"* ]]
	run -0 tix event list --status '!draft,!ended' --fields event
	[ "$output" = fair ]
	run -0 tix event list --status '!published' --fields event
	[ "$output" = gala ]
	tix event cancel fair --yes --confirm fair -q
	run -0 tix job list --state '!running,!paused' --kind '!import' --fields job
	[ "$output" = j1 ]
	run -0 tix job report j1 --state '!failed' --fields state
	[ "${#lines[@]}" -ge 3 ]
}

@test "filters: what has no word is none of those that are not wanted" {
	make_event
	late=$(tix order create fair --line ga:1 --pay bank --name Late --fields code)
	tix system clock_set "2026-07-01T10:00:00Z" -q
	sell --line ga:1 --name Paid >/dev/null
	[ "$(tix order show "$late" --json | jq -c '[.state, .money]')" = '["expired",null]' ]
	[ "$(names --money '!paid')" = "Late " ]
	[ "$(names --money '!unpaid')" = "Late Paid " ]
}

@test "money: with or without the currency, never a comma, never more decimals than it has" {
	make_event
	tix event create yen --name Yen --zone Asia/Tokyo --start 2031-01-01 --currency JPY -q
	for price in 45 45.00 45.0 "EUR 45" "EUR 45.00"; do
		run -0 --separate-stderr tix category set fair/ga --price "$price" --fields price
		[ "$output" = 45.00 ]
	done
	run -2 tix category set fair/ga --price 45,00
	[ "${lines[0]}" = 'tix: bad_value: --price "45,00": no comma in amounts  (2)' ]
	[ "${lines[1]}" = '  hint: --price 45.00 (EUR has 2 decimals)' ]
	run -2 tix category set fair/ga --price 1,000.00
	[ "${lines[0]}" = 'tix: bad_value: --price "1,000.00": no comma in amounts  (2)' ]
	[[ ${lines[1]} == *"EUR has 2 decimals"* ]]
	run -2 tix category set fair/ga --price 45.000
	[[ $output == *'--price "45.000": too many decimals'*"EUR has 2 decimals"* ]]
	run -2 tix category set fair/ga --price "USD 45"
	[[ $output == *'--price "USD 45": the currency here is EUR'* ]]
	run -2 tix category create yen/ga --price 45.5
	[[ $output == *'--price "45.5": too many decimals'*"JPY has 0 decimals"* ]]
	run -2 tix category set fair/ga --price=-45
	[[ $output == *'--price "-45": not an amount'* ]]
}

@test "times of the journal: since a time, a number, or until a day" {
	make_event
	tix system clock_set "2026-06-05T12:00:00Z" -q
	late=$(tix journal list --json | jq '.items[-1].seq')
	sell --line ga:1 >/dev/null
	run -0 tix journal list --since 1h --fields topic,seq
	[ "$output" = "$(printf 'order.paid\t%d' $((late + 1)))" ]
	run -0 tix journal list --since 2026-06-02 --until 2026-06-05 --fields seq
	[ "$output" = $((late + 1)) ]
	run -0 tix journal list --until 2026-06-04 --fields seq
	[ "${lines[-1]}" = "$late" ]
	run -0 tix journal list --since "$late" --fields seq
	[ "$output" = $((late + 1)) ]
	run -0 tix journal list --since 1m --since 0 --limit 1 --fields seq
	[ "$output" = 1 ]
	run -2 tix journal list --since soon
	[ "${lines[0]}" = 'tix: bad_value: --since "soon": no time  (2)' ]
	run -0 --separate-stderr tix watch --since 1h --count 1 --jsonl
	[ "$(jq .seq <<<"$output")" = $((late + 1)) ]
	run on_terminal tix journal list --event fair --since "2026-03-29 02:30" --limit 1
	[[ $output == *"--since \"2026-03-29 02:30\" never happens, clocks skip it: taken as 2026-03-29T03:30:00+02:00"* ]]
}

@test "show takes ids from stdin too, names what is not there, and ends with 4" {
	make_event
	a=$(sell --line ga:1)
	b=$(sell --line ga:2)
	run -0 --separate-stderr tix show - "$b" --fields code <<<"$a"
	[ "$output" = "$a"$'\n'"$b" ]
	run -4 --separate-stderr tix show - --fields code <<<"nothing $a"
	[ "$output" = "$a" ]
	[[ $stderr == *"nothing is called nothing"* ]]
}

@test "an import tells of odd times on a terminal" {
	echo '{"event":"a","name":"A","start":"2027-03-28 02:30","zone":"Europe/Berlin"}' >"$dir/in"
	run on_terminal tix import events "$dir/in"
	[[ $output == *"\"2027-03-28 02:30\" never happens"*"2027-03-28T03:30:00+02:00"* ]]
	TIX_TZ=Europe/Berlin run on_terminal tix watch --until "2025-10-26 02:30"
	[[ $output == *"--until \"2025-10-26 02:30\" happens twice: taken as 2025-10-26T02:30:00+02:00; the other is 2025-10-26T02:30:00+01:00"* ]]
}
