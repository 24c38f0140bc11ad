# SPDX-License-Identifier: MIT
c_tests += tests/store/driver
c_tests += tests/store/catalogue
c_tests += tests/store/stock
