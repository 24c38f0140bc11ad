/* SPDX-License-Identifier: MIT */
/* Settings: defaults, a good file, each way a line can be wrong, and the table itself. */
#include "tests/tap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/log.h"

static struct conf conf;

static int parse(const char *text, struct err *e)
{
	err_clear(e);
	return conf_parse("f", text, strlen(text), &conf, e);
}

static void defaults(void)
{
	conf_defaults(&conf);
	is_str(conf.store.s, "", "no store");
	is_int(conf.readers, 2, "readers");
	is_int(conf.hold_default, INT64_C(600000000), "holds of ten minutes");
	is_int(conf.idempotency_days, 7, "keys of seven days");
	is_int(conf.wal_max_mib, 192, "log of 192 MiB");
	is_int(conf.reader_max_age, 30000000, "readers of 30 s");
	is_int(conf.max_connections, 12000, "connections");
	is_int(conf.log_level, LEVEL_INFO, "log level");
	is_int(conf.n_peers, 0, "no peers");
}

static void good(void)
{
	struct err e = {0};
	int r = parse(
	    "\xEF\xBB\xBF# comment\n; another\n\n[tixd]\r\nstore = sqlite:/srv/a b.db\nreaders=4\n"
	    "hold_default = 90s ; inline\nlog_level: debug\n[peers]\n1001 = support:acme\n"
	    "1002 = door:acme/summer-fair\n1003 = readonly",
	    &e);

	is_int(r, 0, "a good file");
	is_str(e.message, "", "no complaint");
	is_str(conf.store.s, "sqlite:/srv/a b.db", "text with a blank");
	is_int(conf.readers, 4, "number");
	is_int(conf.hold_default, 90000000, "span");
	is_int(conf.log_level, LEVEL_DEBUG, "level");
	is_int(conf.line[CONF_ID_readers], 6, "its line");
	is_int(conf.line[CONF_ID_socket], 0, "built in");
	is_int(conf.n_peers, 3, "peers");
	ok(conf.peers[0].uid == 1001 && !strcmp(conf.peers[0].role, "support") &&
		!strcmp(conf.peers[0].organizer, "acme") && !conf.peers[0].event[0],
	    "role and organizer");
	ok(conf.peers[1].line == 11 && !strcmp(conf.peers[1].organizer, "acme") &&
		!strcmp(conf.peers[1].event, "summer-fair"),
	    "and event");
	ok(!strcmp(conf.peers[2].role, "readonly") && !conf.peers[2].organizer[0], "role alone");
}

static void bad(void)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
	    {"[tixd]\nreaders = 0\n", "f:2: this value is not possible"},
	    {"[tixd]\nreaders = 17\n", "f:2: this value is not possible"},
	    {"[tixd]\nreaders =\n", "f:2: this value is not possible"},
	    {"[tixd]\nreaders = two\n", "f:2: this value is not possible"},
	    {"[tixd]\nhold_default = 10\n", "f:2: this value is not possible"},
	    {"[tixd]\nhold_default = 0s\n", "f:2: this value is not possible"},
	    {"[tixd]\nlog_level = loud\n", "f:2: this value is not possible"},
	    {"[tixd]\nstore = a\x1b[31m\n", "f:2: this value is not possible"},
	    {"[tixd]\nspeed = 9\n", "f:2: no setting \"speed\" in [tixd]"},
	    {"[tix]\nreaders = 2\n", "f:2: no setting \"readers\" in [tix]"},
	    {"readers = 2\n", "f:1: no setting \"readers\" in []"},
	    {"[tixd]\nreaders = 2\n\nreaders = 2\n", "f:4: set a second time"},
	    {"[tixd]\nstore = a\n  b\n", "f:3: set a second time"},
	    {"[tixd]\nreaders\n", "f:2: neither [section] nor key = value"},
	    {"[tixd\nreaders = 2\n", "f:1: neither [section] nor key = value"},
	    {"[tixd]\n# \xFF\n", "f:2: the line is not valid UTF-8"},
	    {"[peers]\nann = owner\n", "f:2: a peer is the number of a user"},
	    {"[peers]\n-1 = owner\n", "f:2: a peer is the number of a user"},
	    {"[peers]\n4294967295 = owner\n", "f:2: a peer is the number of a user"},
	    {"[peers]\n1 = owner\n1 = ops\n", "f:3: this user was given before"},
	    {"[peers]\n1 = Owner\n",
		"f:2: a peer's value is ROLE, ROLE:ORGANIZER or ROLE:ORGANIZER/EVENT"},
	    {"[peers]\n1 = door:\n",
		"f:2: a peer's value is ROLE, ROLE:ORGANIZER or ROLE:ORGANIZER/EVENT"},
	    {"[peers]\n1 = door:a/\n",
		"f:2: a peer's value is ROLE, ROLE:ORGANIZER or ROLE:ORGANIZER/EVENT"},
	    {"[peers]\n1 = door:a/b/c\n",
		"f:2: a peer's value is ROLE, ROLE:ORGANIZER or ROLE:ORGANIZER/EVENT"},
	    {"[peers]\n1 = :a\n",
		"f:2: a peer's value is ROLE, ROLE:ORGANIZER or ROLE:ORGANIZER/EVENT"},
	};
	struct err e = {0};
	char line[400];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		conf.readers = 99;
		is_int(parse(rows[i].text, &e), TIX_ECONFIG, "refused");
		is_str(e.message, rows[i].message, rows[i].message);
		ok(conf.readers == 99, "nothing changed");
	}
	snprintf(line, sizeof(line), "[tixd]\nstore = %0190d\n", 0);
	is_int(parse(line, &e), TIX_ECONFIG, "a long line");
	is_str(e.message, "f:2: the line is too long", "says so");
	snprintf(line, sizeof(line), "; %0187d\n[tixd]\n", 0);
	is_int(parse(line, &e), 0, "190 bytes with the line's end");
	snprintf(line, sizeof(line), "; %0188d\n[tixd]\n", 0);
	is_int(parse(line, &e), TIX_ECONFIG, "191 bytes");
	is_int(conf_parse("f", "[tixd]\nstore = a\0b\n", 19, &conf, &e), TIX_ECONFIG, "NUL");
}

static void files(void)
{
	char path[] = "/tmp/tix-conf-XXXXXX";
	int fd = mkstemp(path);
	struct err e = {0};

	ok(write(fd, "[tixd]\nreaders = 3\n", 19) == 19, "a file");
	close(fd);
	is_int(conf_read(path, &conf, &e), 0, "is read");
	is_int(conf.readers, 3, "its value");
	truncate(path, CONF_FILE_MAX + 1) == 0 ? (void)0 : diag("truncate failed");
	is_int(conf_read(path, &conf, &e), TIX_ECONFIG, "too large");
	unlink(path);
	is_int(conf_read(path, &conf, &e), TIX_ENOT_FOUND, "absent");
	is_int(conf_read("/tmp", &conf, &e), TIX_ECONFIG, "a directory");
}

static void flags_and_display(void)
{
	struct err e = {0};
	struct buf b;

	conf_defaults(&conf);
	is_int(conf_set(&conf, CONF_ID_store, "sqlite:x", &e), 0, "a flag");
	is_int(conf.line[CONF_ID_store], -1, "known as such");
	is_int(conf_set(&conf, CONF_ID_readers, "99", &e), TIX_ECONFIG, "a bad flag");
	is_str(e.message, "\"99\" is no value for readers", "says so");
	is_str(e.hint, "a number from 1 to 16", "and what would be");
	/* What is shown can be read again, for every setting. */
	for (int i = 0; i < CONF_COUNT; i++) {
		buf_init(&b, 0);
		conf_show(&conf, (enum conf_id)i, &b);
		is_int(conf_set(&conf, (enum conf_id)i, buf_str(&b), &e), 0, conf_rows[i].key);
		if (i != CONF_ID_store)
			is_str(buf_str(&b), conf_rows[i].def, "as it stands in the table");
		buf_done(&b);
	}
}

int main(void)
{
	bool documented = true;

	for (int i = 0; i < CONF_COUNT; i++)
		documented =
		    documented && conf_rows[i].doc[0] && conf_rows[i].min <= conf_rows[i].max;
	ok(documented, "every setting has a text and bounds");
	defaults();
	good();
	bad();
	files();
	flags_and_display();
	return done_testing();
}
