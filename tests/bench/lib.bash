# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the bench scripts share: a folder of their own ($dir) and one server at a time.
server=

stop_server() {
	[ -n "$server" ] || return 0
	kill -TERM "$server" 2>/dev/null || true
	wait "$server" || true
	server=
}

finish() {
	stop_server
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Waits until the log says that the server is ready, at most ten seconds.
wait_ready() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		! grep -qs ' ready on ' "$dir/log" || return 0
		kill -0 "$server" 2>/dev/null || break
		sleep 0.02
	done
	cat "$dir/log" >&2
	exit 1
}

# A fresh store and nothing else at work.
fresh() {
	stop_server
	rm -rf "$dir/store" "$dir/log"
	mkdir "$dir/store"
	sync -f "$dir/store"
}

# start_tixd BUILD_DIRECTORY: its daemon on a fresh store.
start_tixd() {
	fresh
	"$1/tixd" --store "sqlite:$dir/store/tix.db" --socket "$dir/sock" 2>"$dir/log" &
	server=$!
	wait_ready
}
