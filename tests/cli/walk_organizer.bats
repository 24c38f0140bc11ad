paste_line "$next" ||#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# An organizer: has read tix-event(1), and pastes its examples into a terminal, as the page shows them.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	start_daemon
}

teardown() {
	tix_teardown
}

# The page as it is read, and its commands up to the first that watches.
read_page() {
	local page=$top_builddir/man/tix-event.1
	if command -v mandoc >/dev/null; then
		mandoc -T utf8 "$page" | sed 's/.\x08//g' >"$dir/page"
	else
		sed 's/\\-/-/g; s/\\e/\\/g' "$page" >"$dir/page"
	fi
	sed -n 's/^ *\$ //p' "$dir/page" >"$dir/commands"
}

# paste LINE: into a terminal of 80 columns.
paste_line() {
	local status=0
	printf '%s\n' "$1" >"$dir/line"
	TERM=dumb timeout 60 script -qec "stty cols 80 rows 24; exec bash $dir/line" /dev/null </dev/null >"$dir/screen" || status=$?
	screen=$(tr -d '\r' <"$dir/screen")
	return "$status"
}

@test "every example of the page works when it is pasted, and what it creates is on sale" {
	read_page
	[ "$(wc -l <"$dir/commands")" -ge 10 ]
	while read -r line; do
		paste_line "$line" || {
			echo "$line: $screen"
			false
		}
		case $line in
		"tix event publish "*) tix event show summer-fair --fields status | grep -qx published ;;
		"tix event cancel "*--dry-run*) tix event show summer-fair --fields status | grep -qx published ;;
		esac
	done <"$dir/commands"
	tix event list --fields event | grep -qx summer-fair-31
	tix audit -q
}

@test "from the first line of the page, each next: leads on until it is on sale" {
	read_page
	grep -m 1 '^tix venue create' "$dir/commands" >"$dir/first"
	paste_line "$(cat "$dir/first")"
	paste_line "$(grep -m 1 '^tix event create' "$dir/commands")"
	for _ in 1 2 3 4 5; do
		[[ $screen == *"next: tix "* ]] || break
		next=${screen##*next: }
		next=${next%%$'\n'*}
		[[ $next != "tix watch "* ]] || break # that goes on until ^C
		paste_line "$next" || {
			echo "$next: $screen"
			false
		}
	done
	[ "$(tix event show summer-fair --fields status)" = published ]
}

@test "what is pasted twice or mistyped is told, and nothing is there twice" {
	read_page
	head -n 4 "$dir/commands" | while read -r line; do paste_line "$line"; done
	status=0
	paste_line "$(sed -n 2p "$dir/commands")" || status=$?
	[ "$status" -eq 3 ]
	[[ $screen == *"tix: exists: "* ]]
	status=0
	paste_line "tix event publish sumer-fair" || status=$?
	[ "$status" -eq 4 ]
	[[ $screen == *"did you mean summer-fair?"* ]]
	status=0
	paste_line "tix category create summer-fair/late --price 45,00 --size 10" || status=$?
	[ "$status" -eq 2 ]
	[ "$(tix category list summer-fair | wc -l)" -eq 2 ]
}
