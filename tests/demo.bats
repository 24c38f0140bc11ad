#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The demo that ./bootstrap demo ends with.
# shellcheck shell=bash

setup() {
	dir=$(mktemp -d "${BATS_TEST_TMPDIR:-/tmp}/demo.XXXXXX")
}

teardown() {
	rm -rf "$dir"
}

@test "the demo sells, shows and audits an event" {
	run "$top_srcdir/tests/demo.sh" "$top_builddir"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"tixd: ready on "* ]]
	[[ "$output" == *"Summer Fair"* ]]
	[[ "$output" == *"120.00"* ]]
	[ "${lines[-1]}" = "demo: one event sold, shown and audited" ]
}

@test "the demo leaves nothing behind and fails without a daemon" {
	mkdir "$dir/tmp"
	printf '#!/bin/sh\necho "tixd: no disk" >&2\nexit 74\n' >"$dir/tixd"
	cp "$dir/tixd" "$dir/tix"
	chmod +x "$dir/tixd" "$dir/tix"
	TMPDIR="$dir/tmp" run "$top_srcdir/tests/demo.sh" "$dir"
	[ "$status" -eq 1 ]
	[[ "$output" == *"tixd: no disk"* ]]
	[ -z "$(ls "$dir/tmp")" ]
}
