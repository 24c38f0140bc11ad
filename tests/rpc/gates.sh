#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs after all other tests and reads what the daemons noted meanwhile (TIX_TRACE): each method
# was called with success by some test, and no reply broke the rows of its method.
set -u
methods=$(sed -nE 's/^METHOD\([a-z_]+, "([a-z.]+)".*/\1/p' "$top_srcdir"/lib/rpc/methods/*.def |
	LC_ALL=C sort -u)
[ -n "$methods" ] || { echo "Bail out! no methods found in the tables"; exit 1; }

if [ ! -x "$top_builddir/tixd" ]; then
	echo "1..0 # SKIP the daemon is not built"
	exit 0
fi
trace=$(find "$top_builddir/tests" -name '*.trace' -exec cat {} +)
n=0
for method in $methods; do
	n=$((n + 1))
	if grep -qF "\"method\":\"$method\",\"ok\":true" <<<"$trace"; then
		echo "ok $n - a test called $method"
	else
		echo "not ok $n - a test called $method"
	fi
done
n=$((n + 1))
broken=$(grep -F '"mismatch":' <<<"$trace" | LC_ALL=C sort | uniq -c)
if [ -z "$broken" ]; then
	echo "ok $n - $(wc -l <<<"$trace") replies match the rows of their methods"
else
	echo "not ok $n - replies match the rows of their methods"
	head -n 40 <<<"$broken" | sed 's/^/# /'
fi
echo "1..$n"
