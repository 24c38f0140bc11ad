#!/bin/bash
# SPDX-License-Identifier: MIT
# Text of the tree: licence lines, no leftovers, no paths of one machine, no waiting by the clock.
. "$(dirname "$0")/lib.bash"

mapfile -t files < <({ find bootstrap configure.ac Makefile.am .ci m4 README.md HACKING.md \
	NEWS.md; find lib daemon cli tui man tests -type f; } |
	grep -E '(\.(c|h|def|mk|sh|bash|bats|ac|am|m4|jq|in|md|[1-9]|service|socket)|bootstrap|run)$' |
	LC_ALL=C sort)
mapfile -t c < <(c_files lib daemon cli tui tests)

verdict "every file names its licence at the head" "$(for file in "${files[@]}"; do
	case $file in *.md) continue ;; esac
	head -n 2 "$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file"
done)"
verdict "nothing is left to do later" \
	"$(grep -nE '\b(TO''DO|FIX''ME|HA''CK)\b' "${files[@]}")"
verdict "no path of one machine" \
	"$(grep -nE '(^|[^A-Za-z0-9_.-])/(ho''me|wo''rk|ro''ot|Us''ers|us''r/local)/' "${files[@]}")"
verdict "no space at the end of a line" "$(grep -nE '[[:space:]]+$' "${files[@]}")"
verdict "every file ends with a line" "$(for file in "${files[@]}"; do
	[ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo "$file"
done)"
spaces=$(grep -hE '^        ' "${c[@]}" | grep -cvE ' \\$')
verdict "lines of C that begin with eight spaces: $spaces (advice only)"
long=$(for file in "${c[@]}"; do expand "$file"; done | awk 'length($0) > 100' | wc -l)
verdict "lines of C over 100 columns: $long (advice only)"
verdict "no test waits by the clock" "$(grep -rnE '(^|[;[:space:]])sleep [1-9]' \
	--include='*.bats' --include='*.sh' --include='*.bash' tests)"
plan
