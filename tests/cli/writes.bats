#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every method that changes something, as writes.txt types it: a dry run keeps nothing and says what
# the change then says, in every mode; and nobody is hurt without having been asked.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	export TZ=UTC
	start_daemon --test-clock=2031-05-01T10:00:00Z
	# shellcheck disable=SC2034 # used by writes.txt
	orders='[{"code":"7K2M-9QXD","event":"fair","state":"paid","pay":"comp","created":"2030-12-01","total":"0","credited":"0","balance":"0","line":[{"category":"ga","count":1,"price":"0"}],"tickets":[{"n":1,"category":"ga","price":"0","state":"valid"}]}]'
	modes=(table tsv json jsonl csv)
}

teardown() {
	tix_teardown
}

job_is() {
	[ "$(tix job show "$1" --fields state)" = "$2" ]
}

job_tried() {
	[ "$(tix job show "$1" --json | jq '.done + .failed + .skipped')" = "$2" ]
}

# All that is in the store, the journal's head among it.
store() {
	sqlite3 -readonly "$store" .dump | sha256sum
}

settled() {
	local now
	now=$(store)
	[ "$now" = "$last" ] || { last=$now; return 1; }
}

# Waits for what the daemon does by itself; what the store is then is in $last.
settle() {
	last=$(store)
	wait_until 20 settled
}

unchanged() {
	[ "$(store)" = "$last" ] || {
		echo "the store has changed: $*"
		return 1
	}
}

# attempt FILE COMMAND...: its exit status in $status, what it printed in FILE.out and FILE.err.
attempt() {
	local file=$1
	shift
	status=0
	tix "$@" >"$dir/$file.out" 2>"$dir/$file.err" </dev/null || status=$?
}

# refused WHAT ARGUMENT...: by exit status 2, and nothing is done.
refused() {
	local what=$1
	shift
	attempt no "$@"
	if [ "$status" -ne 2 ] || [ -s "$dir/no.out" ] || ! grep -q "$what" "$dir/no.err"; then
		echo "not refused ($status): tix $*"
		cat "$dir/no.err"
		return 1
	fi
	unchanged "$@"
}

# dry ARGUMENT...: in all modes.
dry() {
	local mode
	for mode in "${modes[@]}"; do
		attempt "dry.$mode" "$@" -n -o "$mode"
		[ "$status" -eq 0 ] || {
			echo "$status: tix $* -n -o $mode"
			cat "$dir/dry.$mode.err"
			return 1
		}
	done
	unchanged "$@"
	grep -q '^would  ' "$dir/dry.table.out"
	grep -q '^would: ' "$dir/dry.tsv.err" && grep -q '^would: ' "$dir/dry.csv.err"
	jq -e .dry_run "$dir/dry.json.out" >/dev/null && jq -e .dry_run "$dir/dry.jsonl.out" >/dev/null
}

# What a dry run and the change itself say, but for the mark.
plain() { # mode file
	case $1 in
	table) sed -e 's/^would  //' -e "${stake:+s/  $stake//}" "$2" ;;
	json | jsonl) jq -cS 'del(.dry_run, .seq, .confirm, .stake)' "$2" ;;
	*) cat "$2" ;;
	esac
}

# one METHOD CLASS ARGUMENT...
one() {
	local method=$1 class=$2 mode agree=() stake
	shift 2
	set -- "${method%.*}" "${method#*.}" "$@"
	grep -q "^$method	.*DETACH" "$dir/methods" && set -- "$@" --detach
	settle
	dry "$@"
	stake=$(jq -r '.stake // ""' "$dir/dry.json.out")
	if [ "$class" != plain ]; then
		refused unconfirmed "$@"
		refused '"name":"unconfirmed"' "$@" --json
		agree=(--yes)
	fi
	if [ "$class" = danger ]; then
		refused unconfirmed "$@" --yes
		refused unconfirmed "$@" --yes --confirm "not this"
		agree+=(--confirm "$(jq -r .confirm "$dir/dry.json.out")")
	fi
	mode=${modes[$((done_already++ % 5))]}
	attempt real "$@" "${agree[@]}" -o "$mode"
	[ "$status" -eq 0 ] || {
		echo "$status: tix $*"
		cat "$dir/real.err"
		return 1
	}
	diff <(plain "$mode" "$dir/dry.$mode.out") <(plain "$mode" "$dir/real.out")
	[ "$(store)" != "$last" ] || [ "$method" = system.clock_set ]
}

@test "a dry run keeps nothing and says what the change says; nothing is hurt unasked" {
	local line method class rest done_already=0
	tix rpc describe --json | jq -r '.methods[] | select(.flags | index("MUTATES"))
		| .name + "\t" + (.flags | map(if . == "JOB" then "DETACH" else . end) | join(" "))' >"$dir/methods"
	while IFS= read -r line <&7; do
		case $line in
		'' | '#'*) ;;
		'+ '*) eval "${line#+ }" 3>&- || { echo "$line"; return 1; } ;;
		*)
			read -r method class rest <<<"$line"
			eval "set -- $rest"
			one "$method" "$class" "$@"
			;;
		esac
	done 7<"$BATS_TEST_DIRNAME/writes.txt"
	tix audit
}

@test "each method that changes something is typed, in the class that its verb demands" {
	local name flags class want
	tix rpc describe --json | jq -r '.methods[] | select(.flags | index("MUTATES")) | .name + "\t" + (.flags | join(" "))' |
		while IFS=$'\t' read -r name flags; do
			case $name in
			event.cancel | person.erase) want=danger ;;
			*.delete | *.cancel | *.void | *.withdraw | *.stop | *.send | *.reissue | *.transfer | refund.* | payment.* | order.change) want=confirm ;;
			*) want=plain ;;
			esac
			case $flags in
			*DANGER*) class=danger ;;
			*CONFIRM*) class=confirm ;;
			*) class=plain ;;
			esac
			[ "$class" = "$want" ] || { echo "$name is $class, not $want"; exit 1; }
			grep -q "^$name $class" "$BATS_TEST_DIRNAME/writes.txt" ||
				{ echo "writes.txt does not type $name"; exit 1; }
		done
}

@test "commands that are no method keep nothing either" {
	make_fair 10
	tix order create fair --line ga:1 --name "A. Buyer" --pay cash -q
	settle
	run -0 --separate-stderr tix export orders fair --file "$dir/orders" -n
	[ "$stderr" = "would: orders of fair to $dir/orders" ]
	[ -z "$output" ]
	run -0 --separate-stderr tix export events -n
	[ "$stderr" = "would: events" ]
	run -4 tix export orders none -n
	run -0 tix export orders --file "$dir/orders" --job -n
	run -0 --separate-stderr tix import events - -n -o table <<<'{"event":"e","name":"E","start":"2031-01-01"}'
	[ "$output" = "would: 1 read: 1 created, 0 changed, 0 same, 0 rejected" ]
	run -2 tix db backup "$dir/backup" -n
	[[ $output == *"hint: tix db status"* ]]
	run -0 tix api order.create '{"event":"fair","line":[{"category":"ga","count":1}],"pay":"cash"}' -n
	run -0 tix order list --since @recon -n
	unchanged
	[ ! -e "$dir/orders" ] && [ ! -e "$dir/orders.part" ] && [ ! -e "$dir/backup" ]
}
