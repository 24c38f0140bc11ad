# SPDX-License-Identifier: MIT
# make bench: tix beside plain SQLite engines that are built for it. The tests here are of the tools.
c_tests += tests/bench/hist tests/bench/load_scan tests/bench/load
test_tools += tests/bench/raw_socket tests/bench/raw tests/bench/spawn tests/bench/bench_search tests/bench/pixel
tests_bench_hist_SOURCES = tests/bench/hist.c cli/hist.c
tests_bench_load_scan_SOURCES = tests/bench/load_scan.c cli/load_scan.c
tests_bench_load_SOURCES = tests/bench/load.c cli/load.c cli/load_book.c cli/load_scan.c cli/hist.c

tests_bench_raw_SOURCES = tests/bench/raw.c tests/bench/plain.c
tests_bench_raw_socket_SOURCES = tests/bench/raw_socket.c tests/bench/plain.c

bench: all tests/bench/raw tests/bench/raw_socket tests/bench/spawn tests/bench/bench_search tests/bench/pixel
	bash $(top_srcdir)/tests/bench/run.sh $(abs_top_builddir)

.PHONY: bench
bats_tests += tests/bench/onsale.bats
bats_tests += tests/bench/figures.bats

# Orders a second in process, without socket or daemon.
EXTRA_PROGRAMS += tests/bench/bench_core
