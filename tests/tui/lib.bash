# SPDX-License-Identifier: MIT
# A store with a sale in it whose clock stands still, and screens of tix-dash without a terminal.
# shellcheck shell=bash

now=2026-06-07T18:14:05Z

clock() {
	tix api system.clock_set "{\"now\":\"$1\"}" >"$dir/clock"
}

# A fair and a play on sale, a draft; the fair's student tickets are sold out, one order waits for its transfer.
make_sale() {
	local i
	tix venue create hall --name 'Town Hall' --city Berlin --country DE --zone Europe/Berlin -q
	tix event create summer-fair --name 'Summer Fair' --start '2026-06-13 20:00' --venue hall --currency EUR -q
	tix event create hamlet --name Hamlet --start '2026-06-19 19:30' --zone Europe/London --currency GBP -q
	tix event create mars-expo --name 'Mars Expo' --start 2026-07-19 --zone Europe/London --currency GBP -q
	tix category create summer-fair/ga --price 45.00 --size 50 --title 'General admission' -q
	tix category create summer-fair/student --price 30.00 --size 12 -q
	tix category create hamlet/stalls --price 48.50 --size 40 -q
	tix api event.set '{"event":"summer-fair","target":[{"days":60,"count":0},{"days":0,"count":50}]}' >"$dir/out"
	tix event publish summer-fair -q
	tix event publish hamlet -q
	for i in 1 2 3 4 5 6; do
		clock "2026-06-0${i}T1$i:00:00Z"
		tix order create summer-fair --line "ga:$i" --pay cash --name "Buyer $i" -q
	done
	tix order create summer-fair --line student:12 --pay cash --name 'Mary Darcy' -q
	order=$(tix order list summer-fair --limit 1 --fields code)
	tix refund create "$order/1" --amount 20 --reason 'came late' --yes -q
	clock 2026-06-07T17:40:00Z
	tix order create hamlet --line stalls:4 --pay bank --name 'Zażółć Gęś' --email gans@example.org -q
	clock "$now"
}

# keep_sale [COMMAND...]: for setup_file: makes the sale and what COMMAND makes; the store is kept for open_sale.
keep_sale() {
	tix_setup
	start_daemon --test-clock=2026-06-01T10:00:00Z
	make_sale
	"$@"
	stop_daemon
	cp "$store" "$store.key" "$BATS_FILE_TMPDIR"
	tix_teardown
}

# open_sale: for setup: a daemon on a copy of that store, at the time of day that it was kept.
open_sale() {
	tix_setup
	cp "$BATS_FILE_TMPDIR"/tix.db* "$dir"
	start_daemon --test-clock="$now"
	export TZ=Europe/Berlin
}

# screens SIZE COMMAND...: runs a script of these lines; what it dumped is in $dir/screens.
screens() {
	local size=$1
	shift
	printf '%s\n' "$@" >"$dir/script"
	tix-dash --script "$dir/script" --size "$size" --now "$now" ${dash_flags:-} >"$dir/screens"
}

# golden NAME: $dir/screens is tests/tui/screens/NAME, but for the codes that each store draws anew.
# GOLDEN=write writes it instead.
golden() {
	local file=$BATS_TEST_DIRNAME/screens/$1
	sed -E 's/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/CODE-CODE/g; s/[0-9A-HJ-NP-TV-Z]{26}/TICKET-CODE---------------/g' "$dir/screens" >"$dir/masked"
	if [ "${GOLDEN:-}" = write ]; then
		cp "$dir/masked" "$file"
	else
		diff -u "$file" "$dir/masked"
	fi
}

# follow: runs the commands that are written to descriptor 4; screens go to $dir/screens.
follow() {
	mkfifo "$dir/commands"
	tix-dash --script "$dir/commands" --size 80x24 ${dash_flags:-} >"$dir/screens" 2>"$dir/err" 3>&- &
	dash=$!
	exec 4>"$dir/commands"
}

dumped() {
	grep -q "^== $1\$" "$dir/screens" || ! kill -0 "$dash" 2>/dev/null
}

# look NAME: waits until that screen is there, and prints it.
look() {
	echo "dump $1" >&4
	wait_until 40 dumped "$1"
	sed -n "/^== $1\$/,/^== /p" "$dir/screens"
}

# keys_of VIEW: the keys that help names there, but those that end the program.
keys_of() {
	screens 80x60 'wait hamlet' 'key 2' "key $1" 'key ?' 'wait [Help]' 'dump help'
	sed -nE 's/^[> ] ([^ ].*)$/\1/p' "$dir/screens" | sed 's/   *.*//' | grep -v '^KEY$' |
		tr ' ' '\n' | grep -vxE 'Q|F10|\^Z'
}

# each_key VIEW: no key that help names there is without meaning; $keys_tried is how many there were so far.
each_key() {
	local key lines=('wait hamlet' 'key 1 Enter' 'wait CATEGORY')
	for key in $(set -f; keys_of "$1"); do
		lines+=("key $1" settle "key $key" 'gone does nothing here' 'gone no view')
		case $key in / | F4) lines+=('key Esc') ;; esac
		keys_tried=$((${keys_tried:-0} + 1))
	done
	screens 80x24 "${lines[@]}"
}
