#!/bin/bash
# SPDX-License-Identifier: MIT
# The size budget: functions stay short, files stay small, tests outweigh the source.
. "$(dirname "$0")/lib.bash"

# too_long LIMIT FILE...: the files of more lines than LIMIT.
too_long() {
	local limit=$1
	shift
	[ $# -eq 0 ] || awk -v limit="$limit" 'FNR == 1 { files[FILENAME] } { n[FILENAME] = FNR }
		END { for (f in files) if (n[f] > limit) print f ": " n[f] " lines" }' "$@"
}

lines() {
	find "$@" -type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o -name '*.bash' \
		-o -name '*.bats' -o -name '*.expect' \) -exec cat {} + | wc -l
}

mapfile -t sources < <(c_files lib daemon cli tui | grep '\.c$')
mapfile -t headers < <(c_files lib daemon cli tui | grep '\.h$')
mapfile -t tests < <(c_files tests | grep '\.[ch]$')

if ! ctags --version 2>/dev/null | grep -q Universal; then
	skip "function lengths" "universal-ctags is not installed"
elif [ ${#sources[@]} -gt 0 ]; then
	functions=$(ctags -x --languages=C --kinds-C=f --fields=+e \
		--_xformat='%{end} %{line} %{input} %{name}' "${sources[@]}" |
		awk '{ print $1 - $2 + 1, $3 ":" $2, $4 }' | sort -n)
	read -r count median p90 max < <(awk '{ n[NR] = $1 } END {
		print NR, n[int((NR + 1) / 2)], n[int((NR * 9 + 9) / 10)], n[NR] }' <<<"$functions")
	verdict "$count functions: median $median lines (at most 18)" \
		"$([ "$median" -le 18 ] || echo "the median is $median")"
	verdict "nine in ten functions: $p90 lines (at most 50)" \
		"$([ "$p90" -le 50 ] || echo "the 90th percentile is $p90")"
	verdict "longest function: $max lines (at most 100)" "$(awk '$1 > 100' <<<"$functions")"
fi
verdict "no source file over 800 lines" "$(too_long 800 "${sources[@]}" "${tests[@]}")"
verdict "no header over 120 lines" "$(too_long 120 "${headers[@]}")"
source_lines=$(lines lib daemon cli tui)
test_lines=$(lines tests)
verdict "lines: source $source_lines, tests $test_lines, ratio $(awk -v s="$source_lines" \
	-v t="$test_lines" 'BEGIN { printf "%.2f", s ? t / s : 0 }')"
plan
