# SPDX-License-Identifier: MIT
# lib/base: plain C underneath everything else.
libtix_a_SOURCES += \
	lib/base/arena.c lib/base/arena.h \
	lib/base/buf.c lib/base/buf.h \
	lib/base/civil.c lib/base/civil.h \
	lib/base/clock.c lib/base/clock.h \
	lib/base/codes.c \
	lib/base/conf.c lib/base/conf.def lib/base/conf.h \
	lib/base/currency.def \
	lib/base/err.c lib/base/err.def lib/base/err.h \
	lib/base/geo.c lib/base/geo.h \
	lib/base/failpoint.c lib/base/failpoint.def lib/base/failpoint.h \
	lib/base/ids.c lib/base/ids.h \
	lib/base/json.c lib/base/json.h \
	lib/base/log.c lib/base/log.h \
	lib/base/mem.h \
	lib/base/money.c lib/base/money.h \
	lib/base/near.c lib/base/near.h \
	lib/base/num.c lib/base/num.h \
	lib/base/sd.c lib/base/sd.h \
	lib/base/text.c lib/base/text.h lib/base/textout.c \
	lib/base/textlist.c lib/base/textlist.h \
	lib/base/tzfile.c lib/base/tzfile.h lib/base/tzrule.c \
	lib/base/utf8.c lib/base/utf8.h \
	lib/base/when.c lib/base/when.h \
	lib/base/zone.c lib/base/zone.h
