# SPDX-License-Identifier: MIT
c_tests += tests/store/driver
c_tests += tests/store/files
c_tests += tests/store/frame
c_tests += tests/store/undo
c_tests += tests/store/sell
c_tests += tests/store/list
c_tests += tests/store/complete
c_tests += tests/store/find
c_tests += tests/store/catalogue
c_tests += tests/store/event_clone
c_tests += tests/store/stock
c_tests += tests/store/block
c_tests += tests/store/redirect
c_tests += tests/store/target
c_tests += tests/store/windows
c_tests += tests/store/import
c_tests += tests/store/search
c_tests += tests/store/audit
c_tests += tests/store/ticket
c_tests += tests/store/refund
c_tests += tests/store/states
c_tests += tests/store/change
c_tests += tests/store/delete
c_tests += tests/store/doctor
c_tests += tests/store/close
c_tests += tests/store/sales
c_tests += tests/store/erase
c_tests += tests/store/parked
c_tests += tests/store/pay
c_tests += tests/store/peers
c_tests += tests/store/job
c_tests += tests/store/job_io
c_tests += tests/store/inout
c_tests += tests/store/bookmark

# The second engine: a private server, every migration, every statement.
sh_tests += tests/store/pg.sh
if HAVE_PQ
test_tools += tests/store/pg_prepare
tests_store_pg_prepare_CPPFLAGS = $(AM_CPPFLAGS) $(PQ_CFLAGS)
tests_store_pg_prepare_LDADD = $(core_libs) $(PQ_LIBS)
endif
