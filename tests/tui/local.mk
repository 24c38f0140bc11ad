# SPDX-License-Identifier: MIT
client_tests += tests/tui/screens.bats tests/tui/behaviour.bats tests/tui/tour.bats tests/tui/panes.bats

# Parts of the dashboard, taken in by the test itself.
c_tests += tests/tui/paint
tests_tui_paint_LDADD = $(tix_libs)
c_tests += tests/tui/keys
tests_tui_keys_LDADD = $(tix_libs)
c_tests += tests/tui/link
tests_tui_link_LDADD = $(tix_libs)
c_tests += tests/tui/linear
tests_tui_linear_LDADD = $(tix_libs)
