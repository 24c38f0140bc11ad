# SPDX-License-Identifier: MIT
# For tests that need a daemon: a directory, store and socket of their own, and waiting with a deadline.
# shellcheck shell=bash

# tix_setup: makes $dir, names $store and TIX_SOCKET in it, and forgets the caller's settings. $lock begins the names
# of this test's locks: they hold for the whole host.
tix_setup() {
	dir=$(mktemp -d "${TMPDIR:-/tmp}/tix-test.XXXXXX")
	store=$dir/tix.db
	daemon=
	# shellcheck disable=SC2034 # for the test
	lock=${dir##*/}
	export TIX_SOCKET=$dir/tixd.sock
	unset TIX_EVENT TIX_FORMAT TIX_TZ COLUMNS NO_COLOR
}

# tix_teardown: ends the daemon if it runs, and removes the directory.
tix_teardown() {
	[ -z "$daemon" ] || stop_daemon KILL
	[ -z "$dir" ] || rm -rf "$dir"
}

# wait_until SECONDS COMMAND...: tries until it succeeds; fails at the deadline.
wait_until() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.02
	done
}

daemon_said() {
	grep -q "$1" "$dir/tixd.log" || ! kill -0 "$daemon" 2>/dev/null
}

# start_daemon [ARGUMENT...]: starts tixd on $store; its pid is in $daemon, what it says in $dir/tixd.log.
start_daemon() {
	: >"$dir/tixd.log"
	tixd --store "sqlite:$store" --socket "$TIX_SOCKET" "$@" 2>"$dir/tixd.log" >&2 3>&- </dev/null &
	daemon=$!
	wait_until 20 daemon_said '^tixd: ready'
	grep -q '^tixd: ready' "$dir/tixd.log" || {
		cat "$dir/tixd.log" >&2
		daemon=
		return 1
	}
}

# stop_daemon [SIGNAL]: ends it and waits; returns its exit status.
stop_daemon() {
	local pid=$daemon
	daemon=
	kill -"${1:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

# typed QUESTION ANSWER COMMAND...: on a terminal of 80 columns, where ANSWER and Enter are typed once QUESTION is
# there, or nothing when that is empty. What is seen is in $screen and $dir/screen; the status is the command's.
typed() {
	local status=0 step=("$1" "$2\n")
	[ -n "$1" ] || step=()
	shift 2
	TERM=dumb "${top_builddir:-$PWD/build}/tests/tools/typist" "${step[@]}" -- "$@" >"$dir/screen" || status=$?
	# shellcheck disable=SC2034 # for the test
	screen=$(cat "$dir/screen")
	return "$status"
}

# make_fair [SIZE [EVENT FLAG...]]: an event fair on sale, with SIZE seats of the category ga, 100 when absent.
make_fair() {
	tix event create fair --name Fair --start 2031-06-13 --currency EUR "${@:2}" -q
	tix category create fair/ga --price 45.00 --size "${1:-100}" -q
	tix event publish fair -q
}

# Whether somebody follows the journal.
followed() {
	[ "$(tix status --fields subscriptions)" -ge 1 ]
}
