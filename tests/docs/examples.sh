#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every example of the manual pages and the README, as they stand, each document against a
# daemon of its own: the lines that begin with "$ " must succeed. A page with the comment
# .\" fixture finds a store that has an event on sale and an order, made once for all.
set -u
cd "${top_builddir:-.}" || exit 1
src=${top_srcdir:-..}
n=0
failed=0
dir=$(mktemp -d)
daemon=

stop_daemon() {
	[ -z "$daemon" ] || { kill "$daemon" 2>/dev/null; wait "$daemon" 2>/dev/null; }
	daemon=
}
trap 'stop_daemon; rm -rf "$dir"' EXIT

start_daemon() { # name
	tixd --store "sqlite:$dir/$1.db" --socket "$dir/$1.sock" 2>"$dir/$1.log" &
	daemon=$!
	local tries=0
	until grep -q '^tixd: ready' "$dir/$1.log"; do
		tries=$((tries + 1))
		if [ $tries -ge 1000 ] || ! kill -0 "$daemon" 2>/dev/null; then
			cat "$dir/$1.log"
			return 1
		fi
		sleep 0.02
	done
	export TIX_SOCKET="$dir/$1.sock"
}

# The store that pages begin with.
make_fixture() {
	start_daemon fixture && tix venue create town-hall --name "Town Hall" --city Berlin --zone Europe/Berlin -q &&
		tix event create summer-fair --name "Summer Fair" --venue town-hall --start "2030-06-13 20:00" --currency EUR -q &&
		tix category create summer-fair/ga --price 45.00 --size 500 -q &&
		tix category create summer-fair/student --price 30.00 --size 100 -q &&
		tix event publish summer-fair -q &&
		tix order create summer-fair --line ga:2,student:1 --name "A. Buyer" --email buyer@example.org --pay cash -q &&
		stop_daemon
}

# The commands of a document; a page writes \e for a backslash and \- for a dash.
commands() { # file
	sed -n 's/^ *\$ //p' "$1" | sed 's/\\e/\\/g; s/\\-/-/g'
}

run_document() { # file
	local name line script
	name=$(basename "$1")
	if grep -q '^\.\\" fixture' "$1"; then
		cp "$dir/fixture.db" "$dir/$name.db"
		cp "$dir/fixture.db.key" "$dir/$name.db.key"
	fi
	if ! start_daemon "$name" >"$dir/out" 2>&1; then
		n=$((n + 1))
		echo "not ok $n - a daemon for $name"
		failed=1
		return
	fi
	script=$(commands "$1")
	# One shell for the whole document: examples may set variables for later ones.
	: >"$dir/trace"
	mkdir "$dir/$name.files"
	(
		cd "$dir/$name.files" || exit 1
		while IFS= read -r line; do
			if eval "set -o pipefail; $line" >"$dir/cmd.out" 2>&1 </dev/null; then
				printf 'ok\t%s\n' "$line" >>"$dir/trace"
			else
				printf 'no\t%s\t%s\n' "$line" "$(head -n 3 "$dir/cmd.out" | tr '\n' ' ')" >>"$dir/trace"
			fi
		done <<<"$script"
	)
	while IFS=$'\t' read -r verdict line out; do
		n=$((n + 1))
		if [ "$verdict" = ok ]; then
			echo "ok $n - $name: ${line//#/}"
		else
			echo "not ok $n - $name: ${line//#/}"
			echo "# $out"
			failed=1
		fi
	done <"$dir/trace"
	stop_daemon
}

if ! make_fixture >"$dir/out" 2>&1; then
	n=1
	echo "not ok 1 - a store to begin with"
	sed 's/^/# /' "$dir/out"
	failed=1
fi
stop_daemon
for document in "$src"/man/*.in "$src"/README.md; do
	case ${document##*/} in
	tix.conf.5.in | tix-keys.7.in | tix-dash.1.in) continue ;; # of files, keys and screens, not of commands
	esac
	if [ -z "$(commands "$document")" ]; then
		n=$((n + 1))
		echo "not ok $n - $(basename "$document") has examples"
		failed=1
		continue
	fi
	run_document "$document"
done
echo "1..$n"
exit $failed
