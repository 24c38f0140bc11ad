#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Random calls of 16 clients against a plain model, with and without kill -9.
# TORTURE_STEPS: how many calls, with a seed of each run's own; TORTURE_MODEL_KILLS: how often killed in as many more;
# TORTURE_SEED: the seed of an earlier run.

load lib.bash

setup() {
	torture_setup
	[ -n "${TORTURE_STEPS:-}" ] || seed=${TORTURE_SEED:-1}
	steps=${TORTURE_STEPS:-4000}
	[ "${TEST_SANITIZER:-none}" = none ] || steps=${TORTURE_STEPS:-600}
}

teardown() {
	torture_teardown
}

# model [FLAG...]: the program on a fresh store
model() {
	mkdir "$dir/m"
	run "$top_builddir/tests/torture/model" --strict --seed "$seed" --steps "$steps" "$@" "$dir/m"
	echo "$output"
	[ ! -e "$dir/m/log" ] || tail -n 5 "$dir/m/log"
}

@test "the store agrees with a model after calls of every method" {
	model "$top_builddir/tixd"
	[ "$status" -eq 0 ]
	echo "# ${lines[1]}" >&3
}

@test "the same with kill -9" {
	model --kills "${TORTURE_MODEL_KILLS:-2}" "$top_builddir/tixd"
	[ "$status" -eq 0 ]
	echo "# ${lines[1]}" >&3
}

@test "a daemon that forgets is found out" {
	forgetful_tixd
	steps=600
	model --kills 4 "$dir/forgetful"
	[ "$status" -eq 1 ]
	[[ $output == *"model: seed "* ]]
}
