# SPDX-License-Identifier: MIT
libtixcore_a_SOURCES +=
