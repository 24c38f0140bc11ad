/* SPDX-License-Identifier: MIT */
/* Names of keys, the map from keys to actions, and the file that changes it. */
#include "tui/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"

#define LINE_BYTES 512

const struct act_info act_info[ACT_COUNT] = {
    [ACT_NONE] = {"", "", "", ""},
#define KEY(id, keys, word, doc) [ACT_##id] = {#id, keys, word, doc},
#include "tui/keys.def"
#undef KEY
};

static const struct {
	const char *name;
	int key;
} named[] = {
    {"Tab", KEY_TAB},
    {"S-Tab", KEY_BACK_TAB},
    {"Enter", KEY_RETURN},
    {"Esc", KEY_ESCAPE},
    {"Space", KEY_SPACE},
    {"Backspace", KEY_DELETE_BACK},
    {"Del", KEY_DELETE_NEXT},
    {"Up", KEY_CURSOR_UP},
    {"Down", KEY_CURSOR_DOWN},
    {"Left", KEY_CURSOR_LEFT},
    {"Right", KEY_CURSOR_RIGHT},
    {"PgUp", KEY_PAGE_UP},
    {"PgDn", KEY_PAGE_DOWN},
    {"Home", KEY_TO_HOME},
    {"End", KEY_TO_END},
};

static int function_key(const char *name, size_t len)
{
	int n = 0;

	if (len < 2 || len > 3 || name[0] != 'F')
		return KEY_NONE;
	for (size_t i = 1; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return KEY_NONE;
		n = n * 10 + (name[i] - '0');
	}
	return n >= 1 && n <= 12 ? KEY_FUNCTION + n : KEY_NONE;
}

int key_by_name(const char *name, size_t len)
{
	uint32_t cp;

	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (strlen(named[i].name) == len && memcmp(named[i].name, name, len) == 0)
			return named[i].key;
	}
	if (len == 2 && name[0] == '^' && name[1] >= '@' && name[1] <= '_')
		return name[1] & 0x1f;
	if (function_key(name, len) != KEY_NONE)
		return function_key(name, len);
	if (len > 0 && utf8_next(name, len, &cp) == (int)len && cp > 0x20 && cp != 0x7f)
		return (int)cp;
	return KEY_NONE;
}

void key_put_name(int key, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (named[i].key == key) {
			buf_puts(out, named[i].name);
			return;
		}
	}
	if (key > KEY_FUNCTION && key <= KEY_FUNCTION_LAST)
		buf_printf(out, "F%d", key - KEY_FUNCTION);
	else if (key > 0 && key < 0x20)
		buf_printf(out, "^%c", (char)(key + '@'));
	else if (key > 0 && key < KEY_SPECIAL)
		buf_cp(out, (uint32_t)key);
}

static const char *name_of_act(enum act act)
{
	return act_info[act].name;
}

/* Adds keys of a row, as names with blanks between. */
static int add(struct keymap *m, enum act act, const char *keys, int line, struct err *e)
{
	int nth = 0;

	for (const char *p = keys; *p;) {
		size_t len = strcspn(p, " \t");
		int key = key_by_name(p, len);

		if (len > 0 && key == KEY_NONE)
			return err_set(e, TIX_ECONFIG, NULL, "\"%.*s\" is no key", (int)len, p);
		if (len > 0 && m->n == BINDINGS_MAX)
			return err_set(e, TIX_ECONFIG, NULL, "more than %d keys", BINDINGS_MAX);
		if (len > 0) {
			m->v[m->n].key = key;
			m->v[m->n].act = act;
			m->v[m->n].line = line;
			m->v[m->n++].nth = nth++;
		}
		p += len + (p[len] != '\0');
	}
	return 0;
}

/* A key that means two things: the later line is to blame. */
static int conflict(const struct keymap *m, int *ret_line, struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		for (size_t k = 0; k < i; k++) {
			AUTO(buf) struct buf key = {0};

			if (m->v[i].key != m->v[k].key)
				continue;
			buf_init(&key, 0);
			key_put_name(m->v[i].key, &key);
			*ret_line =
			    m->v[i].line > m->v[k].line ? m->v[i].line : m->v[k].line;
			return err_set(e, TIX_ECONFIG, NULL, "%s would mean %s and %s",
			    buf_str(&key), name_of_act(m->v[k].act), name_of_act(m->v[i].act));
		}
	}
	return 0;
}

int keymap_init(struct keymap *m, struct err *e)
{
	int r = 0, line;

	m->n = 0;
	for (int act = ACT_NONE + 1; act < ACT_COUNT && r == 0; act++)
		r = add(m, (enum act)act, act_info[act].keys, 0, e);
	return r == 0 ? conflict(m, &line, e) : r;
}

static void unbind(struct keymap *m, enum act act)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].act != act)
			m->v[kept++] = m->v[i];
	}
	m->n = kept;
}

/* One line of the file, without its end. */
static int read_line(struct keymap *m, char *line, int number, struct err *e)
{
	char *name = line + strspn(line, " \t"), *keys;

	line[strcspn(line, "#\r\n")] = '\0';
	if (!*name)
		return 0;
	keys = name + strcspn(name, " \t");
	if (*keys)
		*keys++ = '\0';
	for (int act = ACT_NONE + 1; act < ACT_COUNT; act++) {
		if (strcmp(name_of_act((enum act)act), name) == 0) {
			unbind(m, (enum act)act);
			return add(m, (enum act)act, keys, number, e);
		}
	}
	return err_set(e, TIX_ECONFIG, NULL, "\"%.60s\" is nothing a key can mean", name);
}

static int at_line(const char *path, int line, struct err *e)
{
	char text[sizeof(e->message)];

	snprintf(text, sizeof(text), "%s", e->message);
	return err_set(e, TIX_ECONFIG, NULL, "%s:%d: %s", path, line, text);
}

int keymap_read(struct keymap *m, const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	char line[LINE_BYTES];
	int number = 0, r = 0;

	if (!f)
		return errno == ENOENT ? 0 : err_set(e, TIX_ECONFIG, NULL, "%s: %m", path);
	while (r == 0 && fgets(line, sizeof(line), f))
		r = read_line(m, line, ++number, e);
	fclose(f);
	if (r == 0)
		r = conflict(m, &number, e);
	return r < 0 ? at_line(path, number, e) : 0;
}

enum act keymap_find(const struct keymap *m, int key, int *ret_nth)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].key == key) {
			*ret_nth = m->v[i].nth;
			return m->v[i].act;
		}
	}
	return ACT_NONE;
}

void keymap_names(const struct keymap *m, enum act act, bool first, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].act != act || (first && any))
			continue;
		if (any)
			buf_putc(out, ' ');
		key_put_name(m->v[i].key, out);
		any = true;
	}
}
