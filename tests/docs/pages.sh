#!/bin/bash
# SPDX-License-Identifier: MIT
# Each method, setting, error and permission of the tables is in its manual page.
set -u
n=0
failed=0

result() { # status name
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
	fi
}

# The first quoted words of all rows of a macro in the given files.
rows() { # macro files...
	local macro=$1
	shift
	cat "$@" | tr '\n' ' ' | grep -oE "\b$macro\([^\"]*\"[^\"]*\"" | sed -E 's/.*"([^"]*)"$/\1/'
}

page_has_all() { # page words...
	local page=$1 word missing=0
	shift
	[ $# -gt 0 ] || { echo "# no words"; return 1; }
	for word in "$@"; do
		# a page writes a dash as \-
		if ! sed 's/\\-/-/g' "$page" | grep -qF -- "$word"; then
			echo "# $page lacks $word"
			missing=1
		fi
	done
	return $missing
}

cd "${top_builddir:-.}" || exit 1
src=${top_srcdir:-..}

mapfile -t methods < <(rows METHOD "$src"/lib/rpc/methods/[!a]*.def)
page_has_all man/tix-rpc.7 "${methods[@]}"
result $? "tix-rpc(7) has all ${#methods[@]} methods"
mapfile -t errors < <(rows ERR "$src/lib/base/err.def")
page_has_all man/tix-rpc.7 "${errors[@]}"
result $? "tix-rpc(7) has all ${#errors[@]} errors"
page_has_all man/tix.1 "${errors[@]}"
result $? "tix(1) has all ${#errors[@]} errors"
mapfile -t perms < <(rows PERM "$src/lib/rpc/perms.def")
page_has_all man/tix-rpc.7 "${perms[@]}"
result $? "tix-rpc(7) has all ${#perms[@]} permissions"
mapfile -t settings < <(sed -nE 's/^CONF\(([a-z_]+),.*/\1/p' "$src/lib/base/conf.def")
page_has_all man/tix.conf.5 "${settings[@]}"
result $? "tix.conf(5) has all ${#settings[@]} settings"

echo "1..$n"
exit $failed
