#!/bin/bash
# SPDX-License-Identifier: MIT
# Each method, setting, error and permission of the tables, each flag that help tells of, and each
# variable of the environment that the source asks for is in its manual page.
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

# A page as words: a dash is written \-, and two flags "Fl Fl".
plain() { # page
	sed -E 's/\\-/-/g; s/Fl Fl (no-)?/--\1/g' "$1"
}

page_has_all() { # page words...
	local page=$1 word missing=0 text
	shift
	[ $# -gt 0 ] || { echo "# no words"; return 1; }
	text=$(plain "$page") || return 1
	for word in "$@"; do
		if ! grep -qE -- "(^|[^a-zA-Z0-9_-])$word([^a-zA-Z0-9_-]|\$)" <<<"$text"; then
			echo "# $page lacks $word"
			missing=1
		fi
	done
	return $missing
}

# The flags that a help text lists.
flags() {
	grep -oE '^  (-[a-z], )?--[a-z-]+( [A-Za-z:]+ --[a-z-]+)?' | grep -oE -- '--[a-z-]+'
}

# Variables that the source of folders asks for, by a literal name.
variables() { # folders...
	find "$@" -name '*.c' -exec grep -ohE \
		'(env|number)\([^"()]*"[A-Z][A-Z0-9_]+"|\{("[A-Z][A-Z0-9_]+", )+NULL' {} + |
		grep -oE '"[A-Z][A-Z0-9_]+"' | tr -d '"' | sort -u
}

# Where the verbs of a noun are.
noun_page() { # noun
	case $1 in
	attendee) echo man/tix-export.1 ;;
	rpc) echo man/tix-system.1 ;;
	audit) echo man/tix.1 ;;
	*) echo "man/tix-$1.1" ;;
	esac
}

command_page() { # command
	if [ -e "man/tix-$1.1" ]; then echo "man/tix-$1.1"; else echo man/tix.1; fi
}

cd "${top_builddir:-.}" || exit 1
src=${top_srcdir:-..}
command -v tix >/dev/null || { echo "Bail out! there is no tix in PATH"; exit 1; }

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

# Each verb with its flags on the page of its noun, with what the noun is and examples before options.
for noun in $(printf '%s\n' "${methods[@]%%.*}" | sort -u); do
	page=$(noun_page "$noun")
	bad=0
	for method in "${methods[@]}"; do
		[ "${method%%.*}" = "$noun" ] || continue
		case $method in
		# for programs, or for tests alone
		journal.follow | system.clock_set) continue ;;
		# commands of their own in tix(1)
		audit.run) continue ;;
		esac
		verb=${method#*.}
		grep -qx "\.Ss $noun $verb" "$page" || { echo "# $page has no $noun $verb"; bad=1; }
		mapfile -t words < <(tix "$noun" "$verb" -h | flags)
		[ ${#words[@]} -eq 0 ] || page_has_all "$page" "${words[@]}" || bad=1
	done
	if [[ $(tix "$noun" edit -h 2>&1) == "usage: tix $noun edit "* ]]; then
		grep -qx "\.Ss $noun edit" "$page" || { echo "# $page has no $noun edit"; bad=1; }
	fi
	grep '^\.Sh ' "$page" | tr '\n' ' ' |
		grep -qE 'SYNOPSIS \.Sh DESCRIPTION .*EXIT STATUS .*EXAMPLES .*OPTIONS ' ||
		{ echo "# $page: its parts"; bad=1; }
	result $bad "${page#man/} has the verbs and flags of $noun"
done

mapfile -t words < <(tix help flags | flags)
page_has_all man/tix.1 "${words[@]}"
result $? "tix(1) has all ${#words[@]} flags of every command"
for name in $(tix help verbs | sed -n '/^commands/,/^$/p' | awk '/^  / { print $1 }'); do
	page=$(command_page "$name")
	mapfile -t words < <(tix "$name" -h | flags)
	page_has_all "$page" "$name" "${words[@]}"
	result $? "${page#man/} has $name with its ${#words[@]} flags"
done
mapfile -t words < <(tixd --help | flags)
page_has_all man/tixd.8 "${words[@]}"
result $? "tixd(8) has all ${#words[@]} flags"

mapfile -t words < <(variables "$src/cli")
page_has_all man/tix.1 "${words[@]}"
result $? "tix(1) has all ${#words[@]} variables of the environment"
mapfile -t words < <(variables "$src/daemon" "$src/lib")
page_has_all man/tixd.8 "${words[@]}"
result $? "tixd(8) has all ${#words[@]} variables of the environment"

# What a page refers to of ours exists.
bad=0
while read -r name section; do
	case $name in
	tix | tix-* | tix.* | tixd) [ -e "man/$name.$section" ] || { echo "# no $name($section)"; bad=1; } ;;
	esac
done < <(sed -nE 's/^\.Xr ([^ ]+) ([0-9]).*/\1 \2/p' man/*.[1-8])
result $bad "pages refer to pages that exist"

echo "1..$n"
exit $failed
