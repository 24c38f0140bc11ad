#!/bin/bash
# SPDX-License-Identifier: MIT
# make bench: tix beside plain SQLite engines, the same orders on the same disk, each case several
# times in turn; medians (of ratios too), one line a figure, `name value unit`. What goes on meanwhile is on stderr.
# usage: run.sh BUILD_DIRECTORY
# TIX_BENCH_DIR: where the stores are (the build directory); BENCH_ROUNDS: 3; BENCH_SCALE: divides
# the orders, for a try.
set -euo pipefail
build=$(cd "$1" && pwd)
bench=$build/tests/bench
rounds=${BENCH_ROUNDS:-3}
scale=${BENCH_SCALE:-1}
warm=$((100000 / scale))
orders=$((60000 / scale))
starts=$((300 / scale + 1))
cache=12288 # KiB, for the plain engines: as much as the daemon's writer has
pages=16000 # of WAL before they checkpoint: faster than SQLite's own 1000

dir=$(mktemp -d "${TIX_BENCH_DIR:-$build}/bench.XXXXXX")
figures=$dir/figures
# shellcheck source=tests/bench/lib.bash
. "$(dirname "$0")/lib.bash"

start_raw() {
	fresh
	"$bench/raw_socket" "$dir/store/raw.db" "$dir/sock" "$cache" "$pages" 2>"$dir/log" &
	server=$!
	wait_ready
}

# onsale CLIENTS [FLAG...]: the load generator on whatever listens.
onsale() {
	local clients=$1
	shift
	"$build/tix" bench onsale --socket "$dir/sock" --figures --clients "$clients" \
		--warm "$warm" --orders "$orders" "$@"
}

tix_case() {
	start_tixd "$build"
	if [ "$1" = 64 ]; then
		"$build/tix" api system.hello --socket "$dir/sock" >/dev/null
		echo "rss_idle $(awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/$server/status") MiB"
	fi
	onsale "$1"
}

raw_case() {
	fresh
	"$bench/raw" "$dir/store/raw.db" "$1" "$warm" "$orders" "$cache" "$pages"
}

raw_socket_case() {
	start_raw
	onsale 64 --random-keys | sed -n 's/^onsale_c64 /raw_socket_c64 /p'
}

# Sales beside nothing and beside backups that follow each other, by turns in one store.
backup_case() {
	local turn maker
	start_tixd "$build"
	onsale 64 >/dev/null
	for ((turn = 0; turn < 4; turn++)); do
		onsale 64 --warm 0 | sed -n 's/^onsale_c64 /onsale_alone /p'
		make_backups &
		maker=$!
		onsale 64 --warm 0 | sed -n 's/^onsale_c64 /onsale_backup /p'
		kill "$maker"
		wait "$maker" || true
	done
	stop_server
}

# Until it is stopped.
make_backups() {
	local tix=
	trap 'kill $tix; wait $tix; exit' TERM
	while :; do
		"$build/tix" db backup "$dir/store/$BASHPID.backup" --socket "$dir/sock" -q &
		tix=$!
		wait "$tix" || true
		rm -f "$dir/store/$BASHPID.backup"
	done
}

# Start and one answer; redis-cli is the measure where it is installed.
cli_case() {
	start_tixd "$build"
	echo "cli_start $("$bench/spawn" "$starts" "$build/tix" event list --socket "$dir/sock") ms"
	stop_server
	if ! command -v redis-server >/dev/null || ! command -v redis-cli >/dev/null; then
		return 0
	fi
	redis-server --port 0 --unixsocket "$dir/redis" --save '' --dir "$dir" >"$dir/log" 2>&1 &
	server=$!
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		! redis-cli -s "$dir/redis" ping >/dev/null 2>&1 || break
		sleep 0.02
	done
	echo "redis_start $("$bench/spawn" "$starts" redis-cli -s "$dir/redis" ping) ms"
	stop_server
}

# The dashboard while others buy 5,000 orders a second.
dash_case() {
	local tix=("$build/tix" --socket "$dir/sock") buyers
	start_tixd "$build"
	"${tix[@]}" event create pixel --name Pixel --start +30d --currency EUR -q
	"${tix[@]}" category create pixel/ga --price 45.00 --size 1000 -q
	"${tix[@]}" event publish pixel -q
	onsale 64 --warm 0 --orders $((100000 / scale)) --rate 5000 --sample 0 >"$dir/buyers" &
	buyers=$!
	"$bench/pixel" "$build/tix-dash" "$dir/sock" $((100 / scale + 1))
	wait "$buyers"
	stop_server
}

# Live words in a shell, beside so many orders: of an event, of an order by two letters of its code.
complete_case() {
	start_tixd "$build"
	onsale 64 --warm 0 --orders "$warm" >/dev/null
	local words=("$bench/spawn" "$starts" env TIX_COMPLETE_MS=1000 TIX_SOCKET="$dir/sock" "$build/tix" __complete)
	echo "complete_event_ms $("${words[@]}" event show b) ms"
	echo "complete_ms $("${words[@]}" order show 7K) ms"
	stop_server
}

# per_second N UNIT COMMAND...: how many of N a second it does; its memory at most is in $peak.
per_second() {
	local n=$1 unit=$2 start=$EPOCHREALTIME pid line
	shift 2
	"$@" <&0 >"$dir/rows" &
	pid=$!
	while read -r line < <(grep VmHWM "/proc/$pid/status" 2>/dev/null); do
		peak=$line
		sleep 0.05
	done
	wait "$pid"
	[ "$(wc -l <"$dir/rows")" -eq "$n" ] || return 1
	awk -v from="$start" -v to="$EPOCHREALTIME" -v n="$n" -v unit="$unit" \
		'BEGIN { printf "%.0f %s\n", n / (to - from), unit }'
}

resident() {
	awk '{ printf "%.1f MiB\n", $2 / 1024 }' <<<"$1"
}

# A large store read from end to end, and ids from stdin.
stream_case() {
	local n=$((1000000 / scale)) ids=$((100000 / scale)) peak=
	start_tixd "$build"
	"$build/tix" bench onsale --socket "$dir/sock" --figures --clients 64 --warm 0 --orders "$n" >/dev/null
	echo "list_rows_per_s $(per_second "$n" rows/s "$build/tix" order list --socket "$dir/sock")"
	"$build/tix" order list --socket "$dir/sock" --fields code --limit "$ids" >"$dir/ids"
	echo "ids_per_s $(per_second "$ids" calls/s "$build/tix" order show - --socket "$dir/sock" <"$dir/ids")"
	peak=
	per_second "$n" rows/s "$build/tix" order list --socket "$dir/sock" >/dev/null
	[ -z "$peak" ] || echo "list_rss_tix $(resident "$peak")"
	echo "list_rss_tixd $(resident "$(grep VmHWM "/proc/$server/status")")"
	stop_server
}

run() {
	echo "round $round: $*" >&2
	"$@" >"$dir/out"
	cat "$dir/out" >>"$figures"
	sed 's/^/  /' "$dir/out" >&2
}

for ((round = 1; round <= rounds; round++)); do
	run tix_case 1
	run raw_case 1
	run tix_case 64
	run raw_socket_case
	run raw_case 64
	run tix_case 256
	run backup_case
	run cli_case
	run dash_case
	run complete_case
done
run stream_case
stop_server

awk -f "$(dirname "$0")/figures.awk" "$figures"

# Searches of a large store, once: each is measured some hundred times in it.
rm -rf "$dir/store"
"$bench/bench_search" $((1000000 / scale)) $((1000000 / scale)) "$dir"
