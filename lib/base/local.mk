# SPDX-License-Identifier: MIT
libtix_a_SOURCES +=
