#!/bin/bash
# SPDX-License-Identifier: MIT
# Sells three tickets on a store that is thrown away, and proves the books afterwards.
# usage: demo.sh BUILD_DIRECTORY
set -euo pipefail
build=$1
for program in tixd tix; do
	[ -x "$build/$program" ] || { echo "demo: $build/$program is not there" >&2; exit 1; }
done
export PATH="$build:$PATH"
dir=$(mktemp -d "${TMPDIR:-/tmp}/tix-demo.XXXXXX")
daemon=

finish() {
	if [ -n "$daemon" ] && kill -TERM "$daemon" 2>/dev/null; then
		wait "$daemon" || true
	fi
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Shows a command as one would type it.
show() {
	local word line='$'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_@%+=:,./-]* | '') line+=" \"$word\"" ;;
		*) line+=" $word" ;;
		esac
	done
	printf '\n%s\n' "$line"
}

run() {
	show "$@"
	"$@"
}

# Waits until the daemon accepts, at most ten seconds.
start_daemon() {
	show tixd --store "sqlite:$dir/demo.db" --socket "$dir/tixd.sock"
	tixd --store "sqlite:$dir/demo.db" --socket "$dir/tixd.sock" 2>"$dir/tixd.log" &
	daemon=$!
	local tries=0
	until grep -q '^tixd: ready' "$dir/tixd.log"; do
		tries=$((tries + 1))
		if [ $tries -gt 200 ] || ! kill -0 "$daemon" 2>/dev/null; then
			cat "$dir/tixd.log" >&2
			echo "demo: tixd did not become ready" >&2
			exit 1
		fi
		sleep 0.05
	done
	cat "$dir/tixd.log"
}

start_daemon
export TIX_SOCKET="$dir/tixd.sock"
day=$(date -u -d '+60 days' +%Y-%m-%d)
run tix venue create town-hall --name "Town Hall" --city Berlin --country DE \
	--zone Europe/Berlin
run tix event create summer-fair --name "Summer Fair" --venue town-hall \
	--start "$day 20:00" --currency EUR
run tix category create summer-fair/ga --price 45.00 --size 500
run tix category create summer-fair/student --price 30.00 --size 100
run tix event publish summer-fair
run tix order create summer-fair --line ga:2,student:1 --name "A. Buyer" \
	--email buyer@example.org --pay cash
code=$(tix order list summer-fair --fields code --limit 1)
run tix order show "$code"
run tix audit
show kill -TERM "$daemon"
kill -TERM "$daemon"
wait "$daemon"
daemon=
printf '\ndemo: one event sold, shown and audited\n'
