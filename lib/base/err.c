/* SPDX-License-Identifier: MIT */
/* Error table and details of a failure. It never prints, logs or exits. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const struct err_info infos[ERR_ROW_COUNT] = {
    [ERR_ROW_OK] = {"ok", 0, 0, false, "no error"},
#define ERR(id, name, rpc, exit, retry, text) [ERR_ROW_##id] = {name, rpc, exit, retry, text},
#include "base/err.def"
#undef ERR
};

/* Make s valid UTF-8: a sequence cut at the end goes, other bad bytes become '?'. */
static void repair_utf8(char *s)
{
	size_t len = strlen(s);
	size_t i = 0;

	while (i < len) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);

		if (n > 0) {
			i += (size_t)n;
			continue;
		}
		s[i++] = '?';
	}
}

__attribute__((format(printf, 3, 0))) static void vset_text(
    char *out, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(out, size, fmt, ap);

	if (n < 0) {
		out[0] = '\0';
		return;
	}
	if ((size_t)n >= size)
		out[utf8_trim(out, size - 1)] = '\0';
	repair_utf8(out);
}

static void copy_text(char *out, size_t size, const char *s)
{
	size_t len = strlen(s);

	if (len >= size)
		len = utf8_trim(s, size - 1);
	memcpy(out, s, len);
	out[len] = '\0';
	repair_utf8(out);
}

int err_set(struct err *e, int code, const char *field, const char *fmt, ...)
{
	va_list ap;
	struct err n = {.code = code};

	if (!e)
		return code;
	if (field)
		copy_text(n.field, sizeof(n.field), field);
	if (fmt) {
		va_start(ap, fmt);
		vset_text(n.message, sizeof(n.message), fmt, ap);
		va_end(ap);
	} else {
		copy_text(n.message, sizeof(n.message), err_info(code)->text);
	}
	*e = n;
	return code;
}

void err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	vset_text(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
}

void err_fact(struct err *e, const char *key, int64_t value)
{
	int i;

	if (!e)
		return;
	for (i = 0; i < e->nfacts; i++)
		if (!strcmp(e->facts[i].key, key))
			break;
	if (i == ERR_FACTS_MAX)
		return;
	copy_text(e->facts[i].key, sizeof(e->facts[i].key), key);
	e->facts[i].value = value;
	if (i == e->nfacts)
		e->nfacts++;
}

void err_clear(struct err *e)
{
	if (e)
		*e = (struct err){0};
}

const struct err_info *err_info(int code)
{
	if (code > 0 || code <= -(int)ERR_ROW_COUNT)
		return &infos[ERR_ROW_INTERNAL];
	return &infos[-code];
}

int err_by_name(const char *name)
{
	for (int i = 1; i < (int)ERR_ROW_COUNT; i++)
		if (!strcmp(infos[i].name, name))
			return -i;
	return TIX_EINTERNAL;
}

int err_by_rpc_code(int rpc_code)
{
	for (int i = 1; i < (int)ERR_ROW_COUNT; i++)
		if (infos[i].rpc_code == rpc_code)
			return -i;
	return TIX_EINTERNAL;
}
