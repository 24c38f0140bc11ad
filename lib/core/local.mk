# SPDX-License-Identifier: MIT
# lib/core: what is done. The frame and its journal, then one family of use cases a file.
libtixcore_a_SOURCES += \
	lib/core/call.h \
	lib/core/files.c \
	lib/core/frame.c lib/core/frame.h \
	lib/core/idem.c \
	lib/core/journal.c lib/core/journal.h \
	lib/core/lookup.c lib/core/lookup.h lib/core/lookup_state.h \
	lib/core/lookup_find.c \
	lib/core/open.c \
	lib/core/page.c lib/core/page.h \
	lib/core/writer.h lib/core/writer_state.h
