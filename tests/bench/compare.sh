#!/bin/bash
# SPDX-License-Identifier: MIT
# How fast this tree sells beside another commit: that one is built in a temporary folder, both are
# measured by turns, the first of a round changes. One line a figure: medians, and ratio_CASE, the
# median of what this tree reached of the other's speed in each round. More is on stderr.
# usage: compare.sh COMMIT [BUILD_DIRECTORY]
# TIX_BENCH_DIR: where the stores are (the build directory); BENCH_ROUNDS: 5; BENCH_SCALE: divides
# the orders, for a try; BENCH_CLIENTS: "1 64 256".
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -ge 1 ] || {
	echo "usage: tests/bench/compare.sh COMMIT [BUILD_DIRECTORY]" >&2
	exit 2
}
commit=$(git rev-parse --verify --quiet "$1^{commit}") || {
	echo "compare.sh: no commit $1" >&2
	exit 2
}
build=$(cd "${2:-build}" && pwd)
rounds=${BENCH_ROUNDS:-5}
scale=${BENCH_SCALE:-1}
read -ra cases <<<"${BENCH_CLIENTS:-1 64 256}"

dir=$(mktemp -d "${TIX_BENCH_DIR:-$build}/compare.XXXXXX")
figures=$dir/figures
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

# The other commit, configured as this tree is.
build_other() {
	mkdir "$dir/tree"
	git archive "$commit" | tar -x -C "$dir/tree"
	(
		cd "$dir/tree"
		autoreconf -i
		mkdir build
		cd build
		eval "../configure -q $("$build/config.status" --config)"
		make -s -j2 tix tixd
	) >"$dir/made" 2>&1 || {
		tail -n 30 "$dir/made" >&2
		exit 1
	}
}

# sell NAME BUILD CLIENTS: orders a second, as NAME_cCLIENTS
sell() {
	local orders=$((60000 / scale))
	[ "$3" -gt 1 ] || orders=$((15000 / scale))
	start_tixd "$2"
	"$2/tix" bench onsale --socket "$dir/sock" --figures --clients "$3" --sample 0 \
		--warm $((30000 / scale)) --orders "$orders" |
		sed -n "s/^onsale_c$3 /$1_c$3 /p" | tee -a "$figures" >&2
}

build_other
for ((round = 1; round <= rounds; round++)); do
	echo "round $round" >&2
	for clients in "${cases[@]}"; do
		if ((round % 2)); then
			sell this "$build" "$clients"
			sell other "$dir/tree/build" "$clients"
		else
			sell other "$dir/tree/build" "$clients"
			sell this "$build" "$clients"
		fi
	done
done
stop_server

awk -v compare="${cases[*]}" -f tests/bench/figures.awk "$figures"
