# SPDX-License-Identifier: MIT
# Gates on the source and on the built programs; `make lint` runs them alone.
lint_tests += \
	tests/lint/calls.sh \
	tests/lint/layers.sh \
	tests/lint/library.sh \
	tests/lint/manual.sh \
	tests/lint/programs.sh \
	tests/lint/shell.sh \
	tests/lint/sizes.sh \
	tests/lint/text.sh \
	tests/lint/units.sh

# Advice, not a gate: slow, and judged by a person.
analyze: all
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem --suppress=syntaxError \
		-I $(srcdir)/lib -I $(srcdir) $(srcdir)/lib $(srcdir)/daemon $(srcdir)/cli
	cd $(srcdir) && clang-tidy --quiet \
		--checks='-*,bugprone-*,clang-analyzer-*,cert-*,-bugprone-easily-swappable-parameters,-bugprone-macro-parentheses,-bugprone-narrowing-conversions,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling' \
		$$(find lib daemon cli -name '*.c') -- -std=gnu17 -D_GNU_SOURCE \
		-include $(abs_top_builddir)/config.h -Ilib -I. $(UV_CFLAGS) $(JANSSON_CFLAGS)

.PHONY: analyze
