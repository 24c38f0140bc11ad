/* SPDX-License-Identifier: MIT */
/* The law of the store: the engine's own checks of the file and of references, and the search's
 * table, and what must be JSON. */
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "core/audit_law.h"
#include "core/event_row.h"

static void complaint(void *ctx, const char *subject, const char *what)
{
	audit_find(ctx, audit_severity_broken, subject, "%s", what);
}

static bool is_json(const char *text, bool list)
{
	AUTO(json) json_t *v = NULL;
	const json_t *item;
	size_t i;

	if (json_parse_strict(text, strlen(text), JSON_DEPTH_DEFAULT, &v, NULL) < 0)
		return false;
	json_array_foreach(v, i, item)
	{
		if (!json_is_string(item))
			return false;
	}
	return list ? json_is_array(v) : json_is_object(v);
}

/* What is damaged of these is shown as if it was not there; here it is said. */
static void check_json(struct auditor *a, struct q *q)
{
	const char *usual = a->repair;

	a->repair = "tix event set EVENT writes them anew: --tags A,B, --doc JSON";
	if (!is_json(q_text(q, 3), true))
		audit_find(a, audit_severity_broken, q_text(q, 1), "its tags are damaged");
	if (!is_json(q_text(q, 4), false))
		audit_find(a, audit_severity_broken, q_text(q, 1), "its document is damaged");
	a->repair = usual;
}

static int check_events(struct auditor *a, int64_t *after, int max)
{
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_events, &a->c->err);
	q_i64(&q, 1, *after);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1) {
		n++;
		*after = q_col(&q, 0);
		if (q_isnull(&q, 2))
			audit_find(a, audit_severity_warning, q_text(&q, 1),
			    "the search does not know this event");
		check_json(a, &q);
	}
	q_end(&q);
	a->law->checked += n;
	return r < 0 ? r : n;
}

int law_store(struct auditor *a)
{
	int64_t checked = 0, after = INT64_MIN;
	int max = audit_slice(a), n, r;

	a->repair = "stop tixd and restore a backup; until then do not sell";
	r = db_check(a->c->db, AUDIT_FINDINGS_MAX, complaint, a, &checked, &a->c->err);
	a->law->checked += checked;
	if (r < 0)
		return r;
	a->repair = "tix event set EVENT --name NAME writes its words again";
	do {
		n = check_events(a, &after, max);
		audit_pause(a);
	} while (n == max);
	return n < 0 ? n : audit_catalogue(a);
}
