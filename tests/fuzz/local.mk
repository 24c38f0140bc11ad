# SPDX-License-Identifier: MIT
# The corpus runs as a plain test; check-fuzz goes on from it.
c_tests += tests/fuzz/seeds
tests_fuzz_seeds_SOURCES = tests/fuzz/seeds.c tests/fuzz/request.c

check-fuzz: all
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		bash $(top_srcdir)/tests/fuzz/run.sh

.PHONY: check-fuzz
