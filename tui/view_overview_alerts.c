/* SPDX-License-Identifier: MIT */
/* What needs a person, the worst first: the daemon and its disk, money that waits, stock that ends. */
#include "tui/view_overview.h"

#include <string.h>

#include "base/mem.h"
#include "tui/app.h"
#include "tui/words.h"

#define QUOTAS_SHOWN 4
#define NEARLY_FULL 20 /* a quota with less than this part of it free is worth a word */

static const struct m_col cols[] = {{"", M_SIGN, 2}, {"", 0, 8}, {"", M_GROW, 20}};

static struct m_row *alert(struct model *m, struct m_section *s, enum m_class class, const char *subject)
{
	struct m_row *row = model_row(m, s, NULL);

	model_cell(m, row, 0, class, class == M_BAD ? "!!" : "!");
	model_cell(m, row, 1, class, "%s", subject);
	return row;
}

static void daemon_alerts(struct app *app, const struct overview *o, struct model *m,
    struct m_section *s)
{
	const json_t *findings = json_object_get(o->doctor.result, "findings"), *f;
	size_t i;

	if (app->link.state == LINK_DOWN)
		model_cell(m, alert(m, s, M_BAD, "daemon"), 2, M_PLAIN, "%s", app->link.err.message);
	json_array_foreach(findings, i, f)
	{
		const char *how = get_text(f, "severity");

		if (strcmp(how, "note") != 0)
			model_cell(m,
			    alert(m, s, strcmp(how, "problem") == 0 ? M_BAD : M_WARN,
				get_text(f, "subject")),
			    2, M_PLAIN, "%s", get_text(f, "what"));
	}
}

/* How many rows an answer has, "100 or more orders" at the end of a page. */
static const char *how_many(const struct query *q, const char *what, char out[WORDS_MAX])
{
	size_t n = json_array_size(json_object_get(q->result, "items"));
	bool more = json_is_string(json_object_get(q->result, "next"));

	snprintf(out, WORDS_MAX, "%zu%s %s%s", n, more ? " or more" : "", what, n == 1 ? "" : "s");
	return out;
}

static bool has_rows(const struct query *q)
{
	return json_array_size(json_object_get(q->result, "items")) > 0;
}

static void money_alerts(const struct overview *o, struct model *m, struct m_section *s)
{
	size_t overpaid = 0, i;
	const json_t *row;
	char n[WORDS_MAX];

	if (has_rows(&o->refunds))
		model_cell(m, alert(m, s, M_WARN, "refunds"), 2, M_PLAIN, "%s to be paid out",
		    how_many(&o->refunds, "refund", n));
	json_array_foreach(json_object_get(o->due.result, "items"), i, row)
		overpaid += strcmp(get_text(row, "money"), "overpaid") == 0;
	if (has_rows(&o->due))
		model_cell(m, alert(m, s, M_WARN, "money"), 2, M_PLAIN,
		    "%s with too much: %zu overpaid, %zu called off or over",
		    how_many(&o->due, "order", n), overpaid,
		    json_array_size(json_object_get(o->due.result, "items")) - overpaid);
	if (has_rows(&o->waiting))
		model_cell(m, alert(m, s, M_PLAIN, "transfers"), 2, M_PLAIN,
		    "%s to be paid by bank transfer", how_many(&o->waiting, "order", n));
}

static bool nearly_full(const struct overview *o, const json_t *quota)
{
	const json_t *event = overview_row(o, get_text(quota, "event"));
	int64_t size = get_int(quota, "size");

	return event && strcmp(get_text(event, "status"), "published") == 0 && size > 0 &&
	       get_int(quota, "free") * NEARLY_FULL < size;
}

static void quota_alerts(const struct overview *o, struct model *m, struct m_section *s)
{
	const json_t *quota;
	size_t i, shown = 0, more = 0;

	json_array_foreach(json_object_get(o->quotas.result, "items"), i, quota)
	{
		struct m_row *row;

		if (!nearly_full(o, quota))
			continue;
		if (++shown > QUOTAS_SHOWN) {
			more++;
			continue;
		}
		row = alert(m, s, get_int(quota, "free") == 0 ? M_WARN : M_PLAIN, "");
		model_cell(m, row, 1, M_PLAIN, "%s/%s", get_text(quota, "event"),
		    get_text(quota, "name"));
		model_cell(m, row, 2, M_PLAIN, "free %lld (sold %lld, held %lld, blocked %lld)",
		    (long long)get_int(quota, "free"), (long long)get_int(quota, "sold"),
		    (long long)get_int(quota, "held"), (long long)get_int(quota, "blocked"));
	}
	if (more > 0)
		model_cell(m, alert(m, s, M_PLAIN, "quotas"), 2, M_PLAIN, "%zu more near their end", more);
}

void overview_alerts(struct app *app, const struct overview *o, struct model *m)
{
	struct m_section *s = model_add(m, M_TABLE, "needs you", "");
	char title[WORDS_MAX];

	s->cols = cols;
	s->ncols = ARRAY_LEN(cols);
	daemon_alerts(app, o, m, s);
	money_alerts(o, m, s);
	quota_alerts(o, m, s);
	s->stale = !app_live(app) && app->link.state != LINK_DOWN;
	snprintf(title, sizeof(title), "NEEDS YOU %zu", s->nrows);
	s->title = model_text(m, title);
	s->rows_max = 8;
}
