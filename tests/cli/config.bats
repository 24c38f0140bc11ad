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

@test "config check and tixd --check name file and line" {
	printf '[tixd]\nhold_default = 15m\n[peers]\n1001 = door:acme/fair\n' >"$dir/good"
	run -0 tix config check "$dir/good"
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
