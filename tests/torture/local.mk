# SPDX-License-Identifier: MIT
# What must hold while the daemon is killed or overrun. check-torture is the same for longer.
test_tools += tests/torture/killer
torture_tests = tests/torture/kill.bats tests/torture/oversell.bats
bats_tests += $(torture_tests)

check-torture: all
	TORTURE_KILLS=$${TORTURE_KILLS:-20} TORTURE_SECONDS=$${TORTURE_SECONDS:-20} \
		$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(torture_tests)'

.PHONY: check-torture
