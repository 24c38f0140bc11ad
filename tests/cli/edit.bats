#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tix NOUN edit: a record as text in an editor, which is a script here.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	unset VISUAL
	export TMPDIR=$dir/tmp
	mkdir "$TMPDIR"
	start_daemon
	tix venue create town-hall --name "Town Hall" --zone Europe/Berlin -q
	tix event create fair --name "Fair" --venue town-hall --start "2030-06-13 20:00" --currency EUR \
		--tags a,b --description $'One.\n\nTwo.' --target 60:100,0:600 -q
	tix category create fair/ga --price 45.00 --size 500 --sale-to "1d before" -q
	head=$(seq_now)
}

teardown() {
	tix_teardown
}

seq_now() {
	tix status --json | jq .seq
}

show() { # COMMAND... FIELD
	tix "${@:1:$#-1}" --json | jq -c ".${*: -1}"
}

# editor LINE...: what the editor does with the file $1, one script a call, the last one again.
editor() {
	local n=0 script
	for script in "$@"; do
		n=$((n + 1))
		printf '%s\n' "$script" >"$dir/edit.$n"
	done
	echo 0 >"$dir/turn"
	cat >"$dir/editor" <<-END
		#!/bin/bash
		turn=\$((\$(cat '$dir/turn') + 1))
		[ \$turn -le 5 ] || exit 1
		echo \$turn >'$dir/turn'
		cp "\$1" '$dir/seen.'\$turn
		stat -c %a "\$1" >'$dir/mode'
		[ ! -e '$dir/edit.'\$turn ] || . '$dir/edit.'\$turn
	END
	chmod +x "$dir/editor"
	export EDITOR="'$dir/editor'"
}

@test "an event is text, and what is changed is sent" {
	editor 'sed -i "s/^name: .*/name: Summer \"Fair\"/; s/^start: .*/start: 2030-06-14 21:30/; s/^tags: .*/tags: a, c d/" "$1"'
	run -0 tix event edit fair --reason later
	[ "$(cat "$dir/mode")" = 600 ]
	grep -qx 'start: 2030-06-13 20:00' "$dir/seen.1"
	grep -qx 'venue: town-hall' "$dir/seen.1"
	grep -qx 'target: 60:100,0:600' "$dir/seen.1"
	grep -qx '  Two.' "$dir/seen.1"
	[ "$(show event show fair name)" = '"Summer \"Fair\""' ]
	[ "$(show event show fair start)" = '"2030-06-14T19:30:00Z"' ]
	[ "$(show event show fair tags)" = '["a","c d"]' ]
	[ "$(show event show fair description)" = '"One.\n\nTwo."' ]
	[ "$(tix journal list --since "$head" --json | jq -r '.items[0].reason')" = later ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "nothing changed, an empty file: nothing is done" {
	editor ''
	run -0 tix event edit fair
	[[ $output == *"nothing was changed"* ]]
	editor ': >"$1"'
	run -0 tix event edit fair
	[[ $output == *"nothing was changed"* ]]
	[ "$(seq_now)" = "$head" ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "nothing behind a field clears it, a missing line leaves it" {
	editor 'sed -i "s/^type:.*/type: concert/; /^tags:/d; /^description: |/,/^$/d; /^  Two/d; s/^target: .*/target:/" "$1"'
	run -0 tix event edit fair
	[ "$(show event show fair type)" = '"concert"' ]
	[ "$(show event show fair tags)" = '["a","b"]' ]
	[ "$(show event show fair description)" = '"One.\n\nTwo."' ]
	[ "$(show event show fair target)" = '[]' ]
	editor 'sed -i "s/^name:.*/name:/" "$1"'
	run -2 tix event edit fair
	[[ $output == *"name: it cannot be empty"* ]]
}

@test "a bad value comes back with the error on top, and nothing is lost" {
	editor 'sed -i "s/^price: .*/price: 45,00/; s/^title:.*/title: Early/" "$1"' 'sed -i "s/^price: .*/price: 46.00/" "$1"'
	run -0 tix category edit fair/ga
	head -n 1 "$dir/seen.2" | grep -q '^# ! .*45,00'
	grep -qx 'title: Early' "$dir/seen.2"
	grep -qx 'sale_to: 1d before' "$dir/seen.2"
	[ "$(show category show fair/ga price.amount)" = 4600 ]
	[ "$(show category show fair/ga title)" = '"Early"' ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "given up after an error, the text is kept and told of" {
	editor 'echo "nonsense" >>"$1"'  ''
	run -2 tix venue edit town-hall
	[[ $output == *"line "*"expected"* ]]
	file=$(grep -o "$TMPDIR/[^ ]*" <<<"$output")
	grep -qx nonsense "$file"
	editor 'sed -i "s/^name: .*/name: x/" "$1"; exit 3'
	run -2 tix venue edit town-hall
	[[ $output == *"the editor failed"* ]]
	[ "$(show venue show town-hall name)" = '"Town Hall"' ]
	editor 'sed -i "s/^name: /nome: /" "$1"' ''
	run -2 tix venue edit town-hall
	[[ $output == *'no field "nome"'* ]]
	editor "printf 'name: \\377\\n' >\"\$1\"" ''
	run -2 tix venue edit town-hall
	[[ $output == *"not UTF-8"* ]]
}

@test "what somebody else changed meanwhile is a conflict, once; the rest stays as they made it" {
	editor 'tix quota set fair/ga --size 700 --overbook 5 -q; sed -i "s/^size: .*/size: 600/" "$1"' ''
	run -3 tix quota edit fair/ga
	head -n 1 "$dir/seen.2" | grep -q 'conflict: size was "500", is "700" now, you want "600"'
	[ "$(show quota show fair/ga size)" = 700 ]
	editor 'tix quota set fair/ga --size 800 --overbook 6 -q; sed -i "s/^size: .*/size: 600/" "$1"' \
		'sed -i "/^# !/d" "$1"'
	run -0 tix quota edit fair/ga
	[ "$(show quota show fair/ga size)" = 600 ]
	[ "$(show quota show fair/ga overbook)" = 6 ]
	[[ $output == *"overbook was changed meanwhile"* ]]
}

@test "a dry run keeps nothing; VISUAL comes first; without either and a terminal there is no editing" {
	editor 'sed -i "s/^name: .*/name: Other/" "$1"'
	run -0 tix organizer list --fields organizer
	slug=$output
	run -0 tix organizer edit "$slug" --dry-run
	[ "$(seq_now)" = "$head" ]
	run -0 env VISUAL=true tix organizer edit "$slug"
	[[ $output == *"nothing was changed"* ]]
	unset EDITOR
	run -2 tix organizer edit "$slug" </dev/null
	[[ $output == *"no terminal"* ]]
	run -4 tix venue edit none
	run -2 tix order edit x
	[[ $output == *'no verb "edit"'* ]]
}
