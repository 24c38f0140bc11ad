#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every error of the table is provoked, ends with its exit status, and gives a hint that can be
# typed; what is meant is guessed; the field is named as it was typed.
bats_require_minimum_version 1.5.0
load ../lib

tools=${top_builddir:-$PWD/build}/tests/tools
errors_def=${top_srcdir:-$PWD}/lib/base/err.def

setup() {
	tix_setup
	fake=
	cd "$dir" || return
}

teardown() {
	[ -z "$fake" ] || kill "$fake" || true
	tix_teardown
}

# A fair on sale: 3 seats of ga, 2 of student.
make_fair() {
	tix venue create hall --name Hall --zone Europe/Berlin -q
	tix event create summer-fair --name Fair --venue hall --start "2031-06-13 20:00" --currency EUR -q
	tix category create summer-fair/ga --price 45.00 --size 3 -q
	tix category create summer-fair/student --price 30.00 --size 2 -q
	tix event publish summer-fair -q
}

# answers TEXT: from now on a stand-in for the daemon gives each request this answer.
answers() {
	rm -f "$dir/fake.sock"
	: >"$dir/fake.out"
	"$tools/tixfake" "$dir/fake.sock" "$@" >"$dir/fake.out" 3>&- &
	fake=$!
	wait_until 20 grep -q ready "$dir/fake.out"
	export TIX_SOCKET=$dir/fake.sock
}

# refuses NAME: the stand-in refuses everything so, with the words of the table and no hint.
refuses() {
	local rpc
	rpc=$(sed -nE "s/^ERR\([A-Z_]+, \"$1\", (-[0-9]+),.*/\1/p" "$errors_def")
	answers "\"error\":{\"code\":$rpc,\"message\":\"no\",\"data\":{\"name\":\"$1\",\"field\":null,\"hint\":null,\"retryable\":false,\"request\":\"r1\",\"facts\":{}}}}"
}

# One function for each error: "$@" are more flags of the command that fails. Each is prepared by
# prepare_NAME, if there is one, once.
provoke_missing() { tix event create gala --start now --currency EUR "$@"; }
provoke_unknown_field() { tix event show summer-fair --nmae x "$@"; }
provoke_bad_value() { tix category set summer-fair/ga --price 45,00 "$@"; }
provoke_not_found() { tix category show summer-fair/zzz "$@"; }
provoke_exists() { tix category create summer-fair/ga --price 1.00 "$@"; }
provoke_wrong_state() { tix ticket void "$order/1" --yes "$@"; }
prepare_wrong_state() {
	order=$(tix order create summer-fair --line ga:1 --pay cash --fields code)
	tix order cancel "$order" --yes -q
}
provoke_sold_out() { tix order create summer-fair --line ga:9 --pay cash "$@"; }
provoke_key_reused() { tix venue create two --name Two --zone UTC --key k1 "$@"; }
prepare_key_reused() { tix venue create one --name One --zone UTC --key k1 -q; }
provoke_needs_second_person() { tix order cancel 7K2M-9QXD --yes "$@"; }
prepare_needs_second_person() { refuses needs_second_person; }
provoke_not_permitted() {
	if [ -n "$fake" ]; then
		tix event list "$@"
	else
		setpriv --reuid 4242 --clear-groups tix event list "$@"
	fi
}
prepare_not_permitted() {
	if [ "$(id -u)" -eq 0 ] && setpriv --reuid 4242 --clear-groups tix version >/dev/null; then
		chmod 755 "$dir"
		chmod 666 "$TIX_SOCKET"
	else
		refuses not_permitted
	fi
}
provoke_limit() { tix order create summer-fair --line student:2 --pay cash "$@"; }
prepare_limit() { tix category set summer-fair/student --max 1 -q; }
provoke_busy() { tix status --timeout 300ms "$@"; }
prepare_busy() { refuses busy; }
provoke_unavailable() { tix db restore "$dir/b.tix" --store "sqlite:$store" "$@"; }
prepare_unavailable() { tix db backup "$dir/b.tix" -q; }
provoke_stopped() { tix order create summer-fair --line ga:1 --pay cash --timeout 300ms "$@"; }
prepare_stopped() {
	# What the store knows of categories' quotas becomes rubbish.
	local page size
	closed_store || { refuses stopped && return; }
	page=$(sqlite3 "$store" "select rootpage from sqlite_master where name = 'quota_category'")
	size=$(sqlite3 "$store" "pragma page_size")
	head -c "$size" /dev/zero | tr '\0' '\377' |
		dd of="$store" bs="$size" seek=$((page - 1)) conv=notrunc status=none
	start_daemon
}
provoke_internal() { tix order cancel "$order" --yes "$@"; }
prepare_internal() {
	# The counters lack a seat that was sold.
	order=$(tix order create summer-fair --line ga:1 --pay cash --fields code)
	closed_store || { refuses internal && return; }
	sqlite3 "$store" "update quota set sold = 0"
	start_daemon
}
# closed_store: the daemon has ended, its store can be tampered with; false without the tool.
closed_store() {
	command -v sqlite3 >/dev/null || return 1
	stop_daemon
	sqlite3 "$store" "pragma wal_checkpoint(truncate)" >/dev/null
	cp "$store" "$store.good"
}
provoke_parse() { tix status "$@"; }
prepare_parse() { refuses parse; }
provoke_invalid_request() { tix status "$@"; }
prepare_invalid_request() { refuses invalid_request; }
provoke_unknown_method() { tix order crate "$@"; }
provoke_bad_params() { tix status "$@"; }
prepare_bad_params() { refuses bad_params; }
provoke_no_daemon() { tix event list --socket "$dir/none.sock" "$@"; }
provoke_unconfirmed() { tix order cancel "$order" "$@" </dev/null; }
prepare_unconfirmed() { order=$(tix order create summer-fair --line ga:1 --pay cash --fields code); }
provoke_version() { tix api system.hello '{"api":99}' "$@"; }
provoke_config() { HOME=$dir tix event list "$@"; }
prepare_config() {
	unset XDG_CONFIG_HOME
	mkdir -p "$dir/.config/tix"
	printf '[tixd]\nsokcet = x\n' >"$dir/.config/tix/config"
}
provoke_output() { tix event list "$@" >/dev/full; }
provoke_timeout() { tix event list --timeout 100ms "$@"; }
prepare_timeout() {
	stop_daemon
	# Something that takes calls and never answers.
	answers x
	kill -STOP "$fake"
}

# Exit statuses as documented; tix(1) has the same.
declare -gA exits=(
	[missing]=2 [unknown_field]=2 [bad_value]=2 [not_found]=4 [exists]=3 [wrong_state]=3
	[sold_out]=3 [key_reused]=3 [not_permitted]=77 [needs_second_person]=5 [limit]=3 [busy]=75
	[unavailable]=75 [stopped]=75 [internal]=70 [parse]=70 [invalid_request]=70
	[unknown_method]=2 [bad_params]=2 [no_daemon]=69 [unconfirmed]=2 [version]=76 [config]=78
	[output]=74 [timeout]=75
)

# exists_command WORD...: tix has it, with each of its flags.
exists_command() {
	local -a words=()
	local word help
	for word; do
		case $word in
		-*) ;;
		*) words+=("$word") ;;
		esac
	done
	# A command takes arguments, a noun a verb.
	help=$(tix "${words[0]}" "${words[1]}" -h 2>/dev/null) || help=$(tix "${words[0]}" -h) || return 1
	help+=$'\n'$(tix help flags)
	for word; do
		[[ $word != --* ]] || grep -qE -- "^ *${word%%=*}( |\$)" <<<"$help" || return 1
	done
}

# hint_exists TEXT NOUN VERB: each command in it, and each switch: of that command, else of NOUN VERB.
hint_exists() {
	local rest=$1 command own
	own=$(tix help flags; tix db -h; tix "${@:2}" -h || true)
	while [[ $rest =~ (^|[^a-z])tix\ ([a-z][^\;,:]*) ]]; do
		command=${BASH_REMATCH[2]}
		rest=${rest#*"${BASH_REMATCH[0]}"}
		read -ra words <<<"$command"
		exists_command "${words[@]}" || {
			echo "no such command: tix $command" >&2
			return 1
		}
	done
	rest=$1
	while [[ $rest =~ (^|[[:space:]])(--[a-z-]+) ]]; do
		rest=${rest#*"${BASH_REMATCH[0]}"}
		[[ $1 == *"tix "* ]] || grep -qE -- "^ *${BASH_REMATCH[2]}( |\$)" <<<"$own" || {
			echo "no such switch: ${BASH_REMATCH[2]}" >&2
			return 1
		}
	done
}

# told NAME: the error in $output is that one, with its exit status and a hint that exists.
told() {
	local line hint failed
	line=$(grep "^tix: $1: " <<<"$output") || return 1
	[[ $line == *"  (${exits[$1]})" ]]
	[ "$status" -eq "${exits[$1]}" ]
	if [[ $line != *"did you mean "* ]]; then
		hint=$(sed -n "s/^  hint: //p" <<<"$output" | tail -1)
		[ -n "$hint" ]
		read -ra failed < <(declare -f "provoke_$1" | grep -oE 'tix [a-z]+( [a-z]+)?' | sed 's/^tix //;q')
		hint_exists "$hint" "${failed[@]}"
	fi
}

# told_json NAME: the same as an object on stderr, each member of its kind.
told_json() {
	[ "$status" -eq "${exits[$1]}" ]
	# shellcheck disable=SC2154 # run sets it
	jq -se --arg name "$1" --argjson exit "${exits[$1]}" 'length == 1 and (.[0] |
		.v == 1 and .code == $name and .name == $name and .exit == $exit
		and (.message | type == "string" and length > 0)
		and (.field == null or (.field | type == "string"))
		and ((.hint // "" | length > 0) or (.message | contains("did you mean")))
		and .retryable == ($exit == 75 or $exit == 69)
		and (.request == null or (.request | length > 0)) and (.facts | type == "object"))' <<<"$stderr"
}

# All is as before: the daemon runs, nothing stands in for it.
restore() {
	if [ -n "$fake" ]; then
		kill -KILL "$fake"
		wait "$fake" 2>/dev/null || true
		fake=
	fi
	export TIX_SOCKET=$dir/tixd.sock
	if [ -e "$store.good" ]; then
		[ -z "$daemon" ] || stop_daemon
		mv "$store.good" "$store"
		rm -f "$store-wal" "$store-shm"
	fi
	[ -n "$daemon" ] || start_daemon
}

@test "every error of the table has a case here, and its exit status" {
	names=$(sed -nE 's/^ERR\([A-Z_]+, "([a-z_]+)".*/\1/p' "$errors_def")
	[ "$(wc -w <<<"$names")" -eq "$(grep -c '^ERR(' "$errors_def")" ]
	for name in $names; do
		declare -F "provoke_$name" || { echo "nobody provokes $name" && false; }
		exit=$(sed -nE "s/^ERR\([A-Z_]+, \"$name\", -[0-9]+, ([0-9]+),.*/\1/p" "$errors_def")
		[ "${exits[$name]}" = "$exit" ]
	done
	[ "${#exits[@]}" -eq "$(wc -w <<<"$names")" ]
}

@test "every error is provoked, ends as documented and gives a hint that exists" {
	start_daemon
	make_fair
	for name in "${!exits[@]}"; do
		echo "error: $name"
		[ "$(type -t "prepare_$name")" != function ] || "prepare_$name"
		run "provoke_$name"
		echo "$output"
		told "$name"
		run --separate-stderr "provoke_$name" --json
		told_json "$name"
		restore
	done
}

@test "did you mean: a field, a kind of export, a format, a section" {
	start_daemon
	run -2 tix event list --fields evnet
	[[ ${lines[0]} == *'there is no field "evnet"; did you mean event?  (2)' ]]
	run -2 tix export ordres
	[[ ${lines[0]} == *'did you mean orders?  (2)' ]]
	run -2 tix event list -o jsno
	[[ ${lines[1]} == '  hint: did you mean json?' ]]
	run -2 tix config shwo
	[[ ${lines[0]} == *'did you mean show?  (2)' ]]
}

@test "did you mean: a time zone, by its name or its place" {
	start_daemon
	run -2 tix venue create hall --name Hall --zone Europe/Berln
	[[ ${lines[1]} == '  hint: did you mean Europe/Berlin?' ]]
	run -2 tix event create fair --name Fair --start 2031-06-13 --currency EUR --zone new_york
	[[ ${lines[1]} == '  hint: did you mean America/New_York?' ]]
	TIX_TZ=europe/berlin run -2 tix event list
	[[ ${lines[1]} == '  hint: did you mean Europe/Berlin?' ]]
	run -2 tix venue create hall --name Hall --zone Nowhere/Else
	[[ ${lines[1]} == *'tix venue create -h'* ]]
}

@test "did you mean: a category, a quota, a venue, an organizer, a currency, a kind of import" {
	start_daemon
	make_fair
	run -4 tix category show summer-fair/studnt
	[[ ${lines[0]} == *'category "studnt"; did you mean student?  (4)' ]]
	run -4 tix category move summer-fair/ga --after studet
	[[ ${lines[0]} == *'did you mean student?  (4)' ]]
	run -4 tix order create summer-fair --line studnt:1 --pay cash
	[[ ${lines[0]} == *'did you mean student?  (4)' ]]
	run -4 tix doctor summer-fair/sudent
	[[ ${lines[0]} == *'did you mean student?  (4)' ]]
	run -4 tix show sumer-fair
	[[ ${lines[0]} == *'event "sumer-fair"; did you mean summer-fair?  (4)' ]]
	run -4 tix quota set summer-fair/studen --size 5
	[[ ${lines[0]} == *'quota "studen"; did you mean student?  (4)' ]]
	run -4 tix event create gala --name Gala --venue hal --start 2031-06-13 --currency EUR
	[[ ${lines[0]} == *'venue "hal"; did you mean hall?  (4)' ]]
	run -2 tix event create gala --name Gala --venue hall --start 2031-06-13 --currency EUX
	[[ ${lines[1]} == '  hint: did you mean EUR?' ]]
	tix organizer create acme-events --name Acme -q
	run -4 tix organizer show acme-event
	[[ ${lines[0]} == *'organizer "acme-event"; did you mean acme-events?  (4)' ]]
	run -2 tix import event -
	[[ ${lines[0]} == *'did you mean events?  (2)' ]]
	# What is nothing like it is no guess.
	run -4 tix category show summer-fair/backstage
	[[ $output != *"did you mean"* ]]
}

@test "a hint speaks of what was typed: an amount in no currency, a stdout that is closed" {
	start_daemon
	run -2 tix order list --total '>=45,00'
	[[ ${lines[1]} == '  hint: digits and a point: 45.00, ">=45.00" or "EUR 45.00"' ]]
	run -2 tix order list --total '>=EUR 45,00'
	[[ ${lines[1]} == '  hint: 45.00 (EUR has 2 decimals)' ]]
	run -74 --separate-stderr bash -c 'exec tix version >&-'
	[[ $stderr == *"it is closed: >/dev/null where nobody reads" ]]
	run -74 --separate-stderr bash -c 'exec tix version >/dev/full'
	[[ $stderr == *"is a disk full? df -h" ]]
}

# helps HINT STATUS COMMAND...: it fails so, and the hint is that.
helps() {
	local hint=$1 status=0
	shift
	"${@:2}" >"$dir/helps" 2>&1 || status=$?
	[ "$status" -eq "$1" ]
	[ "$(sed -n 's/^  hint: //p' "$dir/helps")" = "$hint" ] || { cat "$dir/helps"; false; }
}

@test "the hint is about what was asked for, not about something else" {
	start_daemon
	make_fair
	order=$(tix order create summer-fair --line ga:1 --pay cash --fields code)
	helps "tix bookmark list" 4 tix bookmark show nightly
	helps "tix hold list" 4 tix hold release 7K2M-9QXD
	helps "tix job list" 4 tix show j99
	helps "tix category list summer-fair" 4 tix show summer-fair/backstage
	helps "tix event list; tix order list --find WORDS" 4 tix show gala
	helps "tix order list --find WORDS" 4 tix show nobody@example.org
	helps "tix doctor summer-fair/ga" 3 tix quota block summer-fair/ga 100
	helps "tix doctor summer-fair/ga" 3 tix quota set summer-fair/ga --size 0
	helps "tix doctor summer-fair/ga" 3 tix order create summer-fair --line ga:9 --pay cash
	helps "tix order show $order" 4 tix order change "$order" --remove 7 --yes
	helps "tix order show $order" 4 tix order change "$order" --exchange 7:student --yes
	tix db backup "$dir/copy" -q
	helps "another name; what is there: ls -l $dir/copy" 3 tix db backup "$dir/copy"
	helps "tix order explain $order" 3 tix refund create "$order/1" --amount 99.00 --yes
}
