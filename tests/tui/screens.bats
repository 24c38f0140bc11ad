#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each view as it looks: small and large, ASCII and UTF-8, and as lines to be read aloud.
bats_require_minimum_version 1.5.0
load ../lib
load lib

setup_file() {
	tix_setup
	start_daemon --test-clock=2026-06-01T10:00:00Z
	make_sale
	export dir store daemon TZ=Europe/Berlin
}

teardown_file() {
	tix_teardown
}

tour=('wait hamlet' 'dump overview' 'key Enter' 'wait Buyer 6' 'dump event' 'key ?' 'dump help'
	'key 3' 'wait Buyer 6' 'dump orders' 'key j Enter' 'wait balance' 'dump order' 'key Tab'
	'dump history' 'key Tab' 'dump tickets')

@test "80x24, UTF-8" {
	screens 80x24 "${tour[@]}"
	golden 80x24
}

@test "80x24, ASCII" {
	LC_ALL=C screens 80x24 "${tour[@]}"
	golden 80x24-ascii
	! LC_ALL=C grep -nP '[^\x0a\x20-\x7e]' "$dir/screens"
}

@test "160x45: what is at the side stands beside" {
	screens 160x45 "${tour[@]}"
	golden 160x45
}

@test "as lines" {
	dash_flags=--linear screens 80x24 "${tour[@]}"
	golden linear
}

@test "a screen too small for a view shows where one is" {
	screens 39x9 'wait tix | LIVE' 'dump small' 'size 40x10' 'wait hamlet' 'dump least'
	golden small
}
