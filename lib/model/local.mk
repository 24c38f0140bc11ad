# SPDX-License-Identifier: MIT
libtix_a_SOURCES += lib/model/shape.c lib/model/shape.h lib/model/shape_gen.h \
	lib/model/states.c lib/model/states.h
