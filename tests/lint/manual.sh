#!/bin/bash
# SPDX-License-Identifier: MIT
# Manual pages, written and generated, are clean for mandoc. References among our own pages are
# not looked up on the machine.
. "$(dirname "$0")/lib.bash"

mapfile -t pages < <(find man "$top_builddir/man" -name '*.[1-9]' 2>/dev/null | LC_ALL=C sort)
if ! command -v mandoc >/dev/null; then
	skip "manual pages" "mandoc is not installed"
else
	for page in "${pages[@]}"; do
		verdict "${page##*/}" "$(mandoc -T lint "$page" 2>&1 |
			grep -vE 'referenced manual not found|outdated mandoc.db')"
	done
fi
plan
