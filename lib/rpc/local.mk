# SPDX-License-Identifier: MIT
libtix_a_SOURCES += lib/rpc/rpc.c lib/rpc/rpc.h
