#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How the daemon begins, and why it does not.
load lib

setup() {
	tix_setup
}

teardown() {
	tix_teardown
}

@test "it makes store, key and socket, for nobody else" {
	start_daemon
	[ "$(stat -c %a "$store")" = 600 ]
	[ "$(stat -c %a "$store.key")" = 600 ]
	[ "$(stat -c %a "$TIX_SOCKET")" = 660 ]
	stop_daemon
	[ ! -e "$TIX_SOCKET" ]
}

@test "it makes the socket's directory" {
	TIX_SOCKET=$dir/run/s
	start_daemon
	[ "$(stat -c %a "$dir/run")" = 750 ]
}

@test "a live daemon keeps its socket" {
	start_daemon
	run -75 timeout 20 tixd --store "sqlite:$dir/b.db" --socket "$TIX_SOCKET"
	[[ $output == *"a daemon already listens on $TIX_SOCKET"* ]]
	run -0 call system.hello
	[ "$(field .result.api)" = 1 ]
}

@test "a stale socket is replaced" {
	start_daemon
	kill -KILL "$daemon"
	wait "$daemon" || true
	[ -S "$TIX_SOCKET" ]
	start_daemon
	run -0 call system.hello
	[ "$(field .result.api)" = 1 ]
}

@test "what is no socket is left alone" {
	echo precious >"$TIX_SOCKET"
	run -78 timeout 20 tixd --store "sqlite:$store" --socket "$TIX_SOCKET"
	[[ $output == *"is no socket"* ]]
	[ "$(cat "$TIX_SOCKET")" = precious ]
}

@test "a path that is too long is refused, not cut" {
	run -78 timeout 20 tixd --store "sqlite:$store" --socket "$dir/$(printf 'x%.0s' {1..120})"
	[[ $output == *"tixd:"* ]]
}

@test "a store belongs to one daemon" {
	start_daemon
	run -75 timeout 20 tixd --store "sqlite:$store" --socket "$dir/t"
	[[ $output == *"$daemon"* ]]
}

@test "a store without its key, or with another's, is refused" {
	start_daemon
	stop_daemon
	mv "$store.key" "$dir/key"
	run -78 timeout 20 tixd --store "sqlite:$store" --socket "$TIX_SOCKET"
	[[ $output == *key* ]]
	tr 0-9a-f f0-9a-e <"$dir/key" >"$store.key"
	chmod 600 "$store.key"
	run -78 timeout 20 tixd --store "sqlite:$store" --socket "$TIX_SOCKET"
	[[ $output == *key* ]]
	cat "$dir/key" >"$store.key"
	start_daemon
}

@test "a store that is newer than the program is refused" {
	command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
	start_daemon
	stop_daemon
	sqlite3 "$store" "insert into migration (version, name, checksum, at) values (9999, 'later', 'x', 0)"
	run -76 timeout 20 tixd --store "sqlite:$store" --socket "$TIX_SOCKET"
	[[ $output == *newer* ]]
}

@test "a folder that cannot be written is named" {
	[ "$(id -u)" -ne 0 ] || skip "root writes everywhere"
	mkdir -m 500 "$dir/ro"
	run ! timeout 20 tixd --store "sqlite:$dir/ro/a.db" --socket "$TIX_SOCKET"
	[[ $output == *"$dir/ro"* ]]
}

@test "--check says what is wrong with the settings" {
	printf '[tixd]\nreaders = 3\n[peers]\n4242 = support:acme\n' >"$dir/conf"
	run -0 timeout 20 tixd --check --config "$dir/conf" --store "sqlite:$store"
	printf '[peers]\n4242 = wizard\n' >"$dir/conf"
	run -78 timeout 20 tixd --check --config "$dir/conf"
	[[ $output == *wizard* ]]
	printf '[tixd]\nreader = 3\n' >"$dir/conf"
	run -78 timeout 20 tixd --check --config "$dir/conf"
	run -78 timeout 20 tixd --check --config "$dir/none"
}

@test "flags: version, help, and what is none" {
	run -0 timeout 20 tixd --version
	[[ $output == tixd\ * ]]
	run -0 timeout 20 tixd --help
	[[ $output == usage:* ]]
	run -2 timeout 20 tixd --frobnicate
	run -2 timeout 20 tixd argument
	run -2 timeout 20 tixd --store
}

@test "a socket handed over by the service manager is used" {
	command -v python3 >/dev/null || skip "python3 is not installed"
	python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(16)
if s.fileno() != 3: os.dup2(s.fileno(), 3)
else: os.set_inheritable(3, True)
os.environ["LISTEN_FDS"] = "1"; os.environ["LISTEN_PID"] = str(os.getpid())
os.execvp("tixd", ["tixd", "--store", "sqlite:" + sys.argv[2], "--socket", sys.argv[1]])' \
		"$TIX_SOCKET" "$store" 2>"$dir/tixd.log" 3>&- &
	daemon=$!
	wait_until 20 daemon_said "^tixd: ready"
	run -0 call system.hello
	[ "$(field .result.api)" = 1 ]
	stop_daemon
	[ -S "$TIX_SOCKET" ]
}

@test "the service manager is told" {
	command -v python3 >/dev/null || skip "python3 is not installed"
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); s.settimeout(60)
print("bound", flush=True)
while True:
    m = s.recv(4096).decode(); print(m, flush=True)
    if "STOPPING=1" in m: break' "$dir/notify" >"$dir/told" 3>&- &
	listener=$!
	wait_until 10 grep -q bound "$dir/told"
	NOTIFY_SOCKET=$dir/notify WATCHDOG_USEC=200000 start_daemon
	wait_until 10 grep -q READY=1 "$dir/told"
	wait_until 10 grep -q WATCHDOG=1 "$dir/told"
	stop_daemon
	wait "$listener"
	grep -q STOPPING=1 "$dir/told"
}
