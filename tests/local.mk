# SPDX-License-Identifier: MIT
# Every test speaks TAP. To add one, add a line in the folder's local.mk:
#   c_tests += tests/unit/money        a program of one file, tests/unit/money.c
#   bats_tests += tests/cli/event.bats what a user types
#   client_tests += tests/cli/x.bats   the same, about a program that has one thread
#   sh_tests += tests/docs/pages.sh    a script that prints TAP
#   lint_tests += tests/lint/sizes.sh  a script that prints TAP about the source itself
#   thread_tests += tests/rpc/load     named above too: runs under the thread sanitizer, as all
#                                      bats_tests do, since they have a daemon at work
#   test_tools += tests/rpc/peer       a program that tests use, no test itself
c_tests =
bats_tests =
sh_tests =
lint_tests =
thread_tests =
client_tests =
test_tools =

include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/store/local.mk
include tests/rpc/local.mk
include tests/cli/local.mk
include tests/tui/local.mk
include tests/torture/local.mk
include tests/bench/local.mk
include tests/docs/local.mk
include tests/lint/local.mk

bats_tests += tests/demo.bats

check_PROGRAMS += $(c_tests) $(test_tools)
TESTS += $(lint_tests) $(c_tests) $(bats_tests) $(client_tests) $(sh_tests) tests/rpc/gates.sh

# The gates judge what all the others made the daemon note.
tests/rpc/gates.log: $(c_tests:=.log) $(bats_tests:.bats=.log) $(client_tests:.bats=.log) $(sh_tests:.sh=.log)

tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .bats .sh
LOG_DRIVER = $(tap_driver)
BATS_LOG_DRIVER = $(tap_driver)
BATS_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/bats.sh
SH_LOG_DRIVER = $(tap_driver)
SH_LOG_COMPILER = bash

# Tests find the tree by these, and what kind of build it is (TEST_FAILPOINTS yes or no,
# TEST_SANITIZER none, asan or tsan: be patient, do not measure memory). A daemon notes in
# TIX_TRACE how its replies compare with their rows. Nothing of the caller's settings leaks in.
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	TEST_FAILPOINTS='$(test_failpoints)'; export TEST_FAILPOINTS; \
	TEST_SANITIZER='$(test_sanitizer)'; export TEST_SANITIZER; \
	TIX_TRACE='$(abs_top_builddir)/$@.trace'; export TIX_TRACE; rm -f "$$TIX_TRACE"; \
	PATH='$(abs_top_builddir)':"$$PATH"; export PATH; \
	unset TIX_SOCKET TIX_EVENT TIX_FORMAT TIX_TZ TIX_TOKEN_FILE TIX_PAGER; \
	LC_ALL=C.UTF-8; export LC_ALL; TZ=UTC; export TZ;

# Parts of make check: without a daemon, without lint, what threads can spoil, lint alone.
check-unit: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(c_tests)'

check-suite: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(c_tests) $(bats_tests) $(client_tests) $(sh_tests) tests/rpc/gates.sh'

check-threads: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(thread_tests) $(bats_tests)'

lint: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(lint_tests)'

.PHONY: check-unit check-suite check-threads lint

mostlyclean-local:
	test ! -d tests || find tests -name '*.trace' -exec rm -f {} +
