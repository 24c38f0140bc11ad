#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds in every way that matters and runs the tests of each; ./bootstrap check calls it after
# installing the packages. The last line is "N passed, N failed, N skipped" over all builds.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
top=$PWD
jobs=$(nproc)
passed=0 failed=0 skipped=0
started=$SECONDS
wrap=
limit=900 # seconds that the tests of one build may take
! command -v apt-get >/dev/null || export TEST_POSTGRES=required # bootstrap installed it
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

# Configures DIR with the given arguments, anew if they changed, and builds it all.
prepare() {
	local dir=$1
	shift
	mkdir -p "$dir" && cd "$dir" || return
	if [ ! -f Makefile ] || [ "$(cat check-args 2>/dev/null)" != "$*" ]; then
		rm -f check-args
		[ ! -f Makefile ] || make -s distclean || return
		"$top/configure" -q "$@" || return
		printf '%s' "$*" >check-args
	fi
	make -s -j"$jobs" all
}

# Adds the verdicts of DIR; a run that ended badly counts as a failure even without a verdict.
count() {
	local dir=$1 status=$2 good bad skips
	read -r good bad skips < <(find "$dir" -name '*.trs' -exec cat {} + | awk '
		/^:test-result: (PASS|XFAIL)/ { p++ }
		/^:test-result: (FAIL|XPASS|ERROR)/ { f++ }
		/^:test-result: SKIP/ { s++ }
		END { print p + 0, f + 0, s + 0 }')
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skips))
}

# The end of what a failed step said, and each failed test by its own words.
explain() {
	local dir=$1 log=$2 trs
	echo "---- $log"
	grep -A 4 -E '(error|Error|undefined reference|No rule)' "$log" |
		grep -v '^checking ' | head -n 40
	echo "---- and ends with"
	grep -vE '^(PASS|SKIP): |^  (CC|CCLD|AR|GEN) ' "$log" | tail -n 25
	find "$dir" -name '*.trs' -exec grep -lE '^:test-result: (FAIL|XPASS|ERROR)' {} + |
		while read -r trs; do
			echo "---- ${trs%.trs}.log"
			grep -vE '^(ok|PASS:|FAIL:)' "${trs%.trs}.log" | head -n 60
		done
}

# step NAME DIR TARGET CONFIGURE_ARGUMENT...: builds DIR and makes TARGET there.
step() {
	local name=$1 dir=$top/$2 target=$3 status begin=$SECONDS log
	shift 3
	mkdir -p "$dir"
	log=$dir/check.out
	find "$dir" -name '*.trs' -delete
	# shellcheck disable=SC2086 # a command of several words, or none
	(prepare "$dir" "$@" && $wrap timeout -k 10 "$limit" make -s -k -j"$jobs" "$target") >"$log" 2>&1 </dev/null
	status=$?
	count "$dir" "$status"
	if [ $status -eq 0 ]; then
		printf '%-44s ok      %4d s\n' "$name" $((SECONDS - begin))
	else
		printf '%-44s FAILED  %4d s\n' "$name" $((SECONDS - begin))
		explain "$dir" "$log"
	fi
}

# The thread sanitizer's shadow does not fit every address layout of newer kernels.
plain_layout=
if setarch -R true 2>/dev/null; then
	plain_layout="setarch -R"
fi

step "gcc: build, lint, all tests" build check --enable-werror
step "clang: build, unit tests" build-clang check-unit --enable-werror CC=clang CFLAGS=-O2
step "address and undefined behaviour sanitizers" build-asan check-suite \
	--enable-werror --enable-asan --enable-failpoints CFLAGS="-O1 -g"
wrap=$plain_layout
step "thread sanitizer" build-tsan check-threads --enable-werror --enable-tsan CFLAGS="-O1 -g"
echo "$((SECONDS - started)) seconds in all"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
