# SPDX-License-Identifier: MIT
c_tests += tests/store/driver
