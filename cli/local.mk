# SPDX-License-Identifier: MIT
# tix: the command line; no database, network or event loop library.
tix_sources = cli/main.c cli/args.c cli/args.h cli/audit.c cli/call.c cli/call.h cli/cli.h cli/help.c \
	cli/help.h cli/import.c cli/method.c cli/out.c cli/out.h cli/params.c cli/params.h cli/print.c \
	cli/print.h cli/sentence.c cli/special.c cli/value.c cli/value.h cli/watch.c

if HAVE_TIX
bin_PROGRAMS += tix
tix_SOURCES = $(tix_sources)
tix_LDADD = $(tix_libs)
endif
