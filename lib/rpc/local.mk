# SPDX-License-Identifier: MIT
libtix_a_SOURCES += \
	lib/rpc/client.c lib/rpc/client.h lib/rpc/client_impl.h \
	lib/rpc/codec.h lib/rpc/codec_impl.h \
	lib/rpc/decode.c \
	lib/rpc/describe.c \
	lib/rpc/doc.c \
	lib/rpc/encode.c \
	lib/rpc/envelope.c \
	lib/rpc/error_json.c lib/rpc/error_json.h \
	lib/rpc/params.c \
	lib/rpc/parse.c \
	lib/rpc/rpc.c lib/rpc/rpc.h \
	lib/rpc/said.c lib/rpc/said.h \
	lib/rpc/scan.c \
	lib/rpc/value.c \
	lib/rpc/wire.c
