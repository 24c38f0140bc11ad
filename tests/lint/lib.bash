# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the lint tests share: where the tree is, lists of files, and TAP verdicts. Each test ends
# with `plan`. All of them work from the source root.
top_srcdir=${top_srcdir:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
top_builddir=${top_builddir:-$top_srcdir/build}
cd "$top_srcdir" || exit 1
lint_count=0

# C sources of the product below the given folders, one a line.
c_files() {
	find "$@" -name '*.[ch]' | LC_ALL=C sort
}

# A C file without comments and string contents, as FILE:LINE:TEXT.
c_code() {
	local file
	for file in "$@"; do
		awk -v file="$file" '
		{
			out = ""
			n = length($0)
			for (i = 1; i <= n; i++) {
				c = substr($0, i, 1)
				two = substr($0, i, 2)
				if (comment) {
					if (two == "*/") { comment = 0; i++ }
				} else if (quote != "") {
					if (c == "\\") i++
					else if (c == quote) { quote = ""; out = out c }
				} else if (two == "/*") {
					comment = 1; i++; out = out " "
				} else if (two == "//") {
					break
				} else {
					if (c == "\"" || c == "\047") quote = c
					out = out c
				}
			}
			quote = ""
			print file ":" NR ":" out
		}' "$file"
	done
}

# verdict NAME [FINDINGS]: passes when there are no findings, else shows them.
verdict() {
	lint_count=$((lint_count + 1))
	if [ -z "${2:-}" ]; then
		echo "ok $lint_count - $1"
	else
		echo "not ok $lint_count - $1"
		printf '%s\n' "$2" | head -n 40 | sed 's/^/# /'
	fi
}

skip() {
	lint_count=$((lint_count + 1))
	echo "ok $lint_count - $1 # SKIP $2"
}

plan() {
	echo "1..$lint_count"
}
