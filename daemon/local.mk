# SPDX-License-Identifier: MIT
# tixd: the core. Handlers are listed one file a noun.
tixd_sources = daemon/main.c \
	daemon/admin.c daemon/admin.h \
	daemon/backup.c daemon/backup.h \
	daemon/bind.c daemon/bind.h \
	daemon/conn.c daemon/conn.h \
	daemon/dispatch.c daemon/dispatch.h \
	daemon/follow.c daemon/follow.h \
	daemon/handlers/db.c daemon/handlers/doctor.c daemon/handlers/show.c daemon/handlers/system.c daemon/methods.h \
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

# Units of the service; who installs makes the user tix.
systemdsystemunit_DATA = daemon/systemd/tixd.service daemon/systemd/tixd.socket \
	daemon/systemd/tixd-backup.service daemon/systemd/tixd-backup.timer
CLEANFILES += $(systemdsystemunit_DATA)

$(systemdsystemunit_DATA): Makefile
	$(AM_V_GEN)$(MKDIR_P) daemon/systemd && sed 's,@sbindir\@,$(sbindir),g; s,@bindir\@,$(bindir),g' $(srcdir)/$@.in >$@.tmp && mv $@.tmp $@

daemon/systemd/tixd.service: daemon/systemd/tixd.service.in
daemon/systemd/tixd.socket: daemon/systemd/tixd.socket.in
daemon/systemd/tixd-backup.service: daemon/systemd/tixd-backup.service.in
daemon/systemd/tixd-backup.timer: daemon/systemd/tixd-backup.timer.in
