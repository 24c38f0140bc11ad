# SPDX-License-Identifier: MIT
bats_tests += tests/cli/usage.bats
