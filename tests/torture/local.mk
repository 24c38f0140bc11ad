# SPDX-License-Identifier: MIT
# What must hold while the daemon is killed or overrun. check-torture is the same for longer.
test_tools += tests/torture/killer tests/torture/model
tests_torture_model_SOURCES = tests/torture/model.c tests/torture/model.h tests/torture/model_after.c \
	tests/torture/model_change.c tests/torture/model_clone.c tests/torture/model_delete.c tests/torture/model_judge.c \
	tests/torture/model_make.c tests/torture/model_orders.c tests/torture/model_run.h tests/torture/model_same.c \
	tests/torture/model_stock.c
torture_tests = tests/torture/kill.bats tests/torture/job.bats tests/torture/oversell.bats tests/torture/model.bats
bats_tests += $(torture_tests)

check-torture: all
	TORTURE_KILLS=$${TORTURE_KILLS:-20} TORTURE_SECONDS=$${TORTURE_SECONDS:-20} \
		TORTURE_JOB_ORDERS=$${TORTURE_JOB_ORDERS:-50000} TORTURE_JOB_KILLS=$${TORTURE_JOB_KILLS:-10} \
		TORTURE_STEPS=$${TORTURE_STEPS:-100000} TORTURE_MODEL_KILLS=$${TORTURE_MODEL_KILLS:-20} \
		$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(torture_tests)'

.PHONY: check-torture
