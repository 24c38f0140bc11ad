# SPDX-License-Identifier: MIT
bats_tests += tests/cli/catalogue.bats
