# SPDX-License-Identifier: MIT
# tix: the command line; no database, network or event loop library.
tix_sources = cli/main.c

if HAVE_TIX
bin_PROGRAMS += tix
tix_SOURCES = $(tix_sources)
tix_LDADD = $(tix_libs)
endif
