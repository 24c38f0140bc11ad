#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Erasing a person as it is typed: afterwards no file of the daemon holds the name.
bats_require_minimum_version 1.5.0
load ../lib

name="Zbigniew Wykreślony"
mail=zbyszek.wymazany@example.org

setup() {
	tix_setup
	start_daemon
	make_fair 100 --zone UTC
}

teardown() {
	tix_teardown
}

# Files of the daemon that hold a piece of the person.
traces() {
	grep -alE 'Wykre|wykreslony|Zbignie|zbignie|Wymazan|wymazan' "$@" || true
}

@test "a person is exported, then erased; nothing is left in any file" {
	a=$(tix order create fair --line ga:2 --pay cash --name "$name" --email "$mail" \
		--note "a friend of $name" --fields code)
	b=$(tix order create fair --line ga:1 --pay bank --name "$name" --email "${mail^^}" --fields code)
	tix payment record "$b" --amount 45.00 --kind bank --reference "transfer of $name" --yes -q
	other=$(tix order create fair --line ga:1 --pay cash --name "Another Person" --email o@example.org \
		--fields code)
	tix ticket set "$other/1" --name "$name" --email "$mail" -q
	tix ticket transfer "$a/2" --name "$name" --email "$mail" -q --yes
	tix order cancel "$b" --yes --reason "$name cannot come" -q
	tix quota block fair/ga 1 --reason "seat of $name" -q
	[ -n "$(traces "$store" "$store-wal")" ]

	run -0 tix person export "$mail" --json
	[ "$(jq '.items | length' <<<"$output")" = 3 ]
	[ "$(jq -r '.items[0].name' <<<"$output")" = "$name" ]
	[[ "$(jq -r '.items[1].texts[]' <<<"$output")" == *"transfer of $name"* ]]
	run -4 tix person export nobody@example.org

	run -2 tix person erase "$mail"
	run -2 tix person erase "$mail" --yes --confirm 7
	run -2 tix person erase "$mail" --yes --confirm 2 --reason "$name asked"
	run -0 tix person erase "$mail" --dry-run --json
	[ "$(jq -r .confirm <<<"$output")" = 2 ]
	[ -n "$(traces "$store" "$store-wal")" ]
	run -0 tix person erase "$mail" --yes --confirm 2 --reason "asked for" --json
	[ "$(jq -r '.orders, .log_clean' <<<"$output" | xargs)" = "2 true" ]

	tix db backup "$dir/after.backup" -q
	[ -z "$(traces "$store" "$store-wal" "$store-shm" "$dir/tixd.log" "$dir/after.backup")" ]
	run -0 tix audit
	run -0 tix order show "$a" --json
	[ "$(jq -r '.buyer.name, .total.amount' <<<"$output" | xargs)" = "null 9000" ]
	[ "$(jq -r '.buyer.erased' <<<"$output")" != null ]
	[ "$(tix order show "$other" --json | jq -r .buyer.name)" = "Another Person" ]
	[ "$(tix ticket show "$other/1" --json | jq -r .name)" = null ]
	run -4 tix person erase "$mail" --yes --confirm 2

	# the backup, unpacked
	stop_daemon
	rm -f "$store" "$store-wal" "$store-shm"
	tix db restore "$dir/after.backup" --store "sqlite:$store" -q
	[ -z "$(traces "$dir"/*)" ]
}

@test "killed between the erasure and the emptied log: the next start empties it" {
	tix order create fair --line ga:1 --pay cash --name "$name" --email "$mail" -q
	tix person erase "$mail" --yes --confirm 1 -q
	tix order create fair --line ga:1 --pay cash --name "$name" --email "$mail" -q
	stop_daemon KILL || true
	[ -n "$(traces "$store-wal")" ]
	start_daemon
	[ -z "$(traces "$store-wal")" ]
	tix person erase "$mail" --yes --confirm 1 -q
	[ -z "$(traces "$dir"/*)" ]
}
