# SPDX-License-Identifier: MIT
# lib/store: the driver, the named statements, the migrations.
libtixcore_a_SOURCES += \
	lib/store/archive.c lib/store/archive.h \
	lib/store/db.h lib/store/db_sqlite.c \
	lib/store/ddl.c lib/store/ddl.h \
	lib/store/migrate.c lib/store/migrate.h \
	lib/store/path.c lib/store/path.h \
	lib/store/sqlite.h lib/store/sqlite_ddl.c

# The steps in order, built in as text; the number is the version.
migrations = $(srcdir)/lib/store/migrations/0001.sql \
	$(srcdir)/lib/store/migrations/0002.sql \
	$(srcdir)/lib/store/migrations/0003.sql \
	$(srcdir)/lib/store/migrations/0004.sql \
	$(srcdir)/lib/store/migrations/0005.sql \
	$(srcdir)/lib/store/migrations/0006.sql \
	$(srcdir)/lib/store/migrations/0007.sql \
	$(srcdir)/lib/store/migrations/0008.sql \
	$(srcdir)/lib/store/migrations/0009.sql \
	$(srcdir)/lib/store/migrations/0010.sql \
	$(srcdir)/lib/store/migrations/0011.sql \
	$(srcdir)/lib/store/migrations/0012.sql \
	$(srcdir)/lib/store/migrations/0013.sql
BUILT_SOURCES += lib/store/migrations.inc
CLEANFILES += lib/store/migrations.inc

lib/store/migrations.inc: $(migrations)
	$(AM_V_GEN)$(MKDIR_P) lib/store && for file in $(migrations); do \
		name=`basename "$$file" .sql` && \
		echo "{ `expr "$$name" + 0`, \"$$name\"," && \
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' "$$file" && \
		echo '},' || exit 1; \
	done >$@.tmp && mv $@.tmp $@
lib/store/migrate.$(OBJEXT): lib/store/migrations.inc
