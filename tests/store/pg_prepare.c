/* SPDX-License-Identifier: MIT */
/* Tries the store's DDL and each named statement on the PostgreSQL server that its argument names,
 * in an empty database: prepared, with the types and columns that the driver can carry, planned
 * without values, run once on values. Standard input says what core binds, a line "STATEMENT
 * PARAMETER i64|str|mem" each. No program of ours links libpq; this tool alone does. */
#include <ctype.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/ddl.h"
#include "store/migrate.h"
#include "store/sqlite.h"
#include "tests/tap.h"

#define FORK_MAX 10
#define PARAM_MAX 24
#define WHY 512

enum { OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25 };

struct statement {
	const char *name, *text;
	const char *fork; /* the text for PostgreSQL where it is another */
};

static const struct statement statements[] = {
#define SQL(id, text) {#id, text, NULL},
#define SQL_FORK(id, sqlite, postgres) {#id, sqlite, postgres},
#include "store/sql/all.def"
#undef SQL
};

/* What must be found out: else the gate is open. */
static const struct {
	struct statement statement;
	const char *expect;
} planted[] = {
    {{"planted_function", "select ifnull(max(id), 0) from event", NULL}, "ifnull"},
    {{"planted_match", "select rowid from event_fts where event_fts match $1", NULL}, "match"},
    {{"planted_compare", "select id from event where slug = id", NULL}, "text = bigint"},
    {{"planted_parameter", "select id from event where $1 = 0 or id = $1", NULL}, "$1 is integer"},
    {{"planted_column", "select sum(size) from quota", NULL}, "column 1 is numeric"},
    {{"planted_run", "select cast(1 as bigint) / ($1 - cast(1 as bigint))", NULL}, "by zero"},
    {{"planted_fork", "select id, slug from event", "select id from event"}, "1 columns"},
};

/* How core binds: one letter for each statement and parameter, 0 unknown. */
static char bound[ARRAY_LEN(statements)][PARAM_MAX + 1];
static sqlite3 *lite;

static const char *type_name(Oid type)
{
	switch (type) {
	case OID_BYTEA:
		return "bytea";
	case OID_INT8:
		return "bigint";
	case OID_INT4:
		return "integer";
	case OID_TEXT:
		return "text";
	case 1700:
		return "numeric";
	default:
		return "of another type";
	}
}

static const char *message(const PGresult *res)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	return text ? text : "no answer";
}

/* Runs text without values; false with the reason. */
static bool run(PGconn *pg, const char *text, char why[WHY])
{
	PGresult *res = PQexec(pg, text);
	ExecStatusType status = PQresultStatus(res);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (!good)
		snprintf(why, WHY, "%s", message(res));
	PQclear(res);
	return good;
}

static void apply_migrations(PGconn *pg, int *forks)
{
	const char *sql;

	for (int i = 0; (sql = migrate_text(i)); i++) {
		AUTO(buf) struct buf pg_text;
		AUTO(buf) struct buf ours;
		AUTO(buf) struct buf lite_text;
		char why[WHY] = "";

		buf_init(&pg_text, 0);
		buf_init(&ours, 0);
		buf_init(&lite_text, 0);
		ddl_for(sql, "postgres", &pg_text);
		if (!ok(run(pg, buf_str(&pg_text), why), "migration %d applies", i))
			diag("%s", why);
		ddl_for(sql, "sqlite", &ours);
		sqlite_ddl(buf_str(&ours), &lite_text);
		if (sqlite3_exec(lite, buf_str(&lite_text), NULL, NULL, NULL) != SQLITE_OK)
			ok(false, "migration %d on SQLite: %s", i, sqlite3_errmsg(lite));
		for (const char *at = sql; (at = strstr(at, "\n-- postgres:\n")); at++)
			(*forks)++;
	}
}

/* Parameters and columns of the text for SQLite. */
static bool measure(const struct statement *s, int *ret_params, int *ret_columns, char why[WHY])
{
	sqlite3_stmt *st = NULL;
	bool good = sqlite3_prepare_v2(lite, s->text, -1, &st, NULL) == SQLITE_OK;

	if (good) {
		*ret_params = sqlite3_bind_parameter_count(st);
		*ret_columns = sqlite3_column_count(st);
	} else {
		snprintf(why, WHY, "SQLite: %s", sqlite3_errmsg(lite));
	}
	sqlite3_finalize(st);
	return good;
}

static bool binds_as(Oid type, char letter)
{
	switch (letter) {
	case 'i':
		return type == OID_INT8;
	case 's':
		return type == OID_TEXT;
	case 'm':
		return type == OID_BYTEA;
	default:
		return true;
	}
}

static bool good_types(const PGresult *res, const char *binds, char why[WHY])
{
	for (int i = 0; i < PQnparams(res); i++) {
		Oid type = PQparamtype(res, i);

		if (type != OID_INT8 && type != OID_TEXT && type != OID_BYTEA) {
			snprintf(why, WHY, "$%d is %s (%u)", i + 1, type_name(type), type);
			return false;
		}
		if (binds && !binds_as(type, binds[i + 1])) {
			snprintf(
			    why, WHY, "$%d is %s, core binds another type", i + 1, type_name(type));
			return false;
		}
	}
	for (int i = 0; i < PQnfields(res); i++) {
		Oid type = PQftype(res, i);

		if (type != OID_INT8 && type != OID_INT4 && type != OID_TEXT && type != OID_BYTEA) {
			snprintf(why, WHY, "column %d is %s (%u)", i + 1, type_name(type), type);
			return false;
		}
	}
	return true;
}

/* The plan that knows no values. */
static bool plan(PGconn *pg, const char *name, int params, char why[WHY])
{
	AUTO(buf) struct buf text;

	buf_init(&text, 0);
	buf_printf(&text, "explain execute %s", name);
	for (int i = 0; i < params; i++)
		buf_puts(&text, i ? ", null" : " (null");
	if (params)
		buf_putc(&text, ')');
	return run(pg, buf_str(&text), why);
}

/* Runs it once on sample values as the driver would send them, and undoes it. A row that the tables
 * refuse is no mistake of the statement. */
static bool try_out(PGconn *pg, const char *name, const PGresult *types, char why[WHY])
{
	static const char one[8] = {0, 0, 0, 0, 0, 0, 0, 1};
	const char *values[PARAM_MAX];
	int lengths[PARAM_MAX], formats[PARAM_MAX], n = PQnparams(types);
	PGresult *res;
	const char *state;
	bool good;

	for (int i = 0; i < n; i++) {
		bool text = PQparamtype(types, i) == OID_TEXT;

		values[i] = text ? "a" : one;
		lengths[i] = text ? 1 : (int)sizeof(one);
		formats[i] = 1;
	}
	if (!run(pg, "begin", why))
		return false;
	res = PQexecPrepared(pg, name, n, values, lengths, formats, 1);
	state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	good = !state || strncmp(state, "23", 2) == 0;
	if (!good)
		snprintf(why, WHY, "%s", message(res));
	PQclear(res);
	return run(pg, "rollback", good ? why : (char[WHY]){0}) && good;
}

static bool good_statement(PGconn *pg, const struct statement *s, const char *binds, char why[WHY])
{
	int params = 0, columns = 0;
	PGresult *res = PQprepare(pg, s->name, s->fork ? s->fork : s->text, 0, NULL);
	bool good = PQresultStatus(res) == PGRES_COMMAND_OK;

	if (!good)
		snprintf(why, WHY, "%s", message(res));
	PQclear(res);
	if (!good)
		return false;
	res = PQdescribePrepared(pg, s->name);
	good = good_types(res, binds, why) && (!s->fork || measure(s, &params, &columns, why));
	if (good && s->fork && (params != PQnparams(res) || columns != PQnfields(res))) {
		snprintf(why, WHY, "%d parameters and %d columns, on SQLite %d and %d",
		    PQnparams(res), PQnfields(res), params, columns);
		good = false;
	}
	good = good && PQnparams(res) <= PARAM_MAX && plan(pg, s->name, PQnparams(res), why) &&
	       try_out(pg, s->name, res, why);
	PQclear(res);
	return good;
}

/* Reads what core binds; returns how many parameters are known. */
static int read_binds(void)
{
	char name[64], kind[8];
	int param, n = 0;

	while (scanf("%63s %d %7s", name, &param, kind) == 3) {
		for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
			if (strcmp(statements[i].name, name) || param < 1 || param > PARAM_MAX)
				continue;
			n += bound[i][param] == 0;
			bound[i][param] = kind[0];
		}
	}
	return n;
}

static void test_statements(PGconn *pg, int *forks)
{
	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		const struct statement *s = &statements[i];
		char why[WHY] = "";

		if (!ok(good_statement(pg, s, bound[i], why), "%s", s->name))
			diag("%s: %s", s->name, why);
		*forks += s->fork != NULL;
	}
}

static void test_planted(PGconn *pg)
{
	static const char wrong[PARAM_MAX + 1] = {0, 's'};
	static const struct statement other = {
	    "planted_bind", "select id from event where id = $1", NULL};
	char why[WHY];

	for (size_t i = 0; i < ARRAY_LEN(planted); i++) {
		const struct statement *s = &planted[i].statement;

		why[0] = '\0';
		if (!ok(!good_statement(pg, s, NULL, why) && strstr(why, planted[i].expect),
			"%s is found out", s->name))
			diag("%s", why);
	}
	ok(!good_statement(pg, &other, wrong, why) && strstr(why, "core binds"), "%s is found out",
	    other.name);
}

/* One event in the search of words, and what finds it. */
static const char *const fixture[] = {
    "insert into organizer values (1, 'o', 'O', 1)",
    "insert into event values (5, 1, 'e', 'E', null, null, '[]', 2, 7000000, null, null, null, "
    "'UTC', 'EUR', '{}', 1)",
    "execute event_fts_add (7 * 33554432 + 5, 'jazz (open-air) za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87 "
    "2026', 'gdansk', 'o1 v0 s2')",
};

static void test_words(PGconn *pg)
{
	static const struct {
		const char *query;
		int rows;
	} cases[] = {{"jazz", 1}, {"ja:*", 1}, {"jazz & gdansk", 1}, {"gdansk:B", 1}, {"jazz:B", 0},
	    {"open & air", 1}, {"open <-> air", 1}, {"air <-> open", 0},
	    {"za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87 & 2026", 1}, {"jazz & o1:C & (s2:C | s3:C)", 1},
	    {"jazz & o2:C", 0}, {"the", 0}};
	char why[WHY] = "", text[256];

	for (size_t i = 0; i < ARRAY_LEN(fixture); i++) {
		if (!ok(run(pg, fixture[i], why), "an event to search for, step %zu", i + 1))
			diag("%s", why);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		PGresult *res;

		snprintf(text, sizeof(text),
		    "execute event_scan_words (-1, '%s', %lld, 10)",
		    cases[i].query, (long long)INT64_MAX);
		res = PQexec(pg, text);
		if (!ok(PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == cases[i].rows,
			"the words %s find %d", cases[i].query, cases[i].rows))
			diag(
			    "%s", PQresultStatus(res) == PGRES_TUPLES_OK ? "others" : message(res));
		PQclear(res);
	}
}

int main(int argc, char **argv)
{
	PGconn *pg;
	char why[WHY] = "";
	int forks = 0;

	if (argc != 2 || sodium_init() < 0 || sqlite3_open(":memory:", &lite) != SQLITE_OK)
		return 99;
	pg = PQconnectdb(argv[1]);
	if (PQstatus(pg) != CONNECTION_OK) {
		printf("Bail out! %s", PQerrorMessage(pg));
		return 1;
	}
	run(pg, "set client_min_messages = warning; set plan_cache_mode = force_generic_plan", why);
	apply_migrations(pg, &forks);
	diag("core binds %d parameters by name and number", read_binds());
	test_statements(pg, &forks);
	ok(forks <= FORK_MAX, "%d forks of at most %d", forks, FORK_MAX);
	test_planted(pg);
	test_words(pg);
	PQfinish(pg);
	sqlite3_close(lite);
	return done_testing();
}
