#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every example of the manual pages and the README, as they stand, each document against a
# daemon of its own: the lines that begin with "$ " must succeed.
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
		if [ $tries -ge 400 ] || ! kill -0 "$daemon" 2>/dev/null; then
			cat "$dir/$1.log"
			return 1
		fi
		sleep 0.05
	done
	export TIX_SOCKET="$dir/$1.sock"
}

# The commands of a document; a page writes \e for a backslash and \- for a dash.
commands() { # file
	sed -n 's/^ *\$ //p' "$1" | sed 's/\\e/\\/g; s/\\-/-/g'
}

run_document() { # file
	local name line script
	name=$(basename "$1")
	if ! start_daemon "$name" >"$dir/out" 2>&1; then
		n=$((n + 1))
		echo "not ok $n - a daemon for $name"
		failed=1
		return
	fi
	script=$(commands "$1")
	# One shell for the whole document: examples may set variables for later ones.
	: >"$dir/trace"
	(
		cd "$dir" || exit 1
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

for document in "$src"/man/tix.1.in "$src"/man/tix-rpc.7.in "$src"/man/tixd.8.in "$src"/README.md; do
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
