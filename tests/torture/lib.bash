# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the torture tests share: a directory of their own, patience, seeds that are printed.
: "${top_builddir:?}"
export patience=1
case ${TEST_SANITIZER:-none} in
none) ;;
*) patience=10 ;;
esac

torture_setup() {
	unset TIX_TRACE # a killed daemon may leave half a line there
	dir=$(mktemp -d)
	daemon=
	seed=${TORTURE_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
	export seed
}

torture_teardown() {
	[ -z "$daemon" ] || { kill -KILL "$daemon" 2>/dev/null; wait "$daemon" || true; }
	rm -rf "$dir"
}

# Starts tixd on $dir/tix.db and waits until it accepts.
start_tixd() {
	local tries
	: >"$dir/log" # or the last daemon's word would count
	tixd --store "sqlite:$dir/tix.db" --socket "$dir/sock" 2>"$dir/log" 3>&- &
	daemon=$!
	export TIX_SOCKET=$dir/sock
	for ((tries = 0; tries < 500 * patience; tries++)); do
		! grep -qs '^tixd: ready' "$dir/log" || return 0
		kill -0 "$daemon" || break
		sleep 0.02
	done
	cat "$dir/log"
	return 1
}

# SIGTERM lets the daemon finish; it must end well.
stop_tixd() {
	kill -TERM "$daemon"
	wait "$daemon"
	daemon=
}

# value NAME: a figure of `tix bench onsale`.
value() {
	awk -v name="$1" '$1 == name { print $2 }' <<<"$output"
}

# $dir/forgetful: a tixd that loses what it acknowledged, for those who must find it out.
forgetful_tixd() {
	cat >"$dir/forgetful" <<-'END'
		#!/bin/bash
		# From the third start on, begins with the store as it was at the second.
		store=${2#sqlite:}
		count=$(($(cat "$store.count" 2>/dev/null) + 1))
		echo $count >"$store.count"
		if [ $count -eq 2 ]; then
			cp "$store" "$store.old"
			cp "$store-wal" "$store.old-wal"
		elif [ $count -gt 2 ]; then
			cp "$store.old" "$store"
			cp "$store.old-wal" "$store-wal"
			rm -f "$store-shm"
		fi
		exec tixd "$@"
	END
	chmod +x "$dir/forgetful"
}
