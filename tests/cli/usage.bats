#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What needs no daemon: help, mistakes, exit codes, output that cannot be written.
bats_require_minimum_version 1.5.0

setup() {
	dir=$(mktemp -d)
	export TIX_SOCKET=$dir/none.sock
	unset TIX_EVENT TIX_FORMAT TIX_TZ COLUMNS NO_COLOR
}

teardown() {
	rm -rf "$dir"
}

# Every "noun verb" that help lists.
methods() {
	tix help verbs | sed -n '/^nouns and verbs/,/^$/p' | sed 1d |
		awk '{ for (i = 2; i <= NF; i++) print $1, $i }'
}

@test "help shows every noun and command, and fits a screen of 80x24" {
	run -0 tix help
	for word in system organizer venue event category quota hold order journal show completion; do
		[[ $output == *" $word"[$' \n']* ]]
	done
	[ "${#lines[@]}" -le 24 ]
	[ "$(wc -L <<<"$output")" -le 80 ]
	run -0 tix help flags
	[ "${#lines[@]}" -le 24 ]
	for noun in $(methods | cut -d ' ' -f 1 | sort -u); do
		run -0 tix help "$noun"
		[ "${#lines[@]}" -le 24 ]
	done
}

@test "tix alone is help" {
	run -0 tix
	[[ $output == "usage: tix NOUN VERB"* ]]
}

@test "each method has help with its flags and two examples" {
	[ "$(methods | wc -l)" -ge 40 ]
	while read -r noun verb; do
		run -0 tix "$noun" "$verb" -h
		[[ $output == "usage: tix $noun $verb"* ]]
		[ "$(grep -c "^  tix $noun $verb" <<<"$output")" -eq 2 ]
		[ "${#lines[@]}" -le 40 ]
		same=$output
		run -0 tix help "$noun" "$verb"
		[ "$output" = "$same" ]
	done < <(methods)
}

@test "the examples of help are well-formed: only the daemon is missing" {
	while read -r noun verb; do
		[ "$noun $verb" != "journal follow" ] || continue
		while read -r line; do
			[[ $line != *@* || $line == *@example* ]] || continue
			run -69 bash -c "$line"
		done < <(tix help "$noun" "$verb" | sed -n 's/^  \(tix .*\)/\1/p')
	done < <(methods)
}

@test "each noun has help" {
	while read -r noun; do
		run -0 tix "$noun" -h
		[[ $output == "usage: tix $noun VERB"* ]]
		run -0 tix help "$noun"
		run -2 tix "$noun"
	done < <(methods | cut -d' ' -f1 | sort -u)
}

@test "each command has help" {
	for word in show status watch import audit api version; do
		run -0 tix "$word" -h
		[[ $output == "usage: tix $word"* ]]
		run -0 tix help "$word"
		[[ $output == "usage: tix $word"* ]]
	done
}

@test "did you mean: noun, command, verb, flag" {
	run -2 tix ordr list
	[[ ${lines[0]} == 'tix: unknown_method: there is no command "ordr"; did you mean order?  (2)' ]]
	run -2 tix statsu
	[[ ${lines[0]} == *'did you mean status?'* ]]
	run -2 tix order crate
	[[ ${lines[0]} == 'tix: unknown_method: order has no verb "crate"; did you mean create?  (2)' ]]
	run -2 tix event create x --nmae y
	[[ ${lines[0]} == 'tix: unknown_field: event create has no flag --nmae; did you mean --name?  (2)' ]]
	[[ ${lines[1]} == '  hint: tix event create -h' ]]
	run -2 tix category create x/y --sale-form now
	[[ ${lines[0]} == *'did you mean --sale-from?'* ]]
}

@test "what is missing or malformed is named as it is typed" {
	run -2 tix event create summer-fair --start now --currency EUR
	[[ $output == "tix: missing: --name is required"* ]]
	run -2 tix event show
	[[ $output == "tix: missing: EVENT is required"* ]]
	run -2 tix category create x/y --price 45 --size many
	[[ ${lines[0]} == 'tix: bad_value: --size "many": not a whole number  (2)' ]]
	run -2 tix venue set x --latitude north
	[[ $output == 'tix: bad_value: --latitude "north": degrees'* ]]
	run -2 tix hold create x --line ga
	[[ $output == 'tix: bad_value: --line "ga": as CATEGORY:COUNT'* ]]
	run -2 tix hold create x --line ga:
	run -2 tix hold create x --line ga:1,
	run -2 tix event set x --doc '{"a":'
	[[ $output == *'--doc'* ]]
	run -2 tix category set x/y --hidden=perhaps
	[[ $output == *'true or false'* ]]
	run -2 tix event create x --name
	[[ $output == *'--name needs a value'* ]]
	run -2 tix event list --utc=1
	[[ $output == *'--utc takes no value'* ]]
	run -2 tix event list a b
	[[ $output == *'"a" is one argument too many'* ]]
	run -2 tix event list --limit 0
	run -2 tix event list -o xml
	[[ $output == *'table, tsv, json, jsonl or csv'* ]]
	run -2 tix status --color blue
	run -2 tix status --timeout soon
	run -2 tix -z
	run -2 tix event set x --name $'\xff'
	[[ $output == *'not UTF-8'* ]]
	run -2 tix event show $'\xff'
}

@test "a name alone needs an event" {
	run -2 tix category show ga
	[[ ${lines[0]} == 'tix: missing: "ga": of which event?  (2)' ]]
	[[ ${lines[1]} == '  hint: EVENT/ga, or -e EVENT, or TIX_EVENT' ]]
	run -69 tix category show ga -e summer-fair
	TIX_EVENT=summer-fair run -69 tix category show ga
	run -69 tix category show summer-fair/ga
}

@test "no daemon is 69 with a hint, and an object with --json" {
	run -69 tix event list
	[[ ${lines[0]} == "tix: no_daemon: $TIX_SOCKET: "*"  (69)" ]]
	[[ ${lines[1]} == "  hint: "* ]]
	run -69 --separate-stderr tix event list --json
	[ -z "$output" ]
	jq -e '.v == 1 and .code == "no_daemon" and .retryable and .exit == 69 and .hint' <<<"$stderr"
}

@test "version needs no daemon" {
	run -0 tix version -o table
	[[ $output == "tix "*", api 1, methods "* ]]
	run -0 tix --version
	run -0 --separate-stderr tix version --json
	jq -e '.v == 1 and .tixd == null and .api == 1' <<<"$output"
}

@test "output that fails is 74" {
	run -74 bash -c 'tix help >/dev/full'
	[[ ${lines[0]} == 'tix: output: stdout: No space left on device  (74)' ]]
	run -74 bash -c 'tix help >&-'
	run -74 bash -c 'tix event create -h >&-'
	run -69 bash -c 'tix event list >&- 2>&-'
}

@test "a reader that goes away ends tix quietly" {
	run bash -c 'set -o pipefail; for i in $(seq 50); do tix help; done 2>'"$dir/err"' | true'
	[ ! -s "$dir/err" ]
}

@test "switches may stand anywhere, -- ends them" {
	run -69 tix --json event list
	jq -e . <<<"$output"
	run -69 tix -qn event publish x
	run -69 tix -ojson event list
	run -69 tix event publish -- -x
	run -2 tix event publish -x
}

@test "the socket of the configuration counts after --socket and TIX_SOCKET" {
	mkdir -p "$dir/.config/tix"
	printf '[tixd]\nsocket = %s/conf.sock\n' "$dir" >"$dir/.config/tix/config"
	HOME=$dir run -69 tix event list
	[[ ${lines[0]} == *"$dir/none.sock"* ]]
	unset TIX_SOCKET
	HOME=$dir run -69 tix event list
	[[ ${lines[0]} == *"$dir/conf.sock"* ]]
	HOME=$dir run -69 tix event list --socket "$dir/flag.sock"
	[[ ${lines[0]} == *"$dir/flag.sock"* ]]
	echo nonsense >"$dir/.config/tix/config"
	HOME=$dir run -78 tix event list
	[[ ${lines[0]} == "tix: config: $dir/.config/tix/config:1: "* ]]
}
