#!/bin/bash
# SPDX-License-Identifier: MIT
# Fuzzes the parser of requests for FUZZ_SECONDS (60), where clang has the runtime for it. What it finds stays in
# tests/fuzz/found of the build folder; a fixed finding becomes a seed in tests/fuzz/corpus.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir:-$top_srcdir/build}
out=$top_builddir/tests/fuzz
mkdir -p "$out/found"

if ! echo 'int LLVMFuzzerTestOneInput(const char *d, long n); int LLVMFuzzerTestOneInput(const char *d, long n) { return 0; }' |
	"${CLANG:-clang}" -x c -fsanitize=fuzzer - -o "$out/probe" 2>/dev/null; then
	echo "check-fuzz: skipped, clang has no fuzzer runtime here"
	exit 0
fi
rm -f "$out/probe"
# shellcheck disable=SC2046
"${CLANG:-clang}" -std=gnu17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-include "$top_builddir/config.h" -I"$top_srcdir/lib" -I"$top_srcdir" \
	"$top_srcdir"/lib/base/*.c "$top_srcdir"/lib/model/*.c "$top_srcdir"/lib/rpc/*.c \
	"$top_srcdir/tests/fuzz/request.c" -o "$out/request-fuzz" \
	$(pkg-config --cflags --libs jansson libutf8proc libsodium inih)
cd "$out"
exec ./request-fuzz -max_total_time="${FUZZ_SECONDS:-60}" -max_len=4096 -timeout=5 -artifact_prefix=found/ \
	found "$top_srcdir/tests/fuzz/corpus"
