# SPDX-License-Identifier: MIT
# Lines `name value unit` of several rounds become medians. A ratio is the median of the rounds' ratios: its
# two cases follow each other in a round, so that what else the machine does weighs on both.
{
	list[$1] = list[$1] " " $2
	unit[$1] = $3
}

function median_of(text,    v, n, i, j, t) {
	n = split(text, v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) {
			t = v[j]
			v[j] = v[j - 1]
			v[j - 1] = t
		}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

function median(name) {
	return median_of(list[name])
}

function figure(name) {
	if (name in list)
		print name, median(name), unit[name]
}

function ratio(name, over, under,    a, b, n, i, all) {
	if (!(over in list && under in list))
		return
	n = split(list[over], a, " ")
	if (split(list[under], b, " ") != n)
		return
	for (i = 1; i <= n; i++)
		if (b[i] > 0)
			all = all " " a[i] / b[i]
	if (all != "")
		printf "%s %.2f x\n", name, median_of(all)
}

END {
	n = split("onsale_c1 onsale_c64 onsale_c256 raw_b1 raw_b64 raw_socket_c64", name, " ")
	for (i = 1; i <= n; i++)
		figure(name[i])
	ratio("ratio_c1_raw_b1", "onsale_c1", "raw_b1")
	ratio("ratio_c64_raw_socket", "onsale_c64", "raw_socket_c64")
	ratio("ratio_backup", "onsale_backup", "onsale_alone")
	n = split("p99_c64 rss_idle rss_c64 cli_start dash_commit_p50 dash_commit_p99 dash_cpu dash_rss complete_ms complete_event_ms", name, " ")
	for (i = 1; i <= n; i++)
		figure(name[i])
	ratio("ratio_cli_redis", "cli_start", "redis_start")
	n = split("ids_per_s list_rows_per_s list_rss_tix list_rss_tixd", name, " ")
	for (i = 1; i <= n; i++)
		figure(name[i])
	n = split("p50_c64 p999_c64 cpu_c64 wal_c64 fdatasync redis_start", name, " ")
	for (i = 1; i <= n; i++)
		figure(name[i])
	n = split(compare, name, " ")
	for (i = 1; i <= n; i++) {
		figure("this_c" name[i])
		figure("other_c" name[i])
		ratio("ratio_c" name[i], "this_c" name[i], "other_c" name[i])
	}
}
