/* SPDX-License-Identifier: MIT */
/* What the catalogue keeps twice: windows against the times of their events, former slugs against
 * present ones. */
#include <stdio.h>

#include "base/when.h"
#include "base/zone.h"
#include "core/audit_law.h"

static int64_t time_col(struct q *q, int column)
{
	return q_isnull(q, column) ? TIME_NONE : q_col(q, column);
}

static void check_rule(struct auditor *a, struct q *q, const char *subject, int rule, const char *what)
{
	struct when_ctx ctx = {
	    .start = q_col(q, 6), .doors = time_col(q, 7), .end = time_col(q, 8)};
	int64_t want = TIME_NONE;
	struct err err = {0};

	if (q_isnull(q, rule))
		return;
	if (zone_get(q_text(q, 9), &ctx.zone, &err) < 0 ||
	    when_parse(q_text(q, rule), &ctx, &want, NULL, what, &err) < 0)
		audit_find(a, audit_severity_broken, subject, "%s is no time: %s", what, err.message);
	else if (want != time_col(q, rule + 1))
		audit_find(a, audit_severity_broken, subject,
		    "%s is not what \"%s\" comes to", what, q_text(q, rule));
}

static int check_windows(struct auditor *a)
{
	char subject[220];
	struct q q;
	int r;

	a->repair = "tix category set EVENT/NAME --sale-from RULE --sale-to RULE resolves them anew";
	q_start(&q, a->c->db, SQL_audit_windows, &a->c->err);
	while ((r = q_step(&q)) == 1) {
		a->law->checked++;
		snprintf(subject, sizeof(subject), "%s/%s", q_text(&q, 0), q_text(&q, 1));
		check_rule(a, &q, subject, 2, "sale_from");
		check_rule(a, &q, subject, 4, "sale_to");
	}
	q_end(&q);
	return r;
}

int audit_catalogue(struct auditor *a)
{
	struct q q;
	int r = check_windows(a);

	if (r < 0)
		return r;
	a->repair = "tix event set EVENT --slug NEW gives one of the two another slug";
	q_start(&q, a->c->db, SQL_audit_slugs, &a->c->err);
	while ((r = q_step(&q)) == 1)
		audit_find(a, audit_severity_broken, q_text(&q, 0),
		    "is the slug of one event and a former one of another");
	q_end(&q);
	return r;
}
