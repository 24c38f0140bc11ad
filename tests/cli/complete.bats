#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Completion: the words that tix offers, and what becomes of them in real shells.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	tix_setup
	export dir store daemon TIX_COMPLETE_MS=30000
	start_daemon
	tix venue create town-hall --name "Town Hall" --zone Europe/Berlin -q
	tix event create summer-fair --name "Fair; \$(touch $dir/pwned) \`touch $dir/pwned\` 'x'" \
		--venue town-hall --start "2030-06-13 20:00" --currency EUR -q
	tix event create summer-sale --name "Sale" --venue town-hall --start "2030-06-13 20:00" --currency EUR -q
	tix category create summer-fair/ga --price 45.00 --size 500 -q
	tix category create summer-fair/student --price 30.00 --size 100 -q
	tix event publish summer-fair -q
	tix order create summer-fair --line ga:2 --name "A. Buyer" --pay cash -q
	tix hold create summer-fair --line ga:1 -q
	echo '{}' >"$dir/a file.json"
}

teardown_file() {
	tix_teardown
}

# The words offered for a line; the last argument is being typed.
words() {
	tix __complete "$@" | cut -f 1
}

@test "nouns, commands, verbs and flags are offered, with what they are" {
	[ "$(words ev)" = event ]
	[ "$(tix __complete event publ)" = $'publish\tPut an event on sale.' ]
	[[ "$(words '')" == *completion* ]]
	[ "$(words event create x --cur)" = --currency ]
	[ "$(words event set x --no-ven)" = --no-venue ]
	[ "$(words import events --rej)" = --rejects ]
	[ "$(words order list --jsonl --csv --ut)" = --utc ]
	[ "$(words -q --socket "$TIX_SOCKET" order cr)" = create ]
	[ "$(words help order expl)" = explain ]
	[[ "$(words journal '')" != *follow* ]]
	[ "$(words refund create x --vo)" = --void ]
	[ "$(words audit --ge)" = --gentle ]
	[ "$(words status --follow --int)" = --interval ]
	[ "$(words db res)" = restore ]
	[ "$(words db restore x --sto)" = --store ]
	[ "$(words db restore x --ke | sort -u)" = $'--keep-persons\n--key' ]
}

@test "values of flags are offered: words of sets, formats, columns, files" {
	[ "$(words order create x --pay=ca)" = --pay=cash ]
	[ "$(words order list --state paid,canc)" = paid,cancelled ]
	[ "$(words -o js | tr '\n' ' ')" = "json jsonl " ]
	[ "$(words order list --fields code,tot)" = code,total ]
	[ "$(words import events x)" = :files ]
	[ "$(words import events --rejects x)" = :files ]
	[ "$(words db restore x --key y)" = :files ]
	[ "$(words status --fields pi)" = pid ]
	[ "$(words event set summer-fair --doc @x)" = :files ]
	[ "$(words completion '' | tr '\n' ' ')" = "bash zsh fish " ]
	[ "$(words venue create x --zone Europe/Berl)" = Europe/Berlin ]
	[ -z "$(words order create x --name '')" ]
	[ -z "$(words no-such-noun no-verb '')" ]
}

@test "the daemon knows slugs, names, codes, holds, tickets and jobs" {
	[ "$(words event show summer-f)" = summer-fair ]
	[ "$(words category show su | head -n 1)" = summer-fair/ ]
	[ "$(words category show summer-fair/s)" = summer-fair/student ]
	[ "$(words -e summer-fair category show g)" = ga ]
	[ "$(words order create summer-fair --line ga:2,st | head -n 1)" = ga:2,student: ]
	[ "$(words event create x --venue to)" = town-hall ]
	code=$(tix order list --state paid --limit 1 --fields code)
	[ "$(words order show "${code:0:3}")" = "$code" ]
	[ "$(words order show "${code:0:7}")" = "$code" ]
	lower=${code,,}
	[ "$(words order show "${lower/-/}")" = "$code" ]
	[ "$(words refund create "$code/" | tr '\n' ' ')" = "$code/1 $code/2 " ]
	[ "$(words order create --hold '')" = "$(tix hold list --fields code)" ]
	[ "$(tix order complete "$code" --event summer-fair --fields word)" = "$code" ]
	[ -z "$(tix order complete "$code" --event summer-sale)" ]
	[ -z "$(tix order complete 0U)" ] # no code has such a letter
	[ "$(tix event complete summer --fields word | wc -l)" -eq 2 ]
	tix event cancel summer-sale -y --confirm summer-sale -q
	[ -z "$(words job show x)" ]
}

@test "without a daemon there is nothing live, and never a word of error" {
	run -0 --separate-stderr env TIX_SOCKET="$dir/none.sock" tix __complete event show s
	[ -z "$output$stderr" ]
	run -0 --separate-stderr env TIX_FORMAT=nonsense tix __complete ev
	[ "$output$stderr" = event ]
}

@test "a daemon that does not answer is not waited for" {
	kill -STOP "$daemon"
	run -0 env TIX_COMPLETE_MS=50 timeout 10 tix __complete event show s
	kill -CONT "$daemon"
	[ -z "$output" ]
}

@test "nothing is offered that a shell could take for its own" {
	while read -r line; do
		[[ $line =~ ^:?[a-zA-Z0-9_./:=,@+%-]+$ ]]
	done < <(for noun in event category order job venue hold; do words "$noun" show ''; done)
	! tix __complete event show '' | grep -q '[[:cntrl:]]x'
}

# What bash makes of a line: $1 up to the cursor.
bash_offers() {
	bash --norc -c '
		eval "$(tix completion bash)"
		COMP_LINE=$1 COMP_POINT=${#1}
		COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2))
		_tix tix
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

@test "bash gets what follows the last : or =, since it breaks words there" {
	[ "$(bash_offers 'tix ev' tix ev)" = event ]
	[ "$(bash_offers 'tix order create x --pay=ca' tix order create x --pay = ca)" = cash ]
	[ "$(bash_offers 'tix order create summer-fair --line ga:2,st' \
		tix order create summer-fair --line ga : 2,st)" = "2,student:" ]
	[ "$(bash_offers "tix event set summer-fair --doc @$dir/a" \
		tix event set summer-fair --doc "@$dir/a")" = "@$dir/a file.json" ]
}

screen_has() {
	tmux -S "$dir/tmux" capture-pane -p | grep -qF -- "$1"
}

# types SHELL_COMMAND: a shell at work in a terminal, its prompt there.
types() {
	command -v tmux >/dev/null || skip "tmux is not installed"
	tmux -S "$dir/tmux" -f /dev/null new-session -d -x 120 -y 30 "cd '$dir'; env HOME='$dir' XDG_CONFIG_HOME='$dir' XDG_DATA_HOME='$dir' $1" 3>&-
	wait_until 30 screen_has 'ready>'
	# what is typed before the first prompt may be dropped
	tmux -S "$dir/tmux" send-keys -l "tix ord"
	wait_until 20 screen_has "tix ord"
	tmux -S "$dir/tmux" send-keys Tab
	wait_until 30 screen_has 'tix order'
	tmux -S "$dir/tmux" send-keys C-u
	tmux -S "$dir/tmux" send-keys -l "tix order create summer-fair --line ga:2,s"
	tmux -S "$dir/tmux" send-keys Tab
	wait_until 30 screen_has 'ga:2,student:'
	tmux -S "$dir/tmux" send-keys C-u
	tmux -S "$dir/tmux" send-keys -l "tix event show summer-f"
	tmux -S "$dir/tmux" send-keys Tab
	wait_until 30 screen_has 'show summer-fair'
	tmux -S "$dir/tmux" send-keys C-u
	tmux -S "$dir/tmux" send-keys -l "tix event set summer-fair --doc @a"
	tmux -S "$dir/tmux" send-keys Tab
	wait_until 30 screen_has 'a\ file.json'
	tmux -S "$dir/tmux" kill-server
	[ ! -e "$dir/pwned" ]
}

@test "bash completes" {
	tix completion bash >"$dir/tix.bash"
	printf "PS1='ready> '\n. %q\n" "$dir/tix.bash" >"$dir/bashrc"
	types "bash --rcfile '$dir/bashrc' -i"
}

@test "zsh completes" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	mkdir "$dir/zsh"
	tix completion zsh >"$dir/zsh/_tix"
	printf "PS1='ready> '\nfpath=(%q \$fpath)\nautoload -U compinit\ncompinit -u -d %q\n" \
		"$dir/zsh" "$dir/dump" >"$dir/zsh/.zshrc"
	types "ZDOTDIR='$dir/zsh' zsh -i"
}

@test "fish completes" {
	command -v fish >/dev/null || skip "fish is not installed"
	tix completion fish >"$dir/tix.fish"
	printf 'set fish_greeting\nfunction fish_prompt\n\techo -n "ready> "\nend\nsource %s\n' \
		"$dir/tix.fish" >"$dir/init.fish"
	types "fish --no-config -C 'source $dir/init.fish'"
}

@test "completion of another shell is refused" {
	run -2 tix completion tcsh
	[[ $output == *"bash, zsh or fish"* ]]
	run -2 tix completion
}
