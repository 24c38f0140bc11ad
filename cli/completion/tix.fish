# SPDX-License-Identifier: MIT
# fish completion for tix; the words come from the program itself.

function __tix_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	for line in (command $words[1] __complete $words[2..-1] "$current" 2>/dev/null)
		switch $line
			case :files
				set -l head (string match -r '^.*[@=]' -- "$current")
				for path in (__fish_complete_path (string replace -r '^.*[@=]' '' -- "$current"))
					echo "$head$path"
				end
			case ':*' ''
			case '*'
				echo $line
		end
	end
end

complete -c tix -f -k -a '(__tix_complete)'
