#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tix db clone: a copy to rehearse with, under another key, at another time, with nobody's names.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon --test-clock=2030-05-01T12:00:00Z
	data=${top_srcdir:-$BATS_TEST_DIRNAME/../..}/tests/data
	tix import events "$data/events.jsonl" -q 2>"$dir/said"
	tix event publish open-air -q
	code=$(tix order create open-air --line ga:2 --pay cash --name 'Ann Secret' --email ann@secret.example \
		--phone '+44 secret' --note 'a secret' --fields code)
	tix ticket set "$code/1" --name 'Guest Secret' --email guest@secret.example -q
	tix order note "$code" 'secret too' --reason 'secret reason' -q
	tix order create open-air --line ga:1 --pay bank --expires +20d -q
	printf '%s\n' '{"code":"7K2M-9QXD","event":"open-air","state":"paid","pay":"comp","created":"2029-12-01","total":"0",
"credited":"0","balance":"0","line":[{"category":"ga","count":1,"price":"0"}],
"tickets":[{"n":1,"category":"ga","price":"0","state":"valid"}]}' | tr -d '\n' | tix import orders - -q
}

teardown() {
	tix_teardown
}

open_clone() {
	stop_daemon
	store=$dir/clone.db
	start_daemon --test-clock="$1"
}

@test "a clone of a store in use has codes of its own, its times moved and no trace of anybody" {
	run -0 tix db clone "$dir/clone.db" --store "sqlite:$store" --shift-time -30d
	[[ $output == *"clone.db  "*" records, persons replaced" ]]
	run -1 grep -aiq secret "$dir/clone.db"
	grep -aiq secret "$store" "$store-wal"
	[ ! -e "$dir/clone.db.cloning" ] && ! cmp -s "$store.key" "$dir/clone.db.key"
	tix audit
	open_clone 2030-04-02T12:00:00Z
	tix audit
	[ "$(tix event show open-air --fields start)" = 2031-05-14T18:00:00Z ]
	[ "$(tix event list --words open --fields event)" = open-air ]
	run -4 tix order show "$code"
	[ "$(tix order list --fields name,email,created | tail -n 1)" = \
		$'Person 1\tperson1@example.invalid\t2030-04-01T12:00:00Z' ]
	[ "$(tix order list --email person1@example.invalid | wc -l)" -eq 1 ]
	[ "$(tix order show 7K2M-9QXD --json | jq -r .made)" = 2029-10-31T23:00:00Z ]
	own=$(tix order list --fields code --sort created | head -n 1)
	[ "$(tix order history "$own" --fields topic | paste -sd ' ')" = "order.paid ticket.changed order.noted" ]
	[ "$(tix order show "$own" --json | jq -r .note)" = null ]
	tix journal list --json | jq -e '.items | all(.reason == null) and .[-1].topic == "store.cloned"'
	tix order create open-air --line ga:1 --pay cash -q
	tix audit
}

@test "what happened never lies ahead; persons may be kept" {
	run -0 tix db clone "$dir/clone.db" --store "sqlite:$store" --shift-time +52w --keep-persons
	open_clone 2031-05-01T12:00:00Z
	tix audit
	[ "$(tix order list --fields name | tail -n 1)" = "Ann Secret" ]
	[ "$(tix event show open-air --fields start)" = 2032-06-11T18:00:00Z ]
	tix order list --name secret | grep -q Ann
	tix journal list --json | jq -e '.items | any(.reason == "secret reason")'
}

@test "what a clone refuses" {
	touch "$dir/there"
	run -3 tix db clone "$dir/there" --store "sqlite:$store"
	run -2 tix db clone --store "sqlite:$store"
	run -2 tix db clone "$dir/x" --store "sqlite:$store" --shift-time 30
	run -2 tix db clone "$dir/x" --store "sqlite:$store" --shift-time 99999999w
	run -78 tix db clone "$dir/x" --store "sqlite:$dir/none"
	run -78 tix db clone "$dir/none/x" --store "sqlite:$store"
	[ ! -e "$dir/x" ] && [ ! -e "$dir/x.key" ] && [ ! -e "$dir/x.cloning" ]
}
