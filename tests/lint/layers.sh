#!/bin/bash
# SPDX-License-Identifier: MIT
# Includes only point down, and each library is known to few files.
. "$(dirname "$0")/lib.bash"

# layer FOLDER ALLOWED...: the folders whose headers FOLDER may include.
layer() {
	local folder=$1 pattern
	shift
	pattern=$(IFS='|'; echo "$*")
	verdict "$folder includes $* only" "$(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' \
		--include='*.[ch]' --include='*.def' "$folder" 2>/dev/null |
		grep -vE "include[[:space:]]*\"($pattern)/")"
}
layer lib/base base
layer lib/model model base
layer lib/rpc rpc model base
layer lib/store store model base
layer lib/core core store model base
layer daemon daemon rpc core store model base
layer cli cli rpc model base
layer tui tui rpc model base

# library HEADER PATTERN_OF_FILES: who may include <HEADER>.
library() {
	verdict "<$1> only in $2" "$(grep -rnE "#[[:space:]]*include[[:space:]]*<$1>" \
		--include='*.[ch]' lib daemon cli tui | grep -vE "^($2)")"
}
library jansson.h 'lib/base/(json\.[ch]|mem\.h)|lib/rpc/|cli/|tui/|daemon/'
library sqlite3.h 'lib/store/'
library uv.h 'daemon/'
library zstd.h 'lib/store/'
library sodium.h 'lib/base/|lib/rpc/params.c|lib/core/|lib/store/|daemon/'
library curses.h 'tui/screen.c'
library utf8proc.h 'lib/base/'
library ini.h 'lib/base/|daemon/|cli/'

verdict "handlers never walk JSON" "$(grep -rnE 'json_[a-z]+_?[a-z]*\(|jansson' \
	--include='*.[ch]' daemon/handlers 2>/dev/null)"
verdict "SQL lives in lib/store" "$(grep -rniE '"(select|insert into|update [a-z_]+ set|delete from) ' \
	--include='*.[ch]' lib/base lib/model lib/rpc lib/core daemon cli tui)"
verdict "every folder has its headers found from lib/ or the root" "$(grep -rhoE \
	'^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' --include='*.[ch]' \
	lib daemon cli tui | sed -E 's/.*"([^"]+)"/\1/' | sort -u | while read -r header; do
		[ -e "lib/$header" ] || [ -e "$header" ] || [ -e "$top_builddir/$header" ] ||
			[ -e "$top_builddir/lib/$header" ] ||
			echo "$header"
	done)"
plan
