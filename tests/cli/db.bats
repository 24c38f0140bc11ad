#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The store as a file: how large it is, backups of it while it sells, and their way back.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	selling=
}

teardown() {
	[ -z "$selling" ] || kill "$selling" 2>/dev/null || true
	tix_teardown
}

# sell_on: orders one after another until it is told to stop; each acknowledged code and seq goes to $dir/sold.
sell_on() {
	while [ ! -e "$dir/enough" ]; do
		tix order create fair --line ga:1 --pay cash --json | jq -r '[.code, .seq] | @tsv'
	done >>"$dir/sold" 2>"$dir/sell.err" 3>&- &
	selling=$!
}

# Lets the last order end: one that is left alone tries again, and finds the next daemon on the socket.
stop_selling() {
	: >"$dir/enough"
	wait "$selling"
	selling=
}

sold_more_than() {
	[ "$(wc -l <"$dir/sold")" -gt "$1" ]
}

seq_now() {
	tix status --fields seq
}

# with_store PATH COMMAND...: a daemon on another store, the command, its end.
with_store() {
	local keep=$store status=0
	store=$1
	shift
	start_daemon
	"$@" || status=$?
	stop_daemon
	store=$keep
	return $status
}

flip() { # file offset: changes one bit
	python3 -c 'import sys
f = open(sys.argv[1], "r+b"); f.seek(int(sys.argv[2])); b = f.read(1)[0]
f.seek(int(sys.argv[2])); f.write(bytes([b ^ 1]))' "$1" "$2"
}

@test "status: size, tables, head and key" {
	start_daemon
	make_fair
	run -0 tix db status --json
	jq -e --arg s "sqlite:$store" --arg k "$store.key" \
		'.store == $s and .key == $k and .bytes >= 4096 and .pages > 10 and .schema >= 2
		and .seq >= 3 and (.hash | length) == 64 and .backup == null' <<<"$output"
	[ "$(tix db status --json | jq .seq)" = "$(seq_now)" ]
}

@test "a backup taken while it sells holds every order acknowledged before its point" {
	start_daemon
	make_fair 1000000
	: >"$dir/sold"
	sell_on
	wait_until 60 sold_more_than 20
	run -0 tix db backup "$dir/b.tix" --json
	point=$(jq .seq <<<"$output")
	jq -e --arg k "$store.key" '.bytes > 0 and .store_bytes > .bytes and .key == $k' <<<"$output"
	[ "$(jq -r .checksum <<<"$output")" = "$(head -c -32 "$dir/b.tix" | b2sum -l 256 | cut -d' ' -f1)" ]
	[ "$(stat -c %a "$dir/b.tix")" = 600 ]
	before=$(wc -l <"$dir/sold")
	wait_until 60 sold_more_than $((before + 5))
	stop_selling
	stop_daemon
	[ -z "$(find "$dir" -name 'b.tix.*')" ]
	run -0 tix db check "$dir/b.tix" --store "sqlite:$store"
	[[ ${lines[0]} == "ok  $dir/b.tix" ]]
	[[ ${lines[1]} == "journal $point  "* ]]
	run -0 tix db restore "$dir/b.tix" --store "sqlite:$dir/other.db" --key "$store.key"
	[ "$(stat -c %a "$dir/other.db.key")" = 600 ]
	found() {
		[ "$(seq_now)" = "$point" ] && tix audit -q && tix order list --fields code >"$dir/there"
	}
	with_store "$dir/other.db" found
	[ "$(awk -v p="$point" '$2 <= p { print $1 }' "$dir/sold" | sort)" = "$(sort "$dir/there")" ]
	[ "$(wc -l <"$dir/there")" -gt 20 ]
	[ "$(wc -l <"$dir/there")" -lt "$(wc -l <"$dir/sold")" ]
}

@test "one flipped bit anywhere is found, and so is a file cut short or grown" {
	start_daemon
	make_fair
	tix order create fair --line ga:2 --pay cash --name "A. Buyer" -q
	tix db backup "$dir/b.tix" -q
	size=$(stat -c %s "$dir/b.tix")
	for at in 0 5 20 60 150 300 301 302 303 304 305 400 $((size / 2)) $((size - 45)) $((size - 40)) \
		$((size - 36)) $((size - 20)) $((size - 1)); do
		cp "$dir/b.tix" "$dir/bad.tix"
		flip "$dir/bad.tix" "$at"
		run -1 tix db check "$dir/bad.tix" --store "sqlite:$store"
		[[ $output == "NOT OK  $dir/bad.tix"* ]]
	done
	head -c -1 "$dir/b.tix" >"$dir/bad.tix"
	run -1 tix db check "$dir/bad.tix" --store "sqlite:$store"
	(cat "$dir/b.tix"; echo) >"$dir/bad.tix"
	run -1 tix db check "$dir/bad.tix" --store "sqlite:$store"
	: >"$dir/bad.tix"
	run -1 tix db check "$dir/bad.tix" --store "sqlite:$store"
	run -2 tix db check "$dir/none.tix" --store "sqlite:$store"
	run -2 tix db restore "$dir/bad.tix" --store "sqlite:$dir/other.db" --key "$store.key"
	[ ! -e "$dir/other.db" ]
	run -0 tix db check "$dir/b.tix" --store "sqlite:$store" -q
	[ -z "$output" ]
}

@test "check runs the audit: a store that was tampered with is no good backup" {
	command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
	start_daemon
	make_fair
	tix order create fair --line ga:2 --pay cash -q
	stop_daemon
	sqlite3 "$store" 'update quota set sold = sold - 1 where sold > 0'
	start_daemon
	tix db backup "$dir/b.tix" -q
	run -1 tix db check "$dir/b.tix" --store "sqlite:$store"
	[[ $output == stock\ * ]]
	run -2 tix db restore "$dir/b.tix" --store "sqlite:$dir/other.db" --key "$store.key"
	[ ! -e "$dir/other.db" ]
}

@test "a backup goes to a new file of an absolute path" {
	start_daemon
	make_fair
	(cd "$dir" && tix db backup here.tix -q)
	[ -s "$dir/here.tix" ]
	run -3 tix db backup "$dir/here.tix"
	[[ $output == *exists* ]]
	run -2 tix db backup "$dir/none/b.tix"
	run -2 tix db backup
	run -2 tix api db.backup '{"file": "relative.tix"}'
	ln -s "$dir/target" "$dir/link.tix"
	run -3 tix db backup "$dir/link.tix"
	[ ! -e "$dir/target" ]
}

@test "restore: not under a daemon, not with another key, not unasked" {
	start_daemon
	make_fair
	code=$(tix order create fair --line ga:2 --pay cash --fields code)
	tix db backup "$dir/b.tix" -q
	tix order create fair --line ga:1 --pay cash -q
	last=$(seq_now)
	run -75 tix db restore "$dir/b.tix" --store "sqlite:$store" --yes --confirm "$last"
	[[ $output == *"$daemon"* ]]
	stop_daemon
	run -2 tix db restore "$dir/b.tix" --store "sqlite:$store" </dev/null
	[[ $output == *"unconfirmed"*"--yes --confirm $last"* ]]
	run -2 tix db restore "$dir/b.tix" --store "sqlite:$store" --yes </dev/null
	run -2 tix db restore "$dir/b.tix" --store "sqlite:$store" --yes --confirm 1 </dev/null
	mv "$store.key" "$dir/key"
	run -78 tix db restore "$dir/b.tix" --store "sqlite:$store" --yes --confirm "$last"
	tr 0-9a-f f0-9a-e <"$dir/key" >"$store.key"
	chmod 600 "$store.key"
	run -78 tix db restore "$dir/b.tix" --store "sqlite:$store" --yes --confirm "$last"
	[[ $output == *"another store"* ]]
	run -78 tix db check "$dir/b.tix" --store "sqlite:$store"
	cat "$dir/key" >"$store.key"
	run -0 tix db restore "$dir/b.tix" --store "sqlite:$store" --yes --confirm "$last"
	[ -s "$store.replaced-$last" ]
	[ ! -e "$store.restored" ]
	start_daemon
	[ "$(tix order list --fields code)" = "$code" ]
	[ "$(seq_now)" -lt "$last" ]
	tix audit -q
	tix order create fair --line ga:1 --pay cash -q
	stop_daemon
	# What was replaced is whole.
	cp "$store.key" "$store.replaced-$last.key"
	both() {
		[ "$(tix order list | wc -l)" -eq 2 ] && tix audit -q
	}
	with_store "$store.replaced-$last" both
}

@test "restore over a damaged store keeps what is left of it" {
	start_daemon
	make_fair
	tix db backup "$dir/b.tix" -q
	stop_daemon
	head -c 8192 /dev/urandom >"$store"
	run -2 tix db restore "$dir/b.tix" --store "sqlite:$store" </dev/null
	[[ $output == *damaged* ]]
	run -0 tix db restore "$dir/b.tix" --store "sqlite:$store" --yes --confirm damaged
	[ "$(stat -c %s "$store.replaced-damaged")" = 8192 ]
	start_daemon
	tix audit -q
}

@test "init makes a store once; migrate says what it was" {
	run -0 tix db init --store "sqlite:$store"
	[[ $output == "$store  schema "* ]]
	[ "$(stat -c %a "$store.key")" = 600 ]
	run -3 tix db init --store "sqlite:$store"
	run -0 tix db migrate --store "sqlite:$store"
	[[ $output == *", was "* ]]
	run -4 tix db migrate --store "sqlite:$dir/none.db"
	[ ! -e "$dir/none.db" ]
	start_daemon
	run -75 tix db migrate --store "sqlite:$store"
	run -2 tix db frob
	run -2 tix db
	run -2 tix db check
	run -2 tix db init extra
	run -2 tix db init --frob
	run -0 tix db -h
	[[ $output == usage:* ]]
}

@test "a daemon that ends gives its backup up and leaves nothing behind" {
	start_daemon
	make_fair
	stop_daemon
	command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
	sqlite3 "$store" "create table ballast (b blob) strict; with recursive n(i) as (select 1 union all
		select i + 1 from n where i < 20000) insert into ballast select randomblob(4000) from n" >/dev/null
	start_daemon
	tix db backup "$dir/b.tix" >"$dir/out" 2>&1 3>&- &
	client=$!
	wait_until 20 test -e "$dir/b.tix.copy"
	run -75 tix db backup "$dir/c.tix" --timeout 1s
	stop_daemon
	status=0
	wait "$client" || status=$?
	[ "$status" -ne 0 ]
	[ -z "$(find "$dir" -name 'b.tix*')" ]
}

@test "the unit that makes backups: its own commands, old ones deleted" {
	local unit=${top_builddir:-$PWD/build}/daemon/systemd/tixd-backup.service
	start_daemon
	mkdir "$dir/backup"
	touch -d "20 days ago" "$dir/backup/tix-old.backup" "$dir/backup/mine"
	touch -d "2 days ago" "$dir/backup/tix-young.backup"
	sed -n -e 's,^ExecStart=,,' -e T -e 's,[$][$],$,g' -e 's,%%,%,g' -e 's,/[^ ]*/bin/tix ,tix ,' \
		-e "s,/var/lib/tix/backup,$dir/backup,g" -e "s,/run/tix/tixd.sock,$TIX_SOCKET," -e p \
		"$unit" >"$dir/steps"
	[ "$(wc -l <"$dir/steps")" = 2 ]
	KEEP_DAYS=14 run -0 sh -e "$dir/steps"
	[ "$(find "$dir/backup" -name 'tix-2*Z.backup' | wc -l)" = 1 ]
	[ ! -e "$dir/backup/tix-old.backup" ]
	[ -e "$dir/backup/tix-young.backup" ]
	[ -e "$dir/backup/mine" ]
	run -0 tix db check "$dir"/backup/tix-2*Z.backup --store "sqlite:$store"
}

@test "what tixd does by itself, as JSON" {
	run -0 tix db init --json --store "sqlite:$dir/j.db"
	[ "$(jq -r '.v, .store, .was' <<<"$output" | xargs)" = "1 $dir/j.db 0" ]
	start_daemon
	make_fair
	tix db backup "$dir/b.tix" -q
	run -0 tix db check "$dir/b.tix" --store "sqlite:$store" --json
	[ "$(jq -c '[.ok, .findings, .seq > 2, (.checksum | length)]' <<<"$output")" = '[true,[],true,64]' ]
	run -0 tix db clone "$dir/c.db" --store "sqlite:$store" --json
	[ "$(jq -r .persons <<<"$output")" = replaced ]
	run -0 tix db restore "$dir/b.tix" --key "$store.key" --store "sqlite:$dir/r.db" --json
	[ "$(jq -r .replaced <<<"$output")" = null ]
	run -75 --separate-stderr tix db restore "$dir/b.tix" --store "sqlite:$store" --json
	[ -z "$output" ]
	# shellcheck disable=SC2154 # run sets it
	[ "$(jq -r '.name, .exit' <<<"$stderr" | xargs)" = "unavailable 75" ]
	truncate -s -1 "$dir/b.tix"
	run -1 tix db check "$dir/b.tix" --store "sqlite:$store" --json
	[ "$(jq .ok <<<"$output")" = false ]
}
