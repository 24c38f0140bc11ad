# SPDX-License-Identifier: MIT
c_tests += tests/unit/tap
