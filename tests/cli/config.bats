#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Settings: what counts, where it comes from, and which line is wrong.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	tix_setup
	export HOME=$dir
	unset TIX_SOCKET
}

teardown() {
	tix_teardown
}

@test "config show: built in, a file, the environment, a flag" {
	run -0 tix config show --origin -o table
	[[ "$output" == *"hold_default = 10m  # built in"* ]]
	mkdir -p "$dir/.config/tix"
	printf '[tixd]\n\nhold_default = 15m\nsocket = /run/mine.sock\n' >"$dir/.config/tix/config"
	run -0 tix config show --origin -o table
	[[ "$output" == *"hold_default = 15m  # $dir/.config/tix/config:3"* ]]
	[[ "$output" == *"socket = /run/mine.sock  # $dir/.config/tix/config:4"* ]]
	TIX_SOCKET=/run/other.sock TIX_EVENT=fair run -0 tix config show --origin -o table
	[[ "$output" == *"socket = /run/other.sock  # TIX_SOCKET"* ]]
	[[ "$output" == *"event = fair  # TIX_EVENT"* ]]
	TIX_SOCKET=/run/other.sock run -0 tix --socket /run/third.sock config show --json
	[ "$(jq -r '.items[] | select(.key == "socket") | .value, .origin' <<<"$output" | xargs)" = \
		"/run/third.sock --socket" ]
	[ "$(jq '.items | length' <<<"$output")" -ge 16 ]
}

# origin KEY: value and origin of one setting, in one line.
origin() {
	tix config show --origin --json "${@:2}" |
		jq -r --arg key "$1" '.items[] | select(.key == $key) | "\(.value) \(.origin)"'
}

# The file of the user: where XDG_CONFIG_HOME says, else below HOME.
own() {
	mkdir -p "$dir/.config/tix"
	printf '%s\n' "$@" >"$dir/.config/tix/config"
}

@test "each setting of tix: flag, environment, file, built in" {
	local file=$dir/.config/tix/config
	unset TIX_PAGER PAGER VISUAL EDITOR XDG_CONFIG_HOME
	[ "$(origin event)" = " built in" ]
	own '[tix]' 'event = fair' 'format = csv' 'tz = Asia/Tokyo' 'pager = more' 'color = always'
	[ "$(origin event)" = "fair $file:2" ]
	[ "$(origin format -o json)" = "json --output" ]
	run -0 tix config show
	[[ "$output" == *$'event,fair\r'* ]]
	[ "$(origin tz)" = "Asia/Tokyo $file:4" ]
	[ "$(origin pager)" = "more $file:5" ]
	[ "$(origin color)" = "always $file:6" ]
	export TIX_EVENT=gala TIX_FORMAT=tsv TIX_TZ=Europe/Berlin PAGER=most NO_COLOR=1 COLUMNS=90 EDITOR=ed
	[ "$(origin event)" = "gala TIX_EVENT" ]
	run -0 tix config show --origin
	[[ "$output" == *$'format\ttsv\tTIX_FORMAT'* ]]
	[ "$(origin tz)" = "Europe/Berlin TIX_TZ" ]
	[ "$(origin pager)" = "most PAGER" ]
	[ "$(TIX_PAGER=less origin pager)" = "less TIX_PAGER" ]
	[ "$(origin color)" = "never NO_COLOR" ]
	[ "$(origin columns)" = "90 COLUMNS" ]
	[ "$(origin editor)" = "ed EDITOR" ]
	[ "$(VISUAL=emacs origin editor)" = "emacs VISUAL" ]
	[ "$(origin event -e ball)" = "ball --event" ]
	[ "$(origin tz --utc)" = "UTC --utc" ]
	[ "$(origin color --color always)" = "always --color" ]
}

@test "the settings of the file count" {
	own '[tix]' 'event = fair'
	TIX_SOCKET=$dir/none run -69 tix category show ga
	own '[tix]' 'format = json'
	TIX_SOCKET=$dir/none run -69 --separate-stderr tix event list
	jq -e '.name == "no_daemon"' <<<"$stderr"
	own '[tix]' 'color = always'
	TIX_FORMAT=table run -0 tix config show
	export XDG_CONFIG_HOME=$dir/xdg
	mkdir -p "$dir/xdg/tix"
	printf '[tix]\nevent = ball\n' >"$dir/xdg/tix/config"
	[ "$(origin event)" = "ball $dir/xdg/tix/config:2" ]
	[[ "$(tix config path)" == "$dir/xdg/tix/config"$'\tread\n'/etc/tix/tix.conf* ]]
	XDG_CONFIG_HOME=relative
	[ "$(origin event)" = " built in" ]
	unset HOME XDG_CONFIG_HOME
	[ "$(origin event)" = " built in" ]
}

@test "the machine's file counts after the user's" {
	unshare -rm true 2>/dev/null || skip "no name space for mounts"
	[ -d /etc/tix ] || [ -w /etc ] || skip "/etc/tix is not there"
	own '[tix]' 'event = mine'
	mkdir "$dir/etc"
	printf '[tix]\nevent = theirs\npager = more\n[tixd]\nsocket = %s/machine\n' "$dir" >"$dir/etc/tix.conf"
	run -0 unshare -rm bash -c "mount -t tmpfs none /etc && mkdir /etc/tix &&
		cp '$dir/etc/tix.conf' /etc/tix/ && env -u PAGER -u TIX_PAGER tix config show --origin"
	[[ "$output" == *$'event\tmine\t'"$dir/.config/tix/config:2"* ]]
	[[ "$output" == *$'pager\tmore\t/etc/tix/tix.conf:3'* ]]
	[[ "$output" == *$'socket\t'"$dir/machine"$'\t/etc/tix/tix.conf:5'* ]]
}

@test "config check names every fault, with what was meant" {
	printf '%s\n' '[tixd]' 'hold_defualt = 15m' 'readers = 99' 'readers = 3' 'what' '[tx]' 'event = a' \
		'format = b' '[tix]' 'format = tabel' 'tz = Europe/Berln' 'color = nevr' 'event = No Slug' \
		'[peers' '7 = ops' '[peers]' '1001 = king' '1002 = ownr' "$(printf '%0200d' 0)" '1003 = ops' >"$dir/bad"
	run -78 tix config check "$dir/bad"
	said() {
		grep -A1 -F "$dir/bad:$1: $2" <<<"$output" | grep -F -- "${3:-$2}"
	}
	said 2 'no setting "hold_defualt" in [tixd]' 'hint: did you mean hold_default?'
	said 3 'this value is not possible' 'hint: a number from 1 to 16'
	said 5 'neither [section] nor key = value'
	said 7 'no setting "event" in [tx]' 'did you mean [tix'
	said 10 'this value is not possible' 'hint: did you mean table?'
	said 11 'this value is not possible' 'Europe/Berlin'
	said 12 'this value is not possible' 'hint: did you mean never?'
	said 13 'this value is not possible' 'hint: a slug'
	said 14 'neither [section] nor key = value'
	said 17 'there is no role king' 'man tix.conf'
	said 18 'there is no role ownr' 'did you mean owner?'
	said 19 'the line is too long'
	[ "$(grep -c '^tix: config: ' <<<"$output")" -eq 12 ]
	run -78 --separate-stderr tix config check --json "$dir/bad"
	[ "$(jq '.items | length' <<<"$output")" -eq 12 ]
	[ "$(jq -c '.items[0] | [.line, .field]' <<<"$output")" = '[2,"hold_defualt"]' ]
	jq -e '.name == "config" and .exit == 78' <<<"$stderr"
}

@test "a file that cannot be read, or is none, is 78" {
	mkdir -p "$dir/.config/tix/config"
	TIX_SOCKET=$dir/none run -78 tix event list
	[[ "$output" == *"config: $dir/.config/tix/config: Is a directory"* ]]
	run -78 tix config check
	run -78 tix config show
	run -0 tix event create -h
	rmdir "$dir/.config/tix/config"
	head -c 70000 /dev/zero >"$dir/.config/tix/config"
	run -78 tix event list
	printf '[tix]\n\033[31mred = 1\n' >"$dir/.config/tix/config"
	run -78 tix config check
	[[ "$output" != *$'\033'* ]]
	[ "$(id -u)" -ne 0 ] || return 0
	chmod 0 "$dir/.config/tix/config"
	run -78 tix event list
	[[ "$output" == *"Permission denied"* ]]
}

@test "config check and tixd --check name file and line" {
	printf '[tixd]\nhold_default = 15m\n[peers]\n1001 = door:acme/fair\n' >"$dir/good"
	run -0 tix config check "$dir/good" -o table
	[ "$output" = "$dir/good: ok" ]
	run -0 tix config show "$dir/good" -o table
	[[ "$output" == *"peers.1001 = door:acme/fair"* ]]
	printf '[tixd]\nhold_default = 15m\n[peers]\n1001 = king\n' >"$dir/role"
	run -78 tix config check "$dir/role"
	[[ "$output" == *"$dir/role:4: there is no role king"* ]]
	run -78 tixd --config "$dir/role" --check
	[[ "$output" == *"$dir/role:4: there is no role king"* ]]
	printf '[tixd]\nhold_defualt = 15m\n' >"$dir/key"
	run -78 tix config check "$dir/key"
	[[ "$output" == *"$dir/key:2:"* ]]
	run -78 tix config check "$dir/absent"
	run -2 tix config
	run -2 tix config nonsense
	run -0 tix config -h
}

@test "a zone that is none is an error, not UTC" {
	TIX_TZ=Foo/Bar run -2 tix config show
	[[ "$output" == *'bad_value: TIX_TZ "Foo/Bar" is no time zone'* ]]
	TIX_TZ=Europe/Berlin run -0 tix config show
}

@test "a folder is no store, and that is said" {
	mkdir "$dir/folder"
	run -78 tixd --store "sqlite:$dir/folder" --socket "$dir/s.sock"
	[[ "$output" == *"the store $dir/folder is a folder"* ]]
	[[ "$output" == *"sqlite:$dir/folder/tix.db"* ]]
}
