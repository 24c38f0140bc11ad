/* SPDX-License-Identifier: MIT */
/* Settings: inih splits the lines, the table says what they mean. */
#include "base/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ini.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/near.h"
#include "base/num.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/zone.h"

#define LINE_BYTES_MAX 190 /* inih cuts at 200 without a word */

const struct conf_row conf_rows[CONF_COUNT] = {
#define CONF(id, section, key, type, def, min, max, reload, doc)                                   \
	[CONF_ID_##id] = {                                                                         \
	    section, key, CONF_##type, def, min, max, reload, doc, offsetof(struct conf, id)},
#include "base/conf.def"
#undef CONF
};

/* The state of one reading. */
struct reading {
	const char *name, *p, *end;
	struct conf *conf;
	struct err *err;
	int line, result;
	bool section; /* it is the section that is wrong */
};

static int64_t *int_at(struct conf *c, const struct conf_row *row)
{
	return (int64_t *)(void *)((char *)c + row->offset);
}

static int set_text(struct conf *c, const struct conf_row *row, const char *value)
{
	struct conf_text *t = (struct conf_text *)(void *)((char *)c + row->offset);
	size_t len = strlen(value);

	if ((int64_t)len < row->min || (int64_t)len > row->max || len >= sizeof(t->s) ||
	    text_check(value, len, 0, (int)sizeof(t->s), false, NULL, NULL) < 0)
		return -1;
	memcpy(t->s, value, len + 1);
	return 0;
}

static int set_span(struct conf *c, const struct conf_row *row, const char *value)
{
	int64_t us = 0;

	if (num_parse_span(value, &us) < 0 || us < row->min * 1000000 || us > row->max * 1000000)
		return -1;
	*int_at(c, row) = us;
	return 0;
}

static int set_level(struct conf *c, const struct conf_row *row, const char *value)
{
	int level = log_level_by_name(value);

	if (level < 0)
		return -1;
	*int_at(c, row) = level;
	return 0;
}

static const char *const formats[] = {"table", "tsv", "json", "jsonl", "csv", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};

static bool is_one_of(const char *value, const char *const *words)
{
	while (*words && strcmp(*words, value) != 0)
		words++;
	return *words || !*value;
}

static int set_checked(struct conf *c, const struct conf_row *row, const char *value, bool good)
{
	return good ? set_text(c, row, value) : -1;
}

static int set_value(struct conf *c, const struct conf_row *row, const char *value)
{
	const struct zone *zone;

	switch (row->type) {
	case CONF_TEXT:
		return set_text(c, row, value);
	case CONF_INT:
		return num_parse(value, row->min, row->max, int_at(c, row)) < 0 ? -1 : 0;
	case CONF_SPAN:
		return set_span(c, row, value);
	case CONF_LEVEL:
		return set_level(c, row, value);
	case CONF_SLUG:
		return set_checked(c, row, value, !*value || text_slug_check(value, NULL, NULL) == 0);
	case CONF_ZONE:
		return set_checked(c, row, value, !*value || zone_get(value, &zone, NULL) == 0);
	case CONF_FORMAT:
		return set_checked(c, row, value, is_one_of(value, formats));
	case CONF_COLOR:
		return set_checked(c, row, value, is_one_of(value, colors));
	}
	return -1;
}

/* The word that was meant, and all that could be. */
static void hint_words(struct err *e, const char *value, const char *const *words)
{
	char list[80] = "";
	const char *near;
	size_t n = 0;

	for (; words[n]; n++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
		    !n ? "" : words[n + 1] ? ", " : " or ", words[n]);
	near = near_name(value, strlen(value), words, n);
	if (near)
		err_hint(e, "did you mean %s? %s", near, list);
	else
		err_hint(e, "%s", list);
}

static void hint(struct err *e, const struct conf_row *row, const char *value)
{
	const char *levels[LEVEL_DEBUG - LEVEL_ERROR + 2] = {NULL};
	const struct zone *zone;

	switch (row->type) {
	case CONF_TEXT:
		err_hint(e, "at most %lld bytes", (long long)row->max);
		return;
	case CONF_INT:
		err_hint(e, "a number from %lld to %lld", (long long)row->min, (long long)row->max);
		return;
	case CONF_SPAN:
		err_hint(e, "a span like %s, from %llds to %llds", row->def, (long long)row->min,
		    (long long)row->max);
		return;
	case CONF_LEVEL:
		for (int i = LEVEL_ERROR; i <= LEVEL_DEBUG; i++)
			levels[i - LEVEL_ERROR] = log_level_name(i);
		hint_words(e, value, levels);
		return;
	case CONF_SLUG:
		err_hint(e, "a slug: a to z, 0 to 9 and -");
		return;
	case CONF_ZONE: {
		struct err why = {0};

		if (zone_get(value, &zone, &why) < 0)
			err_hint(e, "%s", why.hint);
		return;
	}
	case CONF_FORMAT:
		hint_words(e, value, formats);
		return;
	case CONF_COLOR:
		hint_words(e, value, colors);
		return;
	}
}

int conf_set(struct conf *c, enum conf_id id, const char *value, struct err *e)
{
	const struct conf_row *row = &conf_rows[id];

	if (set_value(c, row, value) < 0) {
		err_set(e, TIX_ECONFIG, row->key, "\"%.80s\" is no value for %s", value, row->key);
		hint(e, row, value);
		return TIX_ECONFIG;
	}
	c->line[id] = -1;
	return 0;
}

void conf_defaults(struct conf *ret)
{
	*ret = (struct conf){0};
	for (int i = 0; i < CONF_COUNT; i++)
		if (set_value(ret, &conf_rows[i], conf_rows[i].def) < 0)
			abort();
}

/* The section or setting that was meant; where a section is none, the key that stands in it. */
static int unknown(struct reading *r, const char *section, const char *key)
{
	const char *names[CONF_COUNT + 1];
	const char *near;
	bool known = false;
	size_t n = 0;

	for (int i = 0; i < CONF_COUNT; i++)
		known |= strcmp(conf_rows[i].section, section) == 0;
	for (int i = 0; i < CONF_COUNT; i++) {
		if (!known)
			names[n++] = conf_rows[i].section;
		else if (strcmp(conf_rows[i].section, section) == 0)
			names[n++] = conf_rows[i].key;
	}
	names[n] = known ? NULL : "peers";
	near = near_name(known ? key : section, strlen(known ? key : section), names, n + 1);
	r->section = !known;
	r->result = err_set(r->err, TIX_ECONFIG, key, "%s:%d: no setting \"%.60s\" in [%.60s]",
	    r->name, r->line, key, section);
	if (near)
		err_hint(r->err, known ? "did you mean %s?" : "did you mean [%s]?", near);
	else
		err_hint(r->err, "man tix.conf lists the settings");
	return 0;
}

static int fail(struct reading *r, const char *key, const char *what)
{
	r->result = err_set(r->err, TIX_ECONFIG, key, "%s:%d: %s", r->name, r->line, what);
	return 0;
}

/* Copy a part of s into out; false when it does not fit or is no slug. */
static bool slug_part(const char *s, size_t len, char *out, size_t size)
{
	if (len >= size)
		return false;
	memcpy(out, s, len);
	out[len] = '\0';
	return text_slug_check(out, NULL, NULL) == 0;
}

static bool peer_value(const char *value, struct conf_peer *p)
{
	const char *colon = strchr(value, ':');
	const char *slash = colon ? strchr(colon, '/') : NULL;
	size_t role = colon ? (size_t)(colon - value) : strlen(value);

	if (!slug_part(value, role, p->role, sizeof(p->role)))
		return false;
	if (!colon)
		return true;
	if (slash && !slug_part(slash + 1, strlen(slash + 1), p->event, sizeof(p->event)))
		return false;
	return slug_part(colon + 1, slash ? (size_t)(slash - colon - 1) : strlen(colon + 1),
	    p->organizer, sizeof(p->organizer));
}

static int add_peer(struct reading *r, const char *key, const char *value)
{
	struct conf_peer p = {.line = r->line};
	int64_t uid = 0;

	if (num_parse(key, 0, UINT32_MAX - 1, &uid) < 0)
		return fail(r, key, "a peer is the number of a user");
	p.uid = (uint32_t)uid;
	if (!peer_value(value, &p))
		return fail(
		    r, key, "a peer's value is ROLE, ROLE:ORGANIZER or ROLE:ORGANIZER/EVENT");
	for (int i = 0; i < r->conf->n_peers; i++)
		if (r->conf->peers[i].uid == p.uid)
			return fail(r, key, "this user was given before");
	if (r->conf->n_peers == CONF_PEERS_MAX)
		return fail(r, key, "too many peers");
	r->conf->peers[r->conf->n_peers++] = p;
	return 1;
}

/* inih's callback: 1 to go on. Only the first error is kept. */
static int on_setting(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;

	if (r->result < 0)
		return 0;
	if (!key || !value)
		return 1;
	if (!strcmp(section, "peers"))
		return add_peer(r, key, value);
	for (int i = 0; i < CONF_COUNT; i++) {
		if (strcmp(conf_rows[i].section, section) != 0 ||
		    strcmp(conf_rows[i].key, key) != 0)
			continue;
		if (r->conf->line[i])
			return fail(r, key, "set a second time");
		r->conf->line[i] = r->line;
		if (set_value(r->conf, &conf_rows[i], value) == 0)
			return 1;
		fail(r, key, "this value is not possible");
		hint(r->err, &conf_rows[i], value);
		return 0;
	}
	return unknown(r, section, key);
}

/* inih's reader, like fgets: hands out one line that is fit to be split, else ends the file. */
static char *next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	const char *nl;
	size_t len, blank = 0;

	if (r->result < 0 || r->p == r->end)
		return NULL;
	nl = memchr(r->p, '\n', (size_t)(r->end - r->p));
	len = nl ? (size_t)(nl + 1 - r->p) : (size_t)(r->end - r->p);
	r->line++;
	while (blank < len && (r->p[blank] == ' ' || r->p[blank] == '\n'))
		blank++;
	if (blank == len) { /* however long, as drop_line leaves it */
		r->p += len;
		memcpy(out, "\n", 2);
		return out;
	}
	if (len > LINE_BYTES_MAX || len >= (size_t)size) {
		fail(r, NULL, "the line is too long");
		return NULL;
	}
	if (memchr(r->p, '\0', len) || !utf8_valid(r->p, len)) {
		fail(r, NULL, "the line is not valid UTF-8");
		return NULL;
	}
	memcpy(out, r->p, len);
	out[len] = '\0';
	r->p += len;
	return out;
}

/* Fills r->conf as far as the first fault. */
static int parse(struct reading *r)
{
	int bad;

	conf_defaults(r->conf);
	bad = ini_parse_stream(next_line, r, on_setting, r);
	/* bad is the first line with any fault; r->line stands where ours was found. */
	if (bad > 0 && (r->result == 0 || bad < r->line)) {
		r->line = bad;
		r->section = false;
		fail(r, NULL, "neither [section] nor key = value");
		err_hint(r->err, "a comment begins with ; or #");
	}
	if (r->result == 0 && bad < 0)
		r->result = err_set(r->err, TIX_EUNAVAILABLE, NULL, "out of memory");
	return r->result;
}

int conf_parse(const char *name, const char *text, size_t len, struct conf *ret, struct err *e)
{
	struct conf c;
	struct reading r = {.name = name, .p = text, .end = text + len, .conf = &c, .err = e};
	int result = parse(&r);

	if (result == 0)
		*ret = c;
	return result;
}

/* The text, to be freed; of at most CONF_FILE_MAX bytes. */
static int slurp(const char *path, char **ret, size_t *ret_len, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text;
	size_t len = 0;
	ssize_t n = 1;
	int r;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(e, TIX_ENOT_FOUND, NULL, "%s: no such file", path);
	text = malloc(CONF_FILE_MAX + 1);
	while (text && fd >= 0 && len <= CONF_FILE_MAX && n > 0) {
		n = read(fd, text + len, CONF_FILE_MAX + 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	if (!text || fd < 0 || n < 0) {
		r = err_set(e, TIX_ECONFIG, NULL, "%s: %s", path, strerror(errno));
		err_hint(e, "ls -ld %s shows what it is and who may read it", path);
	} else if (len > CONF_FILE_MAX) {
		r = err_set(e, TIX_ECONFIG, NULL, "%s: more than %d bytes", path, CONF_FILE_MAX);
	} else {
		*ret = text;
		*ret_len = len;
		text = NULL;
		r = 0;
	}
	free(text);
	if (fd >= 0)
		close(fd);
	return r;
}

int conf_read(const char *path, struct conf *ret, struct err *e)
{
	char *text;
	size_t len;
	int r = slurp(path, &text, &len, e);

	if (r < 0)
		return r;
	r = conf_parse(path, text, len, ret, e);
	free(text);
	return r;
}

/* Empties the line with a fault; where a section is none, all up to the next one. */
static void drop_line(char *text, size_t len, int line, bool section)
{
	char *end = text + len, *p = text;

	for (int n = 1; n < line && p < end; n++) {
		char *nl = memchr(p, '\n', (size_t)(end - p));

		p = nl ? nl + 1 : end;
	}
	section |= p < end && *p == '[';
	do {
		while (p < end && *p != '\n')
			*p++ = ' ';
		p += p < end;
	} while (section && p < end && *p != '[');
}

int conf_faults(const char *path, struct conf *ret, struct conf_fault ret_faults[CONF_FAULTS_MAX],
    struct err *e)
{
	struct conf c;
	char *text;
	size_t len;
	int n = 0, r = slurp(path, &text, &len, e);

	if (r < 0)
		return r;
	while (n < CONF_FAULTS_MAX) {
		struct reading reading = {.name = path,
		    .p = text,
		    .end = text + len,
		    .conf = &c,
		    .err = &ret_faults[n].err};

		if (parse(&reading) == 0)
			break;
		ret_faults[n++].line = reading.line;
		drop_line(text, len, reading.line, reading.section);
	}
	free(text);
	*ret = c;
	return n;
}

static void show_span(int64_t us, struct buf *b)
{
	static const struct {
		int64_t us;
		const char *unit;
	} units[] = {{INT64_C(86400000000), "d"}, {INT64_C(3600000000), "h"},
	    {INT64_C(60000000), "m"}, {INT64_C(1000000), "s"}, {1000, "ms"}};
	size_t i = 0;

	while (i < 4 && us % units[i].us)
		i++;
	buf_i64(b, us / units[i].us);
	buf_puts(b, units[i].unit);
}

void conf_show(const struct conf *c, enum conf_id id, struct buf *b)
{
	const struct conf_row *row = &conf_rows[id];
	const char *at = (const char *)c + row->offset;
	int64_t v;

	if (row->type != CONF_INT && row->type != CONF_SPAN && row->type != CONF_LEVEL) {
		buf_puts(b, ((const struct conf_text *)(const void *)at)->s);
		return;
	}
	memcpy(&v, at, sizeof(v));
	if (row->type == CONF_LEVEL)
		buf_puts(b, log_level_name((int)v));
	else if (row->type == CONF_SPAN)
		show_span(v, b);
	else
		buf_i64(b, v);
}
