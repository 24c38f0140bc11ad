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
#include "base/num.h"
#include "base/text.h"
#include "base/utf8.h"

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

static int set_value(struct conf *c, const struct conf_row *row, const char *value)
{
	switch (row->type) {
	case CONF_TEXT:
		return set_text(c, row, value);
	case CONF_INT:
		return num_parse(value, row->min, row->max, int_at(c, row)) < 0 ? -1 : 0;
	case CONF_SPAN:
		return set_span(c, row, value);
	case CONF_LEVEL:
		return set_level(c, row, value);
	}
	return -1;
}

static void hint(struct err *e, const struct conf_row *row)
{
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
		err_hint(e, "error, warning, notice, info or debug");
		return;
	}
}

int conf_set(struct conf *c, enum conf_id id, const char *value, struct err *e)
{
	const struct conf_row *row = &conf_rows[id];

	if (set_value(c, row, value) < 0) {
		err_set(e, TIX_ECONFIG, row->key, "\"%.80s\" is no value for %s", value, row->key);
		hint(e, row);
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
		hint(r->err, &conf_rows[i]);
		return 0;
	}
	r->result = err_set(r->err, TIX_ECONFIG, key, "%s:%d: no setting \"%.60s\" in [%.60s]",
	    r->name, r->line, key, section);
	return 0;
}

/* inih's reader, like fgets: hands out one line that is fit to be split, else ends the file. */
static char *next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	const char *nl;
	size_t len;

	if (r->result < 0 || r->p == r->end)
		return NULL;
	nl = memchr(r->p, '\n', (size_t)(r->end - r->p));
	len = nl ? (size_t)(nl + 1 - r->p) : (size_t)(r->end - r->p);
	r->line++;
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

int conf_parse(const char *name, const char *text, size_t len, struct conf *ret, struct err *e)
{
	struct conf c;
	struct reading r = {.name = name, .p = text, .end = text + len, .conf = &c, .err = e};
	int bad;

	conf_defaults(&c);
	bad = ini_parse_stream(next_line, &r, on_setting, &r);
	/* bad is the first line with any fault; r.line stands where ours was found. */
	if (bad > 0 && (r.result == 0 || bad < r.line)) {
		r.line = bad;
		fail(&r, NULL, "neither [section] nor key = value");
		return r.result;
	}
	if (r.result < 0)
		return r.result;
	if (bad < 0)
		return err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory");
	*ret = c;
	return 0;
}

int conf_read(const char *path, struct conf *ret, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text;
	size_t len = 0;
	ssize_t n = 1;
	int r;

	if (fd < 0 && errno == ENOENT)
		return err_set(e, TIX_ENOT_FOUND, NULL, "%s: no such file", path);
	text = malloc(CONF_FILE_MAX + 1);
	while (text && fd >= 0 && len <= CONF_FILE_MAX && n > 0) {
		n = read(fd, text + len, CONF_FILE_MAX + 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	if (!text || fd < 0 || n < 0)
		r = err_set(e, TIX_ECONFIG, NULL, "%s: %s", path, strerror(errno));
	else if (len > CONF_FILE_MAX)
		r = err_set(e, TIX_ECONFIG, NULL, "%s: more than %d bytes", path, CONF_FILE_MAX);
	else
		r = conf_parse(path, text, len, ret, e);
	free(text);
	if (fd >= 0)
		close(fd);
	return r;
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

	if (row->type == CONF_TEXT) {
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
