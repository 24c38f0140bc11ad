#!/bin/bash
# SPDX-License-Identifier: MIT
# Every verb in every mode, to a terminal and to a pipe, with strangers' text in every field: one daemon,
# driven by tests/tools/modes.py.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib.bash"

command -v python3 >/dev/null || { echo "1..0 # SKIP python3 is not installed"; exit 0; }
tix_setup
trap tix_teardown EXIT
start_daemon --test-clock=2031-05-01T12:00:00Z || { echo "Bail out! the daemon does not start"; exit 1; }
export HOME=$dir COLUMNS=
unset COLUMNS
printf '[tix]\nformat = table\n' >"$dir/config"
printf '{"event":"import","name":"Import","start":"2031-08-01T20:00:00Z","currency":"EUR","organizer":"acme"}\n' >"$dir/events"
python3 "$here/../tools/modes.py" "$dir" "$here/columns.golden"

# Now every text in the store is a stranger's who got behind the daemon.
stop_daemon
planted="char(27) || '[31m=1' || char(155) || '2J' || char(10) || char(9) || char(8238) || char(7) || char(127) || 'x'"
sqlite3 "$store" "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c
	where m.type = 'table' and m.name not like 'sqlite%' and c.type = 'TEXT'" |
	while IFS='|' read -r table column; do
		case $table.$column in
		meta.* | migration.* | *.slug | *.zone | *.currency | *.hash) continue ;;          # the store's own
		category.name | quota.name | bookmark.name | job.scope_* | job.actor) continue ;; # what calls go by
		*.target | *_rule | job.mark | job_line.data) continue ;;                         # no text
		esac
		sqlite3 "$store" "update or ignore \"$table\" set \"$column\" = $planted where \"$column\" is not null
			and \"$column\" not like 'a@%'" 2>/dev/null && echo "$table.$column"
	done >"$dir/planted"
[ "$(wc -l <"$dir/planted")" -ge 25 ] || echo "Bail out! only planted in $(paste -sd' ' "$dir/planted")"
start_daemon --test-clock=2031-06-16T12:00:00Z || { echo "Bail out! the daemon does not start"; exit 1; }
python3 "$here/../tools/modes.py" "$dir" "$here/columns.golden" --planted
