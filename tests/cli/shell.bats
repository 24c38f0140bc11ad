#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The shell: scripts that end at their first failure, and a person at a terminal.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	tix_setup
	export dir store daemon lock TIX_COMPLETE_MS=30000 XDG_STATE_HOME=$dir/state HOME=$dir
	start_daemon
	tix venue create town-hall --name "Town Hall" --zone Europe/Berlin -q
	tix event create summer-fair --name "Summer Fair" --venue town-hall --start "2030-06-13 20:00" \
		--currency EUR -q
	tix category create summer-fair/ga --price 45.00 --size 5000 -q
	tix event publish summer-fair -q
	code=$(tix order create summer-fair --line ga:2 --name "A. Buyer" --pay cash --fields code)
	export code
}

teardown_file() {
	tix_teardown
}

# typed WAIT TEXT ...: a person at the shell; what the terminal showed is in $output.
typed() {
	run -0 "$top_builddir/tests/tools/typist" -t 20 "$@" -- env TERM=xterm tix
}

@test "a script runs line by line, in one grammar with the command line" {
	cd "$BATS_TEST_TMPDIR"
	run -0 --separate-stderr tix shell <<-'END'
		# a remark, and an empty line

		use summer-fair
		category create vip --price 90.00 \
		  --size 10 -q
		tix order create summer-fair --line vip:1 --name 'B. "Buyer"' --pay cash --fields code
		order show ! --fields total
		api event.show {"event":
		  "summer-fair"} | jq -e '.event == "summer-fair"' >/dev/null
		ticket show !/1 --fields category
		refund create !/1 --amount 5.00 --yes -q
		refund show !r --fields amount,state
		order list --fields total --sort total > totals.txt
		order list --fields total --sort total >>totals.txt
		order list --jsonl | jq -r .total.currency | sort -u
		exit
		no such command
	END
	[[ "${lines[0]}" =~ ^[0-9A-Z]{4}-[0-9A-Z]{4}$ ]]
	[ "${lines[1]}" = 90.00 ]
	[ "${lines[2]}" = vip ]
	[ "${lines[3]}" = $'5.00\tpending' ]
	[ "${lines[4]}" = EUR ]
	[ ${#lines[@]} -eq 5 ]
	[ "$(cat totals.txt)" = $'90.00\n90.00\n90.00\n90.00' ]
}

@test "it ends at the first failure, with its status and its line; - before a line lets it fail" {
	run -4 --separate-stderr tix shell <<-'END'
		-order show 0000-0000
		- order show 0000-0000

		order list \
		  --fields code --limit 1
		order show 0000-0000
		event list
	END
	[ ${#lines[@]} -eq 1 ]
	[[ "$stderr" == "line 1: tix: not_found: "* ]]
	[[ "$stderr" == *$'\nline 6: tix: not_found: '* ]]

	for line in "no such" "order show 'x" "order list |" "order list && event list" "shell" "refund show !r"; do
		run -2 --separate-stderr tix shell <<<"$line"
		[[ "$stderr" == "line 1: tix: "* ]]
	done
	run -2 --separate-stderr tix -n shell </dev/null
	run -2 --separate-stderr tix shell words </dev/null

	# An answer that is no says no error of its own.
	tix category create summer-fair/none-left --price 1.00 --size 1 --sale-from 2030-01-01 -q
	run -1 --separate-stderr tix shell <<<$'event list -q\ndoctor summer-fair/none-left'
	[[ "$stderr" == *"line 2: ended with 1" ]]
}

@test "lines that need a process of their own have one" {
	run -0 --separate-stderr tix shell <<-END
		order list --timeout 20s --fields code --limit 1
		order list --lock $lock --fields code --limit 1
		order list --lock $lock --fields code --limit 1
		order list --jsonl | head -n 1 >/dev/null
		watch summer-fair --since 1h --count 1 --jsonl > /dev/null
		event list --fields event
	END
	[ ${#lines[@]} -eq 4 ]
	[ "${lines[3]}" = summer-fair ]
	run -0 tix --utc -e summer-fair shell <<<"category list --fields name"
	[[ "$output" == *ga* ]]
	# A failing reader fails the line; what a line reads is not the script.
	run -3 tix shell <<<"event list | exit 3"
	run -0 tix shell <<<$'import orders -\nversion -q'
}

@test "what is called like a noun and is a command leaves the script its output and its process" {
	tix db backup "$BATS_TEST_TMPDIR/copy" -q
	run -0 --separate-stderr tix shell <<-END
		export orders --jsonl --file $BATS_TEST_TMPDIR/orders
		event list --fields event
		db check $BATS_TEST_TMPDIR/copy --store sqlite:$store --json
		event list --fields event
		audit orders -q
		event list --fields event
	END
	[ "$(grep -cx summer-fair <<<"$output")" -eq 3 ]
	[[ "$output" == *'"schema":'* ]]
	[ "$(jq -r .code "$BATS_TEST_TMPDIR/orders" | grep -c "$code")" -eq 1 ]
}

@test "the switches before the shell hold for its lines" {
	line='event show summer-fair -o table'
	run -0 tix --color always shell <<<"$line"
	[[ "$output" == *$'\e['* ]]
	run -0 tix --color always shell <<<"$line | cat"
	[[ "$output" == *$'\e['* ]]
	run -0 "$top_builddir/tests/tools/typist" -t 20 'tix> ' "$line | cat\n" 'tix> ' "version --lock $lock\n" 'tix> ' '\x04' \
		-- env TERM=dumb tix --color always --lock "$lock" shell
	[[ "$output" == *$'\e[32mpublished'*"another run holds the lock $lock"* ]]
	run -2 "$top_builddir/tests/tools/typist" -t 20 -- env TERM=dumb tix --timeout 5m shell
	[[ "$output" == *"--timeout goes with a script"* ]]
}

@test "a line for which there is no process fails" {
	[ "${TEST_SANITIZER:-none}" = none ] || skip "a sanitizer and strace"
	for line in "event list >$BATS_TEST_TMPDIR/out" "event list | cat" "watch --count 1"; do
		run strace -o /dev/null -e inject=clone,clone3,fork,vfork:error=EAGAIN "$(command -v tix)" shell <<<"$line"
		[ "$status" -ne 0 ]
		[[ "$output" == "line 1: tix: "*"Resource temporarily unavailable"* ]]
	done
}

@test "2,000 lines need one connection" {
	command -v strace >/dev/null || skip "strace is not installed"
	[ "${TEST_SANITIZER:-none}" = none ] || skip "a sanitizer and strace"
	yes "order show $code -q" | head -n 2000 >"$BATS_TEST_TMPDIR/big"
	strace -f -e trace=connect -o "$BATS_TEST_TMPDIR/trace" tix shell <"$BATS_TEST_TMPDIR/big"
	[ "$(grep -c tixd.sock "$BATS_TEST_TMPDIR/trace")" -eq 1 ]
}

# libedit sends what changed: WAIT is the end of what is put in.
@test "a person: an event in use, completion, the last order" {
	typed 'tix> ' 'use summer-fair\n' 'summer-fair> ' 'ord\tsh\t' 'ow ' "${code:0:6}\\t" "${code:7} " '\n' \
		'summer-fair> ' 'category sho\t' 'w ' 'g\t' 'a ' '\n' 'summer-fair> ' 'order show !\n' \
		'summer-fair> ' 'use\n' $'\ntix> ' '\x04'
	[[ "$output" == *"A. Buyer"*45.00*"! = $code"*"A. Buyer"* ]]
}

@test "a person: Tab twice lists words with what they are" {
	typed 'tix> ' 'event publ\t' 'ish ' '\x03' $'^C\ntix> ' 'event c\t\t' 'tix> event c' '\x03' $'^C\ntix> ' '\x04'
	[[ "$output" == *$'\ncreate  '*$'\nclone '*$'\ncancel  '* ]]
}

@test "a person: what is open goes on, ^C drops it, and ends a call but not the shell" {
	typed 'tix> ' "event list --type 'A\n" '...> ' "Nobody'\n" 'tix> ' 'api order.show {\n' '...> ' '\x03' 'tix> ' \
		'watch --since 1h\n' 'order.' '\x03' 'tix> ' 'event list | cat\n' 'tix> ' '\x04'
	[[ "$output" == *$'^C\ntix> watch'*"^C"*$'tix> event list | cat\nsummer-fair\t'* ]]
	# What had been sent when ^C came may be done, and is said to be.
	kill -STOP "$daemon"
	typed 'tix> ' "event set summer-fair --name 'Another' >$BATS_TEST_TMPDIR/begun\\n" \
		"begun" "!timeout 20 sh -c 'until [ -e $BATS_TEST_TMPDIR/begun ]; do sleep 0.02; done'" '' '\x03' 'tix> ' '\x04'
	kill -CONT "$daemon"
	[[ "$output" == *"interrupted: what had reached the daemon may be done"* ]]
}

@test "a person is asked before money moves, as anywhere" {
	typed 'tix> ' "refund create $code/1\n" 'type the amount to refund: ' '45.00\n' 'tix> ' 'refund show !r\n' 'tix> ' '\x04'
	[[ "$output" == *"!r = $code/r1"*pending* ]]
}

# The daemon answers only when the shell sleeps and was told that its window has another size.
@test "a person: a window that changes while a line runs costs nothing of what it says" {
	kill -STOP "$daemon"
	typed 'tix> ' "order show $code | { until grep -q '^State:.S' /proc/\$PPID/status; do :; done; kill -WINCH \$PPID; \
kill -CONT $daemon; cat; }\\n" $'Z\ntix> ' 'order show ! --fields code\n' 'tix> ' '\x04'
	kill -CONT "$daemon"
	[[ "$output" == *"! = $code"* ]]
}

@test "the history is kept, for its owner alone, without secrets" {
	rm -rf "$XDG_STATE_HOME"
	typed 'tix> ' 'event list\n' 'tix> ' ' venue list\n' 'tix> ' 'event show x --password y\n' 'tix> ' \
		'category list {\n' '...> ' '}\n' 'tix> ' '\x04'
	[ "$(stat -c %a "$XDG_STATE_HOME/tix/history")" = 600 ]
	[ "$(cat "$XDG_STATE_HOME/tix/history")" = $'event list\ncategory list { }' ]
	typed 'tix> ' '\x12event l' 'event list' '\n' 'tix> ' '\x04'
	[[ "$output" == *published* ]]

	seq -f 'order show %g' 0 11999 >"$XDG_STATE_HOME/tix/history"
	chmod 644 "$XDG_STATE_HOME/tix/history"
	typed 'tix> ' '\x04'
	[ "$(wc -l <"$XDG_STATE_HOME/tix/history")" -eq 10000 ]
	[ "$(head -n 1 "$XDG_STATE_HOME/tix/history")" = "order show 2000" ]
	[ "$(stat -c %a "$XDG_STATE_HOME/tix/history")" = 600 ]
}

@test "without a terminal tix alone is help" {
	run -0 tix </dev/null
	[[ "$output" == *"tix help"* || "$output" == *usage* ]]
}
