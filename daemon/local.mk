# SPDX-License-Identifier: MIT
# tixd: the core. Handlers are listed one file a noun.
tixd_sources = daemon/main.c \
	daemon/bind.c daemon/bind.h \
	daemon/conn.c daemon/conn.h \
	daemon/dispatch.c daemon/dispatch.h \
	daemon/follow.c daemon/follow.h \
	daemon/handlers/show.c daemon/handlers/system.c daemon/methods.h \
	daemon/job.c daemon/job.h \
	daemon/life.c daemon/life.h \
	daemon/options.c daemon/options.h \
	daemon/peer.c daemon/peer.h \
	daemon/process.c daemon/process.h \
	daemon/readers.c daemon/readers.h \
	daemon/server.c daemon/server.h \
	daemon/stream.c daemon/stream.h \
	daemon/tixd.c daemon/tixd.h \
	daemon/trace.c daemon/trace.h \
	daemon/wal.c daemon/wal.h \
	daemon/writer_thread.c daemon/writer_thread.h

sbin_PROGRAMS += tixd
tixd_SOURCES = $(tixd_sources)
tixd_LDADD = $(core_libs)
