#!/bin/bash
# SPDX-License-Identifier: MIT
# The built programs: no library outside of the link map, and hardened.
. "$(dirname "$0")/lib.bash"

declare -A map=(
	[tix]="jansson utf8proc inih csv qrencode"
	[tixd]="uv jansson sqlite3 sodium utf8proc inih csv seccomp zstd oath crypt"
	[tix-shell]="jansson utf8proc inih csv qrencode edit"
	[tix-dash]="jansson utf8proc inih panelw menuw formw ncursesw tinfo"
)

needed() {
	readelf -dW "$1" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p'
}

# Libraries that the map does not give to the program.
strangers() {
	local allowed
	allowed=$(tr ' ' '|' <<<"${map[$1]}")
	needed "$top_builddir/$1" | grep -vE "^(lib($allowed|c|m|pthread)|ld-linux[-a-z0-9_]*)\.so"
}

hardening() {
	local file=$top_builddir/$1
	readelf -hW "$file" | grep -qE 'Type:[[:space:]]+DYN' || echo "not position independent"
	readelf -lW "$file" | grep -q GNU_RELRO || echo "no read-only relocations"
	readelf -dW "$file" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' || echo "binds lazily"
	readelf -lW "$file" | grep -qE 'GNU_STACK.* RWE' && echo "the stack is executable"
	readelf -dW "$file" | grep -qE 'RPATH|RUNPATH' && echo "has a run path"
	readelf -sW "$file" | grep -q __stack_chk_fail || echo "no stack protector"
}

for program in tix tixd tix-shell tix-dash; do
	[ -x "$top_builddir/$program" ] || continue
	if needed "$top_builddir/$program" | grep -qE '^lib(asan|tsan|ubsan)'; then
		skip "$program" "a sanitizer adds its own libraries"
		continue
	fi
	verdict "$program links within its map: $(needed "$top_builddir/$program" |
		sed 's/\.so.*//' | paste -sd ' ')" "$(strangers "$program")"
	verdict "$program is hardened" "$(hardening "$program")"
done
[ "$lint_count" -gt 0 ] || skip "programs" "none is built"
plan
