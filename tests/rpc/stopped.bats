#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Disks that fail: a sync that does not succeed, damage, a disk that turned read-only.
load lib

setup() {
	tix_setup
	tracer=
	mount=
}

teardown() {
	[ -z "$tracer" ] || kill "$tracer" 2>/dev/null || true
	[ -z "$mount" ] || { [ -z "$daemon" ] || stop_daemon KILL; umount "$mount"; }
	tix_teardown
}

# fail_syncs [FLAG...]: from now on no file of the daemon can be synchronised.
fail_syncs() {
	command -v strace >/dev/null || skip "strace is not installed"
	[ "${TEST_SANITIZER:-none}" = none ] || skip "a sanitizer's daemon is not traced"
	strace "$@" -f -p "$daemon" -e trace=fsync,fdatasync,getpid \
		-e inject=fsync,fdatasync:error=EIO -o "$dir/trace" 2>"$dir/strace" 3>&- &
	tracer=$!
	attached() { grep -q attached "$dir/strace" || ! kill -0 "$tracer" 2>/dev/null; }
	wait_until 20 attached
	kill -0 "$tracer" 2>/dev/null || {
		tracer=
		skip "processes cannot be traced here: $(tail -n 1 "$dir/strace")"
	}
}

sell() {
	order_line 1 "$1" | "$tixraw" -n 1 "$TIX_SOCKET"
}

# is_stopped TEXT: sales are stopped, and the reason has that, reads go on.
is_stopped() {
	run -0 call system.status
	[ "$(field .result.state)" = stopped ]
	[[ $(field .result.why) == *"$1"* ]]
	run -0 sell refused
	[ "$(field .error.data.name)" = stopped ]
	[[ $(field .error.message) == *"$1"* ]]
	run -0 call order.list
	[ "$(field '.result.items|length')" -gt 0 ]
	[ "$(grep -c 'sales are stopped' "$dir/tixd.log")" -eq 1 ]
}

@test "after a failed sync nothing is sold, reads go on, a restart sells again" {
	start_daemon
	make_event
	for i in $(seq 20); do sell "key-$i"; done >"$dir/sold"
	fail_syncs
	run -0 sell unsure
	[ "$(field .error.data.name)" = stopped ]
	[ "$(field .error.data.retryable)" = true ]
	is_stopped EIO
	run -75 tix order create gig --line seat:1 --pay cash --timeout 300ms
	[[ $output == *"sales are stopped"* ]]
	kill "$tracer"
	wait "$tracer" || true
	tracer=
	is_stopped EIO # also when syncs succeed again: who knows what is on disk
	stop_daemon
	start_daemon
	for i in $(seq 20); do sell "key-$i"; done >"$dir/again"
	[ "$(jq -c '[.result.code, true]' "$dir/sold")" = "$(jq -c '[.result.code, .result.replayed]' "$dir/again")" ]
	sell unsure | grep -q '"result"'
	run -0 tix order create gig --line seat:1 --pay cash -q
	run -0 call audit.run
	[ "$(field .result.ok)" = true ]
}

@test "a failed sync of the file behind the log stops sales too" {
	printf '[tixd]\nwal_max_mib = 8\n' >"$dir/conf"
	start_daemon --config "$dir/conf"
	make_event 40000
	fail_syncs -P "$store"
	order_lines 16000 | "$tixraw" "$TIX_SOCKET" >"$dir/sold"
	stopped() { [ "$(call system.status | jq -r .result.state)" = stopped ]; }
	wait_until 20 stopped
	is_stopped EIO
	stop_daemon
	start_daemon
	run -0 call quota.show '{"event":"gig","name":"seat"}'
	[ "$(field .result.sold)" -ge "$(grep -c '"result"' "$dir/sold")" ]
	run -0 call audit.run
	[ "$(field .result.ok)" = true ]
}

# spoil TABLE: what is kept of it becomes rubbish.
spoil() {
	local page size
	page=$(sqlite3 "$store" "select rootpage from sqlite_master where name = '$1'")
	size=$(sqlite3 "$store" "pragma page_size")
	head -c "$size" /dev/zero | tr '\0' '\377' |
		dd of="$store" bs="$size" seek=$((page - 1)) conv=notrunc status=none
}

sold_and_closed() {
	command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
	start_daemon
	make_event
	sell first | grep -q '"result"'
	stop_daemon
	sqlite3 "$store" "pragma wal_checkpoint(truncate)" >/dev/null
}

@test "damage that a sale meets stops sales" {
	sold_and_closed
	spoil quota_category
	start_daemon
	run -0 sell second
	[ "$(field .error.data.name)" = stopped ]
	is_stopped "$store is damaged"
}

@test "damage that only a reader meets stops sales too" {
	sold_and_closed
	start_daemon
	spoil venue # the writer has seen it at the start, no reader has
	sell second | grep -q '"result"'
	run -0 call venue.show '{"venue":"hall"}'
	[ "$(field .error.data.name)" = stopped ]
	is_stopped "$store is damaged"
}

small_disk() {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount"
	mkdir "$dir/small"
	mount -t tmpfs -o size=8m none "$dir/small" 2>/dev/null || skip "cannot mount here"
	mount=$dir/small
	store=$dir/small/a.db
}

@test "a read-only disk is named, and nothing is half made" {
	small_disk
	start_daemon
	make_event
	sell first | grep -q '"result"'
	stop_daemon
	before=$(cd "$mount" && sha256sum ./*)
	mount -o remount,ro "$mount"
	run -75 timeout 20 tixd --store "sqlite:$store" --socket "$TIX_SOCKET"
	[[ $output == *"$store"* && $output == *[Rr]ead-only* ]]
	[ ! -e "$TIX_SOCKET" ]
	[ "$(cd "$mount" && sha256sum ./*)" = "$before" ]
	run -75 timeout 20 tixd --store "sqlite:$mount/new.db" --socket "$TIX_SOCKET"
	[[ $output == *"$mount/new.db"* && $output == *[Rr]ead-only* ]]
	mount -o remount,rw "$mount"
	start_daemon
	sell second | grep -q '"result"'
}

@test "a file that may not be written is named" {
	small_disk
	start_daemon
	stop_daemon
	command -v chattr >/dev/null && chattr +i "$store" 2>/dev/null || skip "no file can be made immutable here"
	run timeout 20 tixd --store "sqlite:$store" --socket "$TIX_SOCKET"
	chattr -i "$store"
	[ "$status" -eq 75 ]
	[[ $output == *"$store"* ]]
}
