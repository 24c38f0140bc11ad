# SPDX-License-Identifier: MIT
c_tests += tests/store/driver
c_tests += tests/store/files
c_tests += tests/store/frame
c_tests += tests/store/sell
c_tests += tests/store/list
c_tests += tests/store/catalogue
c_tests += tests/store/stock
