#!/bin/bash
# SPDX-License-Identifier: MIT
# Calls that have a safer relative, and the clock outside of its module.
. "$(dirname "$0")/lib.bash"

mapfile -t files < <(c_files lib daemon cli tui)
code=$(c_code "${files[@]}")

for call in strcpy strcat stpcpy sprintf vsprintf gets atoi atol atoll strtok rand srand random \
	system popen gmtime localtime ctime asctime mktime alloca tmpnam mktemp; do
	verdict "no call of $call" "$(grep -E "(^|[^A-Za-z0-9_>.])${call}[[:space:]]*\(" <<<"$code")"
done
verdict "the library reads the clock in lib/base/clock.c alone" "$(grep '^lib/' <<<"$code" |
	grep -v '^lib/base/clock\.c:' | grep -E '(^|[^A-Za-z0-9_>.])clock_gettime[[:space:]]*\(')"
verdict "nobody asks libc for the date" \
	"$(grep -E '(^|[^A-Za-z0-9_>.])(time[[:space:]]*\((NULL|0|&)|gettimeofday[[:space:]]*\()' \
	<<<"$code")"
verdict "no floating point in lib, where money is" "$(grep '^lib/' <<<"$code" |
	grep -vE '^lib/(base/(json|geo|text)|rpc/|model/|store/|core/venue)' |
	grep -E '(^|[^A-Za-z0-9_])(double|float)[^A-Za-z0-9_]')"
plan
