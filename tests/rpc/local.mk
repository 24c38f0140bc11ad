# SPDX-License-Identifier: MIT
test_tools += tests/tools/tixraw tests/tools/tixfake
bats_tests += tests/rpc/follow.bats tests/rpc/frames.bats tests/rpc/life.bats tests/rpc/log.bats tests/rpc/patience.bats tests/rpc/peers.bats tests/rpc/start.bats tests/rpc/stopped.bats tests/rpc/zone.bats
c_tests += tests/rpc/load
thread_tests += tests/rpc/load
