/* SPDX-License-Identifier: MIT */
/* Walks the members of an object one by one and skips the values that nobody asked for. */
#include "cli/load_scan.h"

#include <string.h>

struct cursor {
	const char *p, *end;
};

struct member {
	const char *name, *value;
	size_t name_len, value_len;
};

static void skip_space(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\r' || *c->p == '\n'))
		c->p++;
}

/* At the opening quote; ends behind the closing one. */
static bool skip_string(struct cursor *c)
{
	for (c->p++; c->p < c->end; c->p++) {
		if (*c->p == '\\')
			c->p++;
		else if (*c->p == '"') {
			c->p++;
			return true;
		}
	}
	return false;
}

static bool skip_nested(struct cursor *c)
{
	int depth = 0;

	while (c->p < c->end) {
		char ch = *c->p;

		if (ch == '"') {
			if (!skip_string(c))
				return false;
			continue;
		}
		c->p++;
		if (ch == '{' || ch == '[')
			depth++;
		else if ((ch == '}' || ch == ']') && --depth == 0)
			return true;
	}
	return false;
}

static bool skip_value(struct cursor *c)
{
	if (c->p >= c->end)
		return false;
	if (*c->p == '"')
		return skip_string(c);
	if (*c->p == '{' || *c->p == '[')
		return skip_nested(c);
	while (c->p < c->end && *c->p != ',' && *c->p != '}' && *c->p != ']' && *c->p != ' ')
		c->p++;
	return true;
}

static bool object_open(struct cursor *c)
{
	skip_space(c);
	if (c->p >= c->end || *c->p != '{')
		return false;
	c->p++;
	return true;
}

/* The next member; false at the end of the object or where it is broken. */
static bool object_next(struct cursor *c, struct member *m)
{
	skip_space(c);
	if (c->p < c->end && *c->p == ',') {
		c->p++;
		skip_space(c);
	}
	if (c->p >= c->end || *c->p != '"')
		return false;
	m->name = c->p + 1;
	if (!skip_string(c))
		return false;
	m->name_len = (size_t)(c->p - m->name - 1);
	skip_space(c);
	if (c->p >= c->end || *c->p != ':')
		return false;
	c->p++;
	skip_space(c);
	m->value = c->p;
	if (!skip_value(c))
		return false;
	m->value_len = (size_t)(c->p - m->value);
	return true;
}

static bool is_name(const struct member *m, const char *name)
{
	size_t len = strlen(name);

	return m->name_len == len && memcmp(m->name, name, len) == 0;
}

static int64_t to_int(const struct member *m)
{
	bool minus = m->value_len > 0 && m->value[0] == '-';
	int64_t v = 0;

	for (size_t i = minus; i < m->value_len; i++) {
		if (m->value[i] < '0' || m->value[i] > '9' || v > INT64_MAX / 10 - 1)
			return -1;
		v = v * 10 + (m->value[i] - '0');
	}
	return minus ? -v : v;
}

/* The member `name` of the object that m's value is. */
static bool descend(const struct member *m, const char *name, struct member *ret)
{
	struct cursor c = {m->value, m->value + m->value_len};
	struct member child;

	if (!object_open(&c))
		return false;
	while (object_next(&c, &child)) {
		if (is_name(&child, name)) {
			*ret = child;
			return true;
		}
	}
	return false;
}

static bool scan_error(const struct member *error, struct load_reply *r)
{
	struct member code, data, facts, left;

	if (!descend(error, "code", &code))
		return false;
	r->error = (int)to_int(&code);
	if (descend(error, "data", &data) && descend(&data, "facts", &facts) &&
	    descend(&facts, "left", &left))
		r->left = to_int(&left);
	return r->error != 0;
}

static bool scan_result(const struct member *result, struct load_reply *r)
{
	struct cursor c = {result->value, result->value + result->value_len};
	struct member m;

	if (!object_open(&c))
		return false;
	while (object_next(&c, &m)) {
		if (is_name(&m, "replayed")) {
			r->replayed = m.value_len == 4 && memcmp(m.value, "true", 4) == 0;
		} else if (is_name(&m, "code")) {
			if (m.value_len < 3 || m.value[0] != '"' ||
			    m.value_len - 2 >= sizeof(r->code))
				return false;
			memcpy(r->code, m.value + 1, m.value_len - 2);
			r->code[m.value_len - 2] = '\0';
		}
	}
	return true;
}

bool load_scan(const char *line, size_t len, struct load_reply *ret)
{
	struct load_reply r = {.id = -1, .left = -1};
	struct cursor c = {line, line + len};
	struct member m;
	bool good = false;

	if (!object_open(&c))
		return false;
	while (object_next(&c, &m)) {
		if (is_name(&m, "id"))
			r.id = to_int(&m);
		else if (is_name(&m, "result"))
			good = scan_result(&m, &r);
		else if (is_name(&m, "error"))
			good = scan_error(&m, &r);
	}
	skip_space(&c);
	if (!good || c.p >= c.end || *c.p != '}')
		return false;
	*ret = r;
	return true;
}
