# SPDX-License-Identifier: MIT
test_tools += tests/tools/tixraw
bats_tests += tests/rpc/frames.bats tests/rpc/start.bats
