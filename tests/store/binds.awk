# SPDX-License-Identifier: MIT
# What core binds to which statement, as far as the source says it plainly: lines STATEMENT PARAMETER i64|str|mem.
# Each record is a C statement; a handle is known by its expression until its function ends.
BEGIN { RS = ";" }

function word(text, from, to) {
	text = substr(text, RSTART + from, RLENGTH - from - to)
	gsub(/[ \t\n]/, "", text)
	return text
}

/\n}/ { split("", statement) }

match($0, /q_start\([^,]*,/) {
	handle = word($0, 8, 1)
	statement[handle] = ""
	rest = substr($0, RSTART + RLENGTH)
	if (match(rest, /^[^,]*,[ \t\n]*SQL_[a-z0-9_]+,/)) {
		split(rest, part, /SQL_|,/)
		statement[handle] = part[3]
	}
}

match($0, /q_(i64|str|mem)\([^,]*,[ \t\n]*[0-9]+,/) {
	split(word($0, 0, 1), part, /[(,]/)
	if (statement[part[2]] != "")
		print statement[part[2]], part[3], substr(part[1], 3)
}

match($0, /q_run\([^,]*,[ \t\n]*SQL_[a-z0-9_]+,[^,]*,[ \t\n]*[0-9]+,/) {
	split(word($0, 0, 1), part, /,/)
	for (i = 1; i <= part[4]; i++)
		print substr(part[2], 5), i, "i64"
}
