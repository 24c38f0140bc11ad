# SPDX-License-Identifier: MIT
# For tests that speak to the daemon byte by byte.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0
load ../lib
tixraw=${top_builddir:-$PWD/build}/tests/tools/tixraw

# call METHOD [PARAMS]: one request, its reply on stdout.
call() {
	printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":%s}\n' "$1" "${2:-{\}}" | "$tixraw" -n 1 "$TIX_SOCKET"
}

# field PATH: of the reply in $output, e.g. field .error.data.name
field() {
	jq -r "$1" <<<"$output"
}

# make_event [SIZE]: what a sale needs, a published event gig with one category, seat.
make_event() {
	call venue.create '{"venue":"hall","name":"Hall","zone":"Europe/Berlin"}' >/dev/null
	call event.create '{"event":"gig","name":"Gig","start":"2030-01-01 20:00","currency":"EUR","venue":"hall"}' >/dev/null
	call category.create '{"event":"gig","name":"seat","price":"10.00","size":'"${1:-1000}"'}' >/dev/null
	call event.publish '{"event":"gig"}' | grep -q published
}

# order_line ID [KEY]: a request that buys one seat.
order_line() {
	printf '{"jsonrpc":"2.0","id":%s,"method":"order.create","params":{"event":"gig","line":[{"category":"seat","count":1}],"pay":"cash"%s}}\n' \
		"$1" "${2:+,\"idempotency_key\":\"$2\"}"
}

# order_lines COUNT [KEY]: so many of them, numbered from 1, with the keys KEY-1, KEY-2 ... Not by a loop: bats looks at
# every command of a test.
order_lines() {
	seq "$1" | sed "s/.*/$(order_line '&' "${2:+$2-&}")/"
}
