/* SPDX-License-Identifier: MIT */
/* What a field is called where it was typed, and what was typed for it. */
#include "cli/blame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/params.h"
#include "cli/value.h"

/* The word that was typed for a positional; both of EVENT/NAME have the same. NULL: none, or one of
 * many. */
static const char *word_of(
    const struct rpc_method *m, const struct args *a, const struct shape_field *want)
{
	const struct shape *s = m->in;
	size_t at = 0;

	if (params_many(m) && (a->npos != 1 || strcmp(a->pos[0], "-") == 0))
		return NULL;
	for (unsigned i = 0; i < s->nfields && at < a->npos; i++) {
		bool pair = params_pair(s, i);

		if (!(s->fields[i].flags & FF_POS))
			continue;
		if (&s->fields[i] == want || (pair && &s->fields[i + 1] == want))
			return a->pos[at];
		i += pair;
		at++;
	}
	return NULL;
}

/* Member number n of what was typed for a list, by commas or again and again. In the arena. */
static const char *member_of(
    struct cli *c, const struct args *a, const struct shape_field *f, size_t n)
{
	for (size_t i = 0; i < a->ngiven; i++) {
		const char *value = a->given[i].field == f ? a->given[i].value : NULL;

		if (value && (*value == '[' || *value == '@'))
			return NULL;
		while (value) {
			size_t len = strcspn(value, ",");

			if (n-- == 0)
				return arena_strndup(c->arena, value, len);
			value = value[len] ? value + len + 1 : NULL;
		}
	}
	return NULL;
}

static const char *typed(struct cli *c, const struct rpc_method *m, const struct args *a,
    const struct shape_field *f, const char *rest)
{
	const struct given *g = args_field(a, f);

	if (g && *rest == '[')
		return member_of(c, a, f, strtoul(rest + 1, NULL, 10));
	if (g)
		return g->value && *g->value != '@' ? g->value : NULL;
	return f->flags & FF_POS ? word_of(m, a, f) : NULL;
}

/* A hint that is an amount becomes what to type: "--price 45.00 (EUR has 2 decimals)". */
static void hint_amount(const struct shape_field *f, const char *flag, struct err *e)
{
	char text[sizeof(e->hint)];

	if (f->type != FT_money_in || e->hint[0] < '0' || e->hint[0] > '9')
		return;
	snprintf(text, sizeof(text), "%.60s %.150s", flag, e->hint);
	err_hint(e, "%s", text);
}

void blame(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	size_t len = strlen(e->field);
	const struct shape_field *f = value_field(m->in, e->field, strcspn(e->field, "[."));
	const char *name, *inner, *value, *rest = e->message;
	char text[sizeof(e->message) + 256]; /* name and value beside the message */

	if ((e->code != TIX_EBAD_VALUE && e->code != TIX_EMISSING) || !f)
		return;
	name = params_name(c, m->in, f->name);
	hint_amount(f, name, e);
	inner = e->field + strcspn(e->field, "[.");
	value = typed(c, m, a, f, inner);
	inner = strrchr(inner, '.') ? strrchr(inner, '.') + 1 : "";
	value = value && *value ? value : NULL;
	if (strncmp(rest, e->field, len) == 0 && (rest[len] == ':' || rest[len] == ' '))
		rest += len + (rest[len] == ':') + 1;
	else if (e->code == TIX_EMISSING || strstr(rest, name) || (!value && rest[0] != '"'))
		return; /* it speaks for itself */
	if (rest[0] == '"')
		snprintf(text, sizeof(text), "%.60s %s", name, rest);
	else if (e->code == TIX_EMISSING)
		snprintf(text, sizeof(text), "%.60s%s%s %s", name, *inner ? ": " : "", inner, rest);
	else if (value)
		snprintf(text, sizeof(text), "%.60s \"%.60s\": %s%s%s", name, value, inner,
		    *inner ? ": " : "", rest);
	else
		snprintf(text, sizeof(text), "%.60s: %s%s%s", name, inner, *inner ? ": " : "", rest);
	snprintf(e->message, sizeof(e->message), "%.511s", text);
}
