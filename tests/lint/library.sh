#!/bin/bash
# SPDX-License-Identifier: MIT
# The library never prints, logs, exits or hides state that changes.
. "$(dirname "$0")/lib.bash"

mapfile -t files < <(c_files lib | grep -vE '^lib/base/(log|failpoint)\.[ch]$')
code=$(c_code "${files[@]}")
words() {
	grep -E "(^|[^A-Za-z0-9_>.])($1)[[:space:]]*\(" <<<"$code"
}
verdict "the library prints nothing" \
	"$(words 'printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs|putchar|fputc|perror')"
verdict "the library does not log" "$(words 'syslog|warn|warnx|log_[a-z]+' | grep -v 'log_msg_')"
verdict "the library never ends the process" \
	"$(words 'exit|_exit|_Exit|quick_exit|err|errx|errc')"
# A broken promise of the kernel or of our own code may stop everything; data never may.
verdict "the library aborts in lib/base alone" "$(words 'abort' | grep -v '^lib/base/')"

# State that changes: the objects in .data, .bss and thread-local sections. One line for each
# exception: a cache of constants under a lock, named with its file.
allowed='^(zone\.o|clock\.o|log\.o|failpoint\.o|rand\.o):'
for archive in libtix.a libtixcore.a; do
	if [ ! -f "$top_builddir/$archive" ]; then
		skip "$archive has no state that changes" "not built"
	elif nm "$top_builddir/$archive" 2>/dev/null | grep -qE '__(asan|tsan)_init'; then
		skip "$archive has no state that changes" "a sanitizer adds its own"
	else
		verdict "$archive has no state that changes" \
			"$(objdump -t "$top_builddir/$archive" | awk '
			/file format/ { object = $1; sub(/:$/, "", object) }
			/ O \.(data|bss|tdata|tbss)[ \t]/ || /\*COM\*/ { print object ": " $NF }' |
			sed 's/^lib[a-z]*_a-//' | grep -vE "$allowed")"
	fi
done
plan
