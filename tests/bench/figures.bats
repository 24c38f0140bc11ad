#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# make bench once, with few orders: every figure comes out. What they are says nothing here.

@test "one line a figure" {
	[ "${TEST_SANITIZER:-none}" = none ] || skip "a sanitizer measures itself"
	unset TIX_TRACE
	dir=$(mktemp -d)
	TIX_BENCH_DIR=$dir BENCH_SCALE=200 BENCH_ROUNDS=1 run bash "$top_srcdir/tests/bench/run.sh" "$top_builddir"
	rm -rf "$dir"
	echo "$output"
	[ "$status" -eq 0 ]
	local figure unit
	while read -r figure unit; do
		grep -qE "^$figure [0-9.]+ $unit\$" <<<"$output" || { echo "$figure is missing"; false; }
	done <<-'END'
		onsale_c1 orders/s
		onsale_c64 orders/s
		onsale_c256 orders/s
		raw_b1 orders/s
		raw_b64 orders/s
		raw_socket_c64 orders/s
		ratio_c1_raw_b1 x
		ratio_c64_raw_socket x
		p99_c64 ms
		rss_idle MiB
		rss_c64 MiB
		cli_start ms
		dash_commit_p50 ms
		dash_commit_p99 ms
		dash_cpu %
		dash_rss MiB
		complete_ms ms
		ids_per_s calls/s
		list_rows_per_s rows/s
		list_rss_tixd MiB
		search_orders_prefix_p99 ms
		search_events_words_p99 ms
		search_rss MiB
	END
	! command -v redis-server || grep -qE '^ratio_cli_redis [0-9.]+ x$' <<<"$output"
}

@test "a ratio is the median of what each round gave" {
	run awk -f "$top_srcdir/tests/bench/figures.awk" <<-'END'
		onsale_c1 3400 orders/s
		raw_b1 4000 orders/s
		onsale_c1 1600 orders/s
		raw_b1 2000 orders/s
		onsale_c1 1200 orders/s
		raw_b1 4000 orders/s
	END
	[ "${lines[0]}" = "onsale_c1 1600 orders/s" ]
	[ "${lines[1]}" = "raw_b1 4000 orders/s" ]
	[ "${lines[2]}" = "ratio_c1_raw_b1 0.80 x" ]
}
