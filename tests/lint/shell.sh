#!/bin/bash
# SPDX-License-Identifier: MIT
# Scripts are clean for shellcheck; what clang-format would change is told, not enforced.
. "$(dirname "$0")/lib.bash"

mapfile -t scripts < <(find bootstrap .ci/run tests man -type f \
	\( -name '*.sh' -o -name '*.bash' -o -name '*.bats' -o -name bootstrap -o -name run \) |
	LC_ALL=C sort)
if command -v shellcheck >/dev/null; then
	verdict "shellcheck of ${#scripts[@]} scripts" \
		"$(shellcheck -f gcc -S warning -e SC1091,SC2154 "${scripts[@]}" 2>&1)"
else
	skip "shellcheck" "shellcheck is not installed"
fi
if command -v clang-format >/dev/null; then
	mapfile -t files < <(c_files lib daemon cli tui tests)
	changed=$(clang-format -n "${files[@]}" 2>&1 | sed -nE 's/^([^:]+):[0-9]+:.*/\1/p' |
		sort -u | wc -l)
	verdict "clang-format would touch $changed of ${#files[@]} files (advice only)"
else
	skip "clang-format" "clang-format is not installed"
fi
plan
