#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The views of jobs and of the journal: how they look, what their keys do, and what comes by itself.
bats_require_minimum_version 1.5.0
load ../lib
load lib

setup_file() {
	keep_sale make_jobs
}

setup() {
	open_sale
	dash=
}

teardown() {
	[ -z "$dash" ] || kill "$dash" 2>/dev/null || true
	tix_teardown
}

# One job that has ended, with an item that failed, and one that waits.
make_jobs() {
	printf '%s\n' '{"event":"e-1","name":"E 1","start":"2031-01-01"}' '{"event":"e-2","name":"no start"}' \
		'{"event":"e-3","name":"E 3","start":"2031-01-01"}' >"$dir/rows"
	tix import events "$dir/rows" --job --zone Europe/Warsaw -q || [ $? -eq 1 ]
	tix event cancel summer-fair --rate 1 --refund bank --yes --confirm summer-fair --detach -q
	tix job pause j2 --reason 'the box office asks' -q
}

# What each store draws anew.
plain() {
	sed -i -E 's/[0-9a-f]{16}\.\./HASH............../g; s/[0-9a-f]{8}-[0-9]+\b/REQUEST/' "$dir/screens"
}

# rows COUNT: events to be imported, m-1, m-2 ...
rows() {
	seq "$1" | sed 's/.*/{"event":"m-&","name":"M &","start":"2031-01-01"}/'
}

tour=('wait hamlet' 'key 7' 'wait paused' 'dump jobs' 'key j Enter' 'wait begun' 'settle' 'dump failed'
	'key k x' 'dump sheet' 'key Esc Esc' 'key 8' 'wait job.paused' 'dump journal' 'key /' 'type actor:!core topic:job'
	'dump filter' 'key Enter k k' 'dump still')

@test "80x24" {
	screens 80x24 "${tour[@]}"
	plain
	golden panes-80x24
}

@test "160x45, ASCII: what is at the side stands beside" {
	LC_ALL=C screens 160x45 "${tour[@]}"
	plain
	golden panes-160x45
	! LC_ALL=C grep -nP '[^\x0a\x20-\x7e]' "$dir/screens"
}

@test "as lines" {
	dash_flags=--linear screens 80x24 "${tour[@]}"
	plain
	golden panes-linear
}

@test "a job is resumed and stopped by a sheet, which the key that opens it does not confirm" {
	screens 80x24 'wait hamlet' 'key 7' 'wait paused' 'key x' 'wait -- STOP j2' 'key x' \
		'wait x does nothing here' 'key Esc' 'gone -- STOP' 'key R' 'wait nothing to retry'
	[ "$(tix job show j2 --fields state)" = paused ]
	screens 80x24 'wait hamlet' 'key 7' 'wait paused' 'key x Enter' 'wait j2 stopped' 'gone -- STOP' 'settle'
	[ "$(tix job show j2 --fields state)" = stopped ]
	screens 80x24 'wait hamlet' 'key 7' 'wait stopped' 'key p' 'wait nothing to pause' 'key R Enter' \
		'wait j2 goes on' 'settle' 'key p Enter' 'wait j2 paused' 'key p' 'wait -- RESUME j2' 'key Enter' 'wait j2 goes on'
	[ "$(tix job show j2 --fields state)" = running ]
	tix job stop j2 --yes -q
}

@test "each key that help names does something in jobs and in the journal" {
	each_key 7
	each_key 8
	[ "$keys_tried" -gt 40 ]
}

@test "a job that somebody else pauses shows so, and what it did is counted" {
	follow
	printf '%s\n' 'wait hamlet' 'key 7' 'wait 0/7' 'dump paused' >&4
	wait_until 40 dumped paused
	tix job resume j2 -q
	printf '%s\n' 'wait running' 'wait 1/7' >&4
	look running | grep -E '^> j2 .* running +1/7'
	tix job stop j2 --yes -q
	echo 'gone running' >&4
	look stopped | grep -E '^> j2 .* stopped '
}

@test "the journal grows by itself, stands still, and goes on" {
	follow
	printf '%s\n' 'wait hamlet' 'key 8' 'wait job.paused' 'dump before' >&4
	wait_until 40 dumped before
	tix order create hamlet --line stalls:1 --pay cash -q
	echo 'wait 1 ticket    48.50 GBP' >&4
	look grown | grep -E '^> +[0-9]+  20:14:05  owner +order.paid'
	printf '%s\n' 'key k' 'wait tail off' 'dump off' >&4
	wait_until 40 dumped off
	tix order create hamlet --line stalls:2 --pay cash -q
	echo settle >&4
	run look still
	[[ $output == *"tail off"* && $output != *97.00* ]]
	printf '%s\n' 'key f' 'wait 2 tickets' >&4
	look on | grep -E '^> .*order.paid .*2 tickets   97.00 GBP'
}

@test "records before the first ones are read when one goes up" {
	rows 230 >"$dir/rows"
	tix import events "$dir/rows" --zone UTC -q
	screens 80x24 'wait hamlet' 'key 8' 'wait m-230' 'gone venue.created' 'key g' 'settle' 'key g' 'settle' \
		'wait venue.created' 'key G' 'wait tail on' 'wait m-230'
}

@test "a record leads to its order, its job, its event; and back" {
	order=$(tix order list summer-fair --limit 1 --fields code)
	screens 80x24 'wait hamlet' 'key 8' 'wait job.paused' 'key /' "type subject:$order topic:order" 'key Enter Enter' \
		'wait [3 Orders]' "wait > $order" 'wait balance' 'key Esc Esc' 'key 8' 'wait order.paid' 'key Esc' 'key /' 'type job.paused' \
		'key Enter Enter' 'wait [7 Jobs]' 'wait > j2' 'wait begun' 'key 8' 'key Esc' 'key /' 'type category hamlet/' \
		'key Enter Enter' 'wait [2 Event]' 'wait Hamlet'
}

@test "the record as it is, line by line; its subject is copied" {
	screens 80x24 'wait hamlet' 'key 8' 'wait job.paused' 'key v' 'wait "subject": "j2"' 'key Tab G' 'wait > }' \
		'key Esc' 'gone "subject"' 'wait the box office asks' 'key y' 'wait copied j2'
}

@test "hostile text moves nothing and brings no control character" {
	sqlite3 "$store" "drop trigger journal_update;
		update journal set data = json_object('note', char(27) || '[2J' || char(8238) || 'evil' || char(10)),
			reason = char(27) || ']0;x' || char(7) where seq = (select max(seq) from journal);
		update job set reason = char(27) || '[2J' where 1" || skip "no sqlite3"
	screens 160x45 'wait hamlet' 'key 8' 'wait evil' 'dump nasty' 'key v' 'dump raw' 'key 7' 'wait paused' 'dump jobs'
	! LC_ALL=C grep -nP '[\x00-\x09\x0b-\x1f\x7f]' "$dir/screens"
}

@test "who may not change jobs has no keys for it, and is told so" {
	[ "$(id -u)" -eq 0 ] || skip "only root can be somebody else"
	command -v setpriv >/dev/null || skip "setpriv is not installed"
	stop_daemon
	printf '[peers]\n4242 = ops\n' >"$dir/conf"
	start_daemon --config "$dir/conf" --test-clock="$now"
	cp "$top_builddir/tix-dash" "$dir/tix-dash"
	printf '%s\n' 'wait LIVE' 'key 7' 'wait paused' 'dump jobs' 'key x' 'wait not permitted: this needs the right job.write' \
		'gone -- STOP' 'key ?' 'wait [Help]' 'dump help' >"$dir/script"
	chmod 755 "$dir" "$dir/tix-dash"
	chmod 666 "$TIX_SOCKET"
	setpriv --reuid 4242 --clear-groups "$dir/tix-dash" --script "$dir/script" --now "$now" >"$dir/screens"
	grep -E '^> j2 .* paused ' "$dir/screens"
	grep -E '^Enter failed  o did  y copy  / filter' "$dir/screens"
	! grep -E 'Let it wait|Cancel, void|Try again' "$dir/screens"
}

@test "more than the list takes at once: it goes on from the newest, and is never empty" {
	follow
	printf '%s\n' 'wait hamlet' 'key 8' 'wait job.paused' 'dump before' >&4
	wait_until 40 dumped before
	rows 450 >"$dir/rows"
	tix import events "$dir/rows" --zone UTC -q
	printf '%s\n' 'wait m-450' 'wait event.imported  import   created 50' >&4
	look after | grep -E '^> .*event.imported +import +created 50 '
	run -1 grep 'nothing has happened' "$dir/screens"
	printf '%s\n' 'key g' 'settle' 'key g' 'settle' 'key g' 'settle' 'key g' 'wait venue.created' >&4
	look first | grep -E '^> +1 .*venue.created'
}

@test "what a job did and what happened to an order are a key away, however long ago" {
	order=$(tix order list hamlet --limit 1 --fields code)
	rows 450 >"$dir/rows"
	tix import events "$dir/rows" --zone UTC -q
	screens 80x24 'wait hamlet' 'key 3' "wait $order" 'key o' 'wait [8 Journal]' "wait FILTER  subject:$order" \
		'wait order.placed' 'gone m-450' 'key Esc Esc' 'wait [3 Orders]' 'key 7' 'wait paused' 'key j o' 'wait FILTER  request:j1' \
		'wait event.created' 'wait job.done' 'settle' 'dump did'
	grep -E 'event.created +e-3 ' "$dir/screens"
	! grep -E 'm-450|order.placed' "$dir/screens"
}

@test "a sheet outlives the daemon: nothing was asked, then it is done once" {
	follow
	printf '%s\n' 'wait hamlet' 'key 7' 'wait paused' 'key x' 'wait -- STOP j2' 'dump sheet' >&4
	wait_until 40 dumped sheet
	stop_daemon KILL || true
	printf '%s\n' 'wait RETRY' 'key Enter' 'wait nothing was asked' 'wait -- STOP j2' 'say gone' >&4
	wait_until 40 dumped gone
	start_daemon --test-clock="$now"
	printf '%s\n' 'wait LIVE' 'key Enter' 'wait j2 stopped' 'gone -- STOP' >&4
	look back | grep -E '^> j2 .* stopped '
	[ "$(tix journal list --topic job.stopped | wc -l)" -eq 1 ]
}

@test "what is answered while another view is shown is there when one comes back" {
	follow
	printf '%s\n' 'wait hamlet' 'key 8' 'wait job.paused' 'settle' 'key 1' 'wait hamlet' 'settle' 'say before' >&4
	wait_until 40 dumped before
	tix order create hamlet --line stalls:3 --pay cash -q
	printf '%s\n' 'wait 3/40' 'settle' 'say sold' >&4
	wait_until 40 dumped sold
	kill -STOP "$daemon"
	printf '%s\n' 'key 8' 'key 1' 'say left' >&4
	wait_until 40 dumped left
	kill -CONT "$daemon"
	printf '%s\n' 'settle' 'key 8' 'settle' >&4
	look back | grep -E '^> .*order.paid .*3 tickets  145.50 GBP'
}

@test "one job after the other is opened from the journal" {
	screens 80x24 'wait hamlet' 'key 8' 'wait job.paused' 'key /' 'type topic:job.paused' 'key Enter Enter' 'wait JOB j2' \
		'settle' 'key 8 Esc' 'key /' 'type topic:job.done' 'key Enter' 'wait > ' 'key Enter' 'wait [7 Jobs]' 'settle' 'dump second'
	grep -F 'JOB j1' "$dir/screens"
	grep -F 'start is required' "$dir/screens"
}

@test "a sheet is not confirmed by a click on a row" {
	screens 80x24 'wait hamlet' 'key 7' 'wait paused' 'click 4 3 twice' 'wait JOB j1' 'key Esc k x' 'wait -- STOP j2' \
		'click 3 3 twice' 'settle' 'wait -- STOP j2'
	[ "$(tix job show j2 --fields state)" = paused ]
}

@test "a failed line of an import is no order" {
	screens 80x24 'wait hamlet' 'key 7' 'wait paused' 'key j Enter' 'wait start is required' 'key Tab Enter' \
		'wait 2 has no view of its own' 'wait [7 Jobs]'
}

@test "a failed item of a cancellation leads to its order" {
	code=$(tix order list summer-fair --limit 1 --fields code)
	sqlite3 "$store" "insert into job_item (job, subject, state, error, message)
		select 2, id, 2, 'wrong_state', 'not now' from orders where event = 1 order by id desc limit 1" || skip "no sqlite3"
	screens 80x24 'wait hamlet' 'key 7' 'wait paused' 'key Enter' 'wait not now' 'key Tab Enter' 'wait [3 Orders]' "wait ORDER $code"
}
