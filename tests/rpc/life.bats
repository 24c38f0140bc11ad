#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Ends, reloads, other users, full disks.
load lib

setup() {
	tix_setup
}

teardown() {
	[ -z "${mount:-}" ] || { stop_daemon KILL; umount "$mount"; }
	tix_teardown
}

@test "SIGTERM answers what it has taken, and loses nothing" {
	start_daemon
	make_event 20000
	order_lines 4000 >"$dir/orders"
	"$tixraw" -o "$TIX_SOCKET" <"$dir/orders" >"$dir/sold" 3>&- &
	client=$!
	wait_until 10 test -s "$dir/sold"
	stop_daemon
	wait "$client"
	acked=$(grep -c '"result"' "$dir/sold")
	[ "$acked" -gt 0 ]
	run ! grep -q '"error"' "$dir/sold"
	[ "$(tail -c 1 "$dir/sold" | od -An -c | tr -d ' ')" = '\n' ]
	start_daemon
	run -0 call quota.show '{"event":"gig","name":"seat"}'
	[ "$(field .result.sold)" -eq "$acked" ]
	run -0 call audit.run
	[ "$(field .result.ok)" = true ]
}

@test "an idle connection does not delay the end" {
	start_daemon
	"$tixraw" -o "$TIX_SOCKET" </dev/null >/dev/null 3>&- &
	client=$!
	wait_until 10 connections 2
	began=$SECONDS
	stop_daemon
	[ $((SECONDS - began)) -le 5 ]
	wait "$client"
}

@test "kill -9 in a sale: every acknowledged order is there" {
	start_daemon
	make_event 20000
	order_lines 3000 key >"$dir/orders"
	"$tixraw" -o "$TIX_SOCKET" <"$dir/orders" >"$dir/sold" 3>&- &
	client=$!
	wait_until 10 test -s "$dir/sold"
	stop_daemon KILL || true
	wait "$client" || true
	start_daemon
	acked=$(grep -c '"result".*}$' "$dir/sold")
	run -0 call quota.show '{"event":"gig","name":"seat"}'
	[ "$(field .result.sold)" -ge "$acked" ]
	"$tixraw" "$TIX_SOCKET" <"$dir/orders" >"$dir/again"
	[ "$(grep -c '"result"' "$dir/again")" -eq 3000 ]
	[ "$(grep -c '"replayed":true' "$dir/again")" -ge "$acked" ]
	run -0 call quota.show '{"event":"gig","name":"seat"}'
	[ "$(field .result.sold)" -eq 3000 ]
}

# other UID METHOD [PARAMS]: a call as somebody else.
other() {
	local uid=$1
	shift
	printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":%s}\n' "$1" "${2:-{\}}" |
		setpriv --reuid "$uid" --clear-groups "$tixraw" -n 1 "$TIX_SOCKET"
}

connections() {
	[ "$(call system.status | jq .result.connections)" = "$1" ]
}

# hold_room COUNT COMMAND...: opens connections in the background until the daemon counts COUNT; its pid is in
# $holder. The connection of an earlier call may not be over yet and take a place: then it is tried again.
hold_room() {
	local count=$1 try
	shift
	for ((try = 0; try < 10; try++)); do
		"$@" -t 300 "$TIX_SOCKET" </dev/null >/dev/null 3>&- &
		holder=$!
		if wait_until 5 connections "$count"; then
			return 0
		fi
		kill "$holder" 2>/dev/null || true
		wait "$holder" || true
	done
	return 1
}

open_to_all() {
	[ "$(id -u)" -eq 0 ] || skip "only root can be somebody else"
	command -v setpriv >/dev/null || skip "setpriv is not installed"
	chmod 755 "$dir"
	cp "$tixraw" "$dir/tixraw"
	chmod 755 "$dir/tixraw"
	tixraw=$dir/tixraw
}

@test "other users have the roles that the settings give them" {
	open_to_all
	printf '[peers]\n4242 = support\n4243 = organizer:acme\n4244 = door:default/gig\n' >"$dir/conf"
	start_daemon --config "$dir/conf"
	make_event 10
	chmod 666 "$TIX_SOCKET"
	run -0 other 4242 system.hello
	[ "$(field '.result.principal + " " + (.result.roles|join(","))')" = "support.4242 support" ]
	run -0 other 4242 event.create '{"event":"x","name":"X","start":"2030-01-01","currency":"EUR","zone":"UTC"}'
	[ "$(field .error.data.name)" = not_permitted ]
	run -0 other 4242 journal.follow
	[ "$(field .error.data.name)" = not_permitted ]
	run -0 other 4243 event.show '{"event":"gig"}'
	[ "$(field .error.data.name)" = not_found ]
	run -0 other 4243 journal.follow '{"since":0}'
	[ "$(field .result.subscription)" = 1 ]
	run -0 other 4244 event.show '{"event":"gig"}'
	[ "$(field .result.event)" = gig ]
	run -0 other 4245 system.hello
	[ "$(field .error.data.name)" = not_permitted ]
	[ "$(field .id)" = null ]
}

@test "a code shows an order to those who may see it" {
	open_to_all
	printf '[peers]\n4242 = support\n4243 = ops\n4244 = door:default/gig\n' >"$dir/conf"
	start_daemon --config "$dir/conf"
	make_event 10
	run -0 call order.create '{"event":"gig","line":[{"category":"seat","count":1}],"pay":"cash","name":"A. Buyer","note":"a friend of B."}'
	code=$(field .result.code)
	ticket=$(field '.result.tickets[0].code')
	chmod 666 "$TIX_SOCKET"
	run -0 other 4242 system.show "{\"code\":\"$code\"}"
	[ "$(field '.result.record | .buyer.name + ", " + .note')" = "A. Buyer, a friend of B." ]
	run -0 other 4244 system.show "{\"code\":\"$code\"}"
	[ "$(field '.result.record.tickets[0].code')" = "$ticket" ]
	[[ $output != *uyer* && $output != *friend* ]]
	# A ticket is what ticket.show tells the same person.
	for who in 4242 4244; do
		run -0 other "$who" ticket.show "{\"ticket\":\"$ticket\"}"
		pass=$(field '.result | tostring')
		run -0 other "$who" system.show "{\"code\":\"$ticket\"}"
		[ "$(field '.result.record | tostring')" = "$pass" ]
		[ "$(field .result.code)" = "$code/1" ]
	done
	for code in "$code" "$code/1" "$ticket"; do
		run -0 other 4243 system.show "{\"code\":\"$code\"}"
		[ "$(field .error.data.name)" = not_permitted ]
		[[ $output != *"$ticket"* ]]
	done
}

@test "when there is no room the refusal says so, and the daemon's own user has a reserve" {
	open_to_all
	printf '[tixd]\nmax_connections = 70\nconnections_per_user = 5\n[peers]\n4242 = support\n4243 = support\n' >"$dir/conf"
	start_daemon --config "$dir/conf"
	chmod 666 "$TIX_SOCKET"
	# Somebody takes all that one user may have, then another all but the reserve.
	hold_room 6 setpriv --reuid 4242 --clear-groups "$tixraw" -o -c 4
	first=$holder
	run -0 other 4242 system.hello
	[ "$(field .error.data.name)" = limit ]
	[[ $(field .error.message) == *"user 4242 has 5 connections"* ]]
	hold_room 7 setpriv --reuid 4243 --clear-groups "$tixraw" -o
	second=$holder
	run -0 other 4243 system.hello
	[ "$(field .error.data.name)" = limit ]
	[[ $(field .error.message) == *"6 connections and takes no more"* ]]
	run -0 call system.hello
	[ "$(field .result.principal)" = owner ]
	hold_room 70 "$tixraw" -o -c 62
	third=$holder
	# Now the last place is free for a moment between two calls; take it too.
	fourth=
	full() {
		if [ -z "$fourth" ] || ! kill -0 "$fourth" 2>/dev/null; then
			"$tixraw" -o -t 300 "$TIX_SOCKET" </dev/null >/dev/null 3>&- &
			fourth=$!
		fi
		[ "$(call system.hello | jq -r .error.data.name)" = limit ]
	}
	wait_until 20 full
	run -0 call system.hello
	[[ $(field .error.message) == *"70 connections and takes no more"* ]]
	run -3 tix status
	[[ $output == *"70 connections and takes no more"* ]]
	kill "$first" "$second" "$third" "$fourth"
	wait_until 10 connections 1
	grep -q 'refused user 424[23]' "$dir/tixd.log"
}

@test "an organizer's stream shows that organizer's events only" {
	open_to_all
	printf '[peers]\n4243 = organizer:acme\n' >"$dir/conf"
	start_daemon --config "$dir/conf"
	make_event 10
	call organizer.create '{"organizer":"acme","name":"Acme"}' >/dev/null
	call event.create '{"event":"mine","organizer":"acme","name":"M","start":"2030-01-01","currency":"EUR","venue":null,"zone":"UTC"}' >/dev/null
	chmod 666 "$TIX_SOCKET"
	printf '{"jsonrpc":"2.0","id":0,"method":"journal.follow","params":{"since":0}}\n' |
		setpriv --reuid 4243 --clear-groups "$tixraw" -o -t 60 "$TIX_SOCKET" >"$dir/stream" 3>&- &
	client=$!
	wait_until 10 grep -q '"event":"mine"' "$dir/stream"
	run ! grep -q '"event":"gig"' "$dir/stream"
	kill "$client"
}

@test "SIGHUP reads the settings again and ends who has lost his place" {
	open_to_all
	printf '[peers]\n4242 = support\n' >"$dir/conf"
	start_daemon --config "$dir/conf"
	chmod 666 "$TIX_SOCKET"
	setpriv --reuid 4242 --clear-groups "$tixraw" -o "$TIX_SOCKET" </dev/null >/dev/null 3>&- &
	client=$!
	two() { [ "$(call system.status | jq .result.connections)" = 2 ]; }
	wait_until 10 two
	printf '[peers]\n4243 = support\n' >"$dir/conf"
	kill -HUP "$daemon"
	wait "$client"
	run -0 other 4242 system.hello
	[ "$(field .error.data.name)" = not_permitted ]
	printf '[peers]\nnonsense\n' >"$dir/conf"
	kill -HUP "$daemon"
	wait_until 10 grep -q 'stay as they were' "$dir/tixd.log"
	run -0 other 4243 system.hello
	[ "$(field .result.principal)" = support.4243 ]
}

@test "a full disk stops sales, not reads, and sales resume" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount"
	mkdir "$dir/small"
	mount -t tmpfs -o size=6m none "$dir/small" 2>/dev/null || skip "cannot mount here"
	mount=$dir/small
	# shellcheck disable=SC2034 # start_daemon reads it
	store=$dir/small/a.db
	start_daemon
	make_event 100000
	head -c "$(($(df -k --output=avail "$dir/small" | tail -n 1) - 600))k" /dev/zero >"$dir/small/fill"
	order_lines 3000 >"$dir/orders"
	"$tixraw" "$TIX_SOCKET" <"$dir/orders" >"$dir/sold"
	[ "$(wc -l <"$dir/sold")" -eq 3000 ]
	tail -n 1 "$dir/sold" | grep -q '"name":"unavailable"'
	[ "$(grep -c '"error"' "$dir/sold")" -eq "$(grep -c '"name":"unavailable"' "$dir/sold")" ]
	acked=$(grep -c '"result"' "$dir/sold")
	[ "$acked" -gt 0 ]
	run -0 call event.show '{"event":"gig"}'
	[ "$(field .result.event)" = gig ]
	run -0 call quota.show '{"event":"gig","name":"seat"}'
	[ "$(field .result.sold)" -eq "$acked" ]
	run -0 call system.status
	[ "$(field .result.state)" = selling ]
	[[ "$(field .result.why)" == *"disk is full"* ]]
	run -1 tix doctor
	[[ "$output" == *"nothing can be written for the moment"* ]]
	# As long as every order is refused, nothing says that writing works.
	: >"$dir/again"
	for ((until = SECONDS + 2; SECONDS < until;)); do
		order_line 1 | "$tixraw" -n 1 "$TIX_SOCKET" >>"$dir/again"
		! grep -q '"result"' "$dir/again" || break
		run -1 grep 'writing works again' "$dir/tixd.log"
	done
	rm "$dir/small/fill"
	sells() { order_line 1 | "$tixraw" -n 1 "$TIX_SOCKET" | grep -q '"result"'; }
	wait_until 5 sells
	run -0 call audit.run
	[ "$(field .result.ok)" = true ]
	run -0 call system.status
	[ "$(field .result.why)" = null ]
	[ "$(grep -c 'nothing can be written' "$dir/tixd.log")" -ge 1 ]
	[ "$(grep -c 'writing works again' "$dir/tixd.log")" -ge 1 ]
}
