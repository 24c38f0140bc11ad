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
	tests/lint/text.sh
