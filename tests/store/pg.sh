#!/bin/bash
# SPDX-License-Identifier: MIT
# The second engine: a private PostgreSQL server in a folder of its own, reached by a UNIX socket
# alone, sees every migration and every statement. The server never runs as root.
set -u
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir:-$top_srcdir/build}
. "$top_srcdir/tests/lib.bash"
tool=$top_builddir/tests/store/pg_prepare
unset "${!PG@}"

# absent REASON: nothing to test with, which is a failure where all packages were installed.
absent() {
	if [ "${TEST_POSTGRES:-}" = required ]; then
		echo "not ok 1 - $1"
		echo "1..1"
	else
		echo "1..0 # SKIP $1"
	fi
	exit 0
}

bin=
for folder in /usr/lib/postgresql/15/bin "$(pg_config --bindir 2>/dev/null)"; do
	[ -n "$bin" ] || ! [ -x "$folder/initdb" ] || ! [ -x "$folder/postgres" ] || bin=$folder
done
[ -n "$bin" ] || absent "PostgreSQL's server is not installed"
[ -x "$tool" ] || absent "libpq was not there when this was built"

dir=$(mktemp -d "${TMPDIR:-/tmp}/tix-pg.XXXXXX")
server=
finish() {
	if [ -n "$server" ]; then
		kill -INT "$server" 2>/dev/null
		wait "$server" 2>/dev/null
	fi
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

as=()
if [ "$(id -u)" -eq 0 ]; then
	user=postgres
	id "$user" >/dev/null 2>&1 || user=nobody
	as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
	chown "$user" "$dir"
fi

give_up() {
	sed 's/^/# /' "$dir/log"
	echo "Bail out! $1"
	exit 1
}

cd "$dir" || exit
"${as[@]}" "$bin/initdb" -D "$dir/data" -U tix -A trust --encoding=UTF8 --locale=C.UTF-8 \
	--lc-collate=C --no-sync >"$dir/log" 2>&1 || give_up "initdb failed"
"${as[@]}" "$bin/postgres" -D "$dir/data" -k "$dir" -F -c listen_addresses= -c max_connections=8 \
	-c shared_buffers=16MB -c autovacuum=off -c jit=off >>"$dir/log" 2>&1 </dev/null &
server=$!

ready() {
	! kill -0 "$server" 2>/dev/null || "$bin/pg_isready" -q -h "$dir" -U tix -d postgres
}
if ! wait_until 60 ready || ! kill -0 "$server" 2>/dev/null; then
	give_up "the server does not start"
fi

cat "$top_srcdir"/lib/core/*.c "$top_srcdir"/lib/store/migrate.c |
	awk -f "$top_srcdir/tests/store/binds.awk" >"$dir/binds"
"$tool" "host=$dir user=tix dbname=postgres" <"$dir/binds" || {
	status=$?
	echo "# the server said:"
	grep -E 'FATAL|PANIC' "$dir/log" | sed 's/^/# /'
	exit $status
}
