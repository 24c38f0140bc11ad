#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The dashboard on a terminal: real keys, sizes that change, and the terminal as it was before.
bats_require_minimum_version 1.5.0
load ../lib
load lib

setup_file() {
	! command -v tmux >/dev/null || keep_sale
}

setup() {
	command -v tmux >/dev/null || skip "no tmux"
	open_sale
	term=(tmux -S "$dir/tmux" -f /dev/null)
}

teardown() {
	[ -z "${term[*]}" ] || "${term[@]}" kill-server 2>/dev/null || true
	tix_teardown
}

# open_terminal COLUMNS ROWS [VARIABLE=VALUE...]: a shell that runs the dashboard when told to. The
# search for leaks may wait for ever in a process whose terminal is gone; --script has it too.
open_terminal() {
	"${term[@]}" new-session -d -x "$1" -y "$2" "${@:3}" \
		"ASAN_OPTIONS=detect_leaks=0 PS1='ready> ' bash --norc --noprofile -i"
	wait_until 20 on_screen 'ready>'
}

screen() {
	"${term[@]}" capture-pane -p
}

on_screen() {
	screen | grep -qF -- "$1"
}

press() {
	"${term[@]}" send-keys "$@"
}

run_dash() {
	press "stty -g >$dir/before; tix-dash $*; echo status \$?; stty -g >$dir/after" Enter
	wait_until 20 on_screen '1 Overview'
	wait_until 20 on_screen 'hamlet'
}

@test "keys, a live sale and other sizes; the terminal is as it was" {
	open_terminal 80 24
	run_dash
	tix order create summer-fair --line ga:2 --pay cash -q
	wait_until 20 on_screen '35/62'
	press j Enter
	wait_until 20 on_screen '[2 Event]'
	wait_until 20 on_screen 'stalls'
	"${term[@]}" resize-window -x 160 -y 45
	wait_until 20 on_screen 'NEWEST'
	"${term[@]}" resize-window -x 30 -y 5
	wait_until 20 on_screen 'tix | LIVE |'
	"${term[@]}" resize-window -x 80 -y 24
	wait_until 20 on_screen 'stalls'
	press Q
	wait_until 20 on_screen 'status 0'
	wait_until 20 test -s "$dir/after"
	diff "$dir/before" "$dir/after"
}

@test "what the terminal shows is what the script's screen shows" {
	open_terminal 80 24
	run_dash --now "$now"
	press j
	wait_until 20 on_screen '> hamlet'
	press Enter
	wait_until 20 on_screen 'stalls'
	press Escape
	wait_until 20 on_screen '> hamlet'
	screens 80x24 'wait hamlet' 'key j' 'dump one'
	sed 1d "$dir/screens" >"$dir/script-screen"
	wait_until 20 same_screen
}

same_screen() {
	screen | sed 's/[[:space:]]*$//' >"$dir/term-screen"
	diff "$dir/script-screen" "$dir/term-screen"
}

@test "after many sizes no cell is stale" {
	open_terminal 80 24
	run_dash --now "$now"
	for ((i = 0; i < 60; i++)); do
		"${term[@]}" resize-window -x $((20 + i * 37 % 280)) -y $((5 + i * 29 % 95))
	done
	"${term[@]}" resize-window -x 80 -y 24
	screens 80x24 'wait hamlet' 'dump one'
	sed 1d "$dir/screens" >"$dir/script-screen"
	wait_until 20 same_screen
}

@test "suspended for the shell and continued" {
	open_terminal 80 24
	run_dash
	press C-z
	wait_until 20 on_screen 'Stopped'
	press 'fg' Enter
	wait_until 20 on_screen 'Enter event'
	press Q
	wait_until 20 prompted
	press "stty -g >$dir/last" Enter # $dir/after is of when it was stopped
	wait_until 20 test -s "$dir/last"
	diff "$dir/before" "$dir/last"
}

# The last thing on the screen is the shell's prompt.
prompted() {
	[ "$(screen | grep . | tail -n 1)" = 'ready>' ]
}

@test "a crash gives the terminal back" {
	open_terminal 80 24
	run_dash
	pkill_dash SEGV
	wait_until 20 on_screen 'status 139'
	wait_until 20 test -s "$dir/after"
	diff "$dir/before" "$dir/after"
}

# pkill_dash SIGNAL: to the dashboard of this terminal, no other.
pkill_dash() {
	kill -"$1" "$(ps -o pid= --ppid "$("${term[@]}" list-panes -F '#{pane_pid}')" | tr -d ' ')"
}

@test "a terminal without colours: all is there, no colour is sent" {
	open_terminal 80 24 -e NO_COLOR=1
	"${term[@]}" pipe-pane "cat >$dir/stream"
	run_dash
	press j
	wait_until 20 on_screen '> hamlet'
	press Q
	wait_until 20 on_screen 'status 0'
	[ -s "$dir/stream" ]
	! LC_ALL=C grep -qP '\x1b\[[0-9;]*3[1-7][;m]' "$dir/stream"
}

@test "as lines: what is under the cursor is said, and what changes" {
	open_terminal 100 40
	press "tix-dash --linear; echo status \$?" Enter
	wait_until 20 on_screen 'sold/size 33/62'
	press j
	wait_until 20 on_screen '> hamlet: starts'
	tix order create summer-fair --line ga:2 --pay cash -q
	wait_until 20 on_screen 'sold/size 35/62'
	press /
	wait_until 20 on_screen 'filter: which words?'
	press Escape
	press Q
	wait_until 20 on_screen 'status 0'
}

@test "when the terminal goes, so does the dashboard" {
	open_terminal 80 24
	run_dash
	pid=$(ps -o pid= --ppid "$("${term[@]}" list-panes -F '#{pane_pid}')" | tr -d ' ')
	"${term[@]}" kill-server
	wait_until 20 gone "$pid"
}

# Ended, whether or not somebody has taken note of it.
gone() {
	! grep -qs '^State:[[:space:]]*[^Z]' "/proc/$1/status"
}

@test "as lines: suspended for the shell, and said anew when continued" {
	open_terminal 100 40
	press "stty -g >$dir/before; tix-dash --linear" Enter
	wait_until 20 on_screen 'sold/size 33/62'
	press C-z
	wait_until 20 on_screen 'Stopped'
	press "clear; stty -g >$dir/meanwhile" Enter
	wait_until 20 test -s "$dir/meanwhile"
	diff "$dir/before" "$dir/meanwhile"
	press "clear; fg" Enter
	wait_until 20 on_screen 'view Overview'
	press j
	wait_until 20 on_screen '> hamlet: starts'
	press Q
	wait_until 20 prompted
	press "stty -g >$dir/after" Enter
	wait_until 20 test -s "$dir/after"
	diff "$dir/before" "$dir/after"
}
