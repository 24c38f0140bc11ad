# SPDX-License-Identifier: MIT
# tixd: the core. Handlers are listed one file a noun.
tixd_sources = daemon/main.c

if HAVE_TIXD
sbin_PROGRAMS += tixd
tixd_SOURCES = $(tixd_sources)
tixd_LDADD = $(core_libs)
endif
