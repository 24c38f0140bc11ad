/* SPDX-License-Identifier: MIT */
/* Lists that grow in the arena. */
#include "core/doctor_note.h"

#include <string.h>

#include "base/when.h"
#include "core/rows.h"

/* Room for one more; NULL when there is none, which is kept. */
static void *grown(struct note *n, void *v, size_t used, size_t *cap, size_t size)
{
	void *more;

	if (n->failed)
		return NULL;
	if (used < *cap)
		return v;
	more = arena_array(n->c->arena, *cap ? *cap * 2 : 8, size);
	if (!more) {
		n->failed = row_no_memory(n->c);
		return NULL;
	}
	if (used > 0)
		memcpy(more, v, used * size);
	*cap = *cap ? *cap * 2 : 8;
	return more;
}

void note_fact(struct note *n, const char *text)
{
	const char **v = grown(n, n->facts, n->nfacts, &n->facts_cap, sizeof(*v));

	if (!v)
		return;
	n->facts = v;
	n->facts[n->nfacts++] = text;
	if (!text)
		n->failed = row_no_memory(n->c);
}

void note_found(
    struct note *n, int severity, const char *subject, const char *what, const char *hint)
{
	struct doctor_finding *v =
	    grown(n, n->findings, n->nfindings, &n->findings_cap, sizeof(*v));

	if (!v)
		return;
	n->findings = v;
	n->findings[n->nfindings++] = (struct doctor_finding){
	    .severity = severity, .subject = subject, .what = what, .hint = hint};
	if (!subject || !what)
		n->failed = row_no_memory(n->c);
}

void note_stock(
    struct note *n, int severity, const char *subject, const char *what, const char *hint)
{
	note_found(n, severity, subject, what, hint);
	if (!n->failed)
		n->findings[n->nfindings - 1].stock = true;
}

const char *note_time(struct note *n, int64_t at)
{
	char *text = arena_alloc(n->c->arena, WHEN_TEXT_MAX);

	if (!text) {
		n->failed = row_no_memory(n->c);
		return "";
	}
	return when_rfc3339(at, text, WHEN_TEXT_MAX);
}

/* The worst first; what is as bad stays in its order. */
static void sort(struct doctor_finding *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct doctor_finding one = v[i];
		size_t k = i;

		for (; k > 0 && v[k - 1].severity < one.severity; k--)
			v[k] = v[k - 1];
		v[k] = one;
	}
}

int note_end(struct note *n, struct doctor *out)
{
	if (n->failed)
		return n->failed;
	sort(n->findings, n->nfindings);
	out->ok = n->nfindings == 0 || n->findings[0].severity == doctor_severity_note;
	out->at = n->c->now;
	out->facts = (struct text_list){.v = n->facts, .n = n->nfacts};
	out->findings = (struct shape_list){n->findings, n->nfindings};
	return 0;
}
