#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs one bats file for automake's TAP driver.
if ! command -v bats >/dev/null 2>&1; then
	echo "1..0 # SKIP bats is not installed"
	exit 0
fi
exec bats --formatter tap "$@" </dev/null
