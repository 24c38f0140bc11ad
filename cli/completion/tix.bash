# SPDX-License-Identifier: MIT
# bash completion for tix; the words come from the program itself.
# shellcheck shell=bash

_tix() {
	local rest=${COMP_LINE:0:COMP_POINT} trimmed word line part head=
	local -a words=() got=()
	local i

	# readline breaks words at : and = too: what has no space between is one word
	for ((i = 0; i <= COMP_CWORD; i++)); do
		trimmed=${rest#"${rest%%[![:space:]]*}"}
		word=${COMP_WORDS[i]}
		((i < COMP_CWORD)) || word=$trimmed
		if ((i == 0)) || [[ $trimmed != "$rest" ]]; then
			words+=("$word")
		else
			words[-1]+=$word
		fi
		rest=${trimmed#"$word"}
	done
	word=${words[-1]}
	# and takes the place only of what follows the last of them
	part=$word
	for ((i = ${#word}; i > 0; i--)); do
		if [[ ${word:i-1:1} == [:=] && $COMP_WORDBREAKS == *"${word:i-1:1}"* ]]; then
			head=${word:0:i}
			part=${word:i}
			break
		fi
	done
	COMPREPLY=()
	mapfile -t got < <("$1" __complete "${words[@]:1}" 2>/dev/null)
	for line in "${got[@]}"; do
		case $line in
		:files)
			compopt -o filenames 2>/dev/null
			i=${part%"${part#@}"} # the @ of @FILE stays
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -P "$i" -f -- "${part#@}")
			;;
		:nospace) compopt -o nospace 2>/dev/null ;;
		:*) ;;
		?*)
			line=${line%%$'\t'*}
			COMPREPLY+=("${line#"$head"}")
			;;
		esac
	done
}

complete -o nosort -F _tix tix
