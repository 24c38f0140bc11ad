/* SPDX-License-Identifier: MIT */
/* The model's catalogue and stock: organizers, venues, events, categories, quotas. */
#include "tests/torture/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"

bool step_ok(const struct step *s)
{
	return s->write && s->wrong == 0;
}

void step_wrong(struct step *s, int code)
{
	s->wrong |= UINT32_C(1) << -code;
}

const char *step_text(const struct step *s, const char *field)
{
	return json_string_value(json_object_get(s->in, field));
}

int64_t step_int(const struct step *s, const char *field, int64_t absent)
{
	const json_t *v = json_object_get(s->in, field);

	return json_is_integer(v) ? json_integer_value(v) : absent;
}

void model_copy(char *to, const char *from)
{
	size_t len = from ? strnlen(from, M_NAME - 1) : 0;

	if (len > 0)
		memmove(to, from, len);
	to[len] = '\0';
}

struct m_event *model_event(const struct model *m, const char *slug)
{
	for (int i = m->nevents - 1; slug && i >= 0; i--) {
		struct m_event *e = &m->event[i];

		if (strcmp(e->slug, slug) == 0)
			return e;
		for (int k = 0; k < e->nformer; k++) {
			if (strcmp(e->former[k], slug) == 0)
				return e;
		}
	}
	return NULL;
}

int model_quota(const struct m_event *e, const char *name)
{
	for (int i = 0; i < e->nquotas; i++) {
		if (strcmp(e->quota[i].name, name) == 0)
			return i;
	}
	return -1;
}

int model_category(const struct m_event *e, const char *name)
{
	for (int i = 0; i < e->ncategories; i++) {
		if (strcmp(e->category[i].name, name) == 0)
			return i;
	}
	return -1;
}

int64_t model_held(const struct m_event *e, int quota)
{
	int64_t n = 0;

	for (int i = 0; i < e->ncategories; i++)
		n += e->category[i].quotas >> quota & 1 ? e->category[i].held : 0;
	return n;
}

int64_t model_sold(const struct m_event *e, int quota)
{
	int64_t n = 0;

	for (int i = 0; i < e->ncategories; i++)
		n += e->category[i].quotas >> quota & 1 ? e->category[i].sold : 0;
	return n;
}

int64_t model_free(const struct m_event *e, int quota)
{
	const struct m_quota *q = &e->quota[quota];

	return q->size + q->overbook - q->blocked - model_held(e, quota) - model_sold(e, quota);
}

static struct m_event *the_event(struct step *s)
{
	struct m_event *e = model_event(s->m, step_text(s, "event"));

	if (!e)
		step_wrong(s, TIX_ENOT_FOUND);
	return e;
}

/* Organizers and venues. */

static struct m_place *place(struct m_place *v, int n, const char *slug)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(v[i].slug, slug) == 0)
			return &v[i];
	}
	return NULL;
}

static void add_place(struct step *s, struct m_place *v, int *n, const char *field)
{
	const char *slug = step_text(s, field);

	if (place(v, *n, slug))
		step_wrong(s, TIX_EEXISTS);
	if (!step_ok(s))
		return;
	model_copy(v[*n].slug, slug);
	model_copy(v[(*n)++].name, step_text(s, "name"));
}

static void set_place(struct step *s, struct m_place *v, int n, const char *field)
{
	struct m_place *p = place(v, n, step_text(s, field));

	if (!p)
		step_wrong(s, TIX_ENOT_FOUND);
	if (step_ok(s) && step_text(s, "name"))
		model_copy(p->name, step_text(s, "name"));
}

void apply_organizer_create(struct step *s)
{
	add_place(s, s->m->organizer, &s->m->norganizers, "organizer");
}

void apply_organizer_set(struct step *s)
{
	set_place(s, s->m->organizer, s->m->norganizers, "organizer");
}

void apply_venue_create(struct step *s)
{
	add_place(s, s->m->venue, &s->m->nvenues, "venue");
}

void apply_venue_set(struct step *s)
{
	set_place(s, s->m->venue, s->m->nvenues, "venue");
}

/* Events. */

int64_t model_when(const struct model *m, const char *text)
{
	struct when_ctx ctx = {
	    .now = m->now, .start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int64_t at = M_NEVER;

	if (text && when_parse(text, &ctx, &at, NULL, NULL, NULL) < 0)
		abort();
	return at;
}

struct m_event *model_add_event(struct model *m, const char *slug)
{
	m->event = realloc(m->event, ((size_t)m->nevents + 1) * sizeof(*m->event));
	if (!m->event)
		abort();
	m->event[m->nevents] = (struct m_event){.status = event_status_draft};
	model_copy(m->event[m->nevents].slug, slug);
	return &m->event[m->nevents++];
}

void apply_event_create(struct step *s)
{
	struct m_event *e;

	if (model_event(s->m, step_text(s, "event")))
		step_wrong(s, TIX_EEXISTS);
	if (!step_ok(s))
		return;
	e = model_add_event(s->m, step_text(s, "event"));
	model_copy(e->name, step_text(s, "name"));
	snprintf(e->currency, sizeof(e->currency), "%s", step_text(s, "currency"));
	e->start = model_when(s->m, step_text(s, "start"));
}

static int decimals(const char *currency)
{
	return strcmp(currency, "JPY") == 0   ? 0
	       : strcmp(currency, "KWD") == 0 ? 3
	       : strcmp(currency, "CLF") == 0 ? 4
					      : 2;
}

/* The slug before goes on leading there; one that led there is free of that. */
static void rename_event(struct m_event *e, const char *slug)
{
	int n = 0;

	for (int i = 0; i < e->nformer; i++) {
		if (strcmp(e->former[i], slug) != 0)
			memmove(e->former[n++], e->former[i], M_NAME);
	}
	if (n == M_FORMER)
		abort();
	model_copy(e->former[n], e->slug);
	e->nformer = n + 1;
	model_copy(e->slug, slug);
}

void apply_event_set(struct step *s)
{
	const char *currency = step_text(s, "currency"), *slug = step_text(s, "slug");
	struct m_event *e = the_event(s), *other = model_event(s->m, slug);

	if (!e)
		return;
	if (other && other != e)
		step_wrong(s, TIX_EEXISTS);
	if (currency && strcmp(currency, e->currency) != 0 &&
	    (e->alive > 0 || e->sales > 0 || (e->ncategories > 0 && decimals(currency) != decimals(e->currency))))
		step_wrong(s, TIX_EWRONG_STATE);
	if (!step_ok(s))
		return;
	if (currency)
		snprintf(e->currency, sizeof(e->currency), "%s", currency);
	if (step_text(s, "name"))
		model_copy(e->name, step_text(s, "name"));
	if (step_text(s, "start"))
		e->start = model_when(s->m, step_text(s, "start"));
	if (slug && strcmp(slug, e->slug) != 0)
		rename_event(e, slug);
}

/* wrong: what else speaks against it. */
static void move_event(struct step *s, struct m_event *e, bool from, bool wrong, int to)
{
	if (!from || wrong)
		step_wrong(s, TIX_EWRONG_STATE);
	if (step_ok(s))
		e->status = to;
}

void apply_event_publish(struct step *s)
{
	struct m_event *e = the_event(s);
	bool sells = false;

	for (int i = 0; e && i < e->ncategories; i++)
		sells = sells || e->category[i].quotas;
	if (e)
		move_event(s, e, e->status == event_status_draft, !sells, event_status_published);
}

void apply_event_unpublish(struct step *s)
{
	struct m_event *e = the_event(s);

	if (e)
		move_event(s, e, e->status == event_status_published, e->alive > 0,
		    event_status_draft);
}

void apply_event_end(struct step *s)
{
	struct m_event *e = the_event(s);

	if (e)
		move_event(s, e, e->status == event_status_published, s->m->now < e->start,
		    event_status_ended);
}

/* With something sold or held it wants the slug as a word that confirms it; trying needs none. */
void apply_event_cancel(struct step *s)
{
	const char *word = step_text(s, "confirm");
	struct m_event *e = the_event(s);

	if (!e)
		return;
	if (!json_is_true(json_object_get(s->in, "dry_run")) &&
	    (word ? strcmp(word, e->slug) != 0 : e->alive > 0))
		step_wrong(s, TIX_EUNCONFIRMED);
	move_event(s, e, e->status == event_status_draft || e->status == event_status_published,
	    false, event_status_cancelled);
}

/* An export leaves a record and nothing else. */
void apply_export_begin(struct step *s)
{
	if (step_text(s, "event"))
		the_event(s);
}

/* Quotas. */

static int add_quota(struct m_event *e, const char *name, int64_t size)
{
	if (e->nquotas == M_PARTS)
		abort();
	e->quota[e->nquotas] = (struct m_quota){.size = size};
	model_copy(e->quota[e->nquotas].name, name);
	return e->nquotas++;
}

/* The quota that a call names; -1 refused. */
static int the_quota(struct step *s, struct m_event **ret)
{
	int i = -1;

	*ret = the_event(s);
	if (*ret)
		i = model_quota(*ret, step_text(s, "name"));
	if (i < 0)
		step_wrong(s, TIX_ENOT_FOUND);
	return i;
}

/* Bits of the categories that a call names. */
static uint64_t named(struct step *s, const struct m_event *e)
{
	const json_t *names = json_object_get(s->in, "categories"), *name;
	uint64_t bits = 0;
	size_t i;

	json_array_foreach (names, i, name) {
		int at = model_category(e, json_string_value(name));

		if (at < 0)
			step_wrong(s, TIX_ENOT_FOUND);
		else
			bits |= UINT64_C(1) << at;
	}
	return bits;
}

/* Links those that are not linked yet: what they took must fit into left seats. */
static void link_all(
    struct step *s, struct m_event *e, uint64_t categories, uint64_t quota, int64_t left)
{
	int64_t taken = 0;

	for (int i = 0; i < e->ncategories; i++) {
		if (categories >> i & 1 && !(e->category[i].quotas & quota))
			taken += e->category[i].held + e->category[i].sold;
	}
	if (taken > left)
		step_wrong(s, TIX_ESOLD_OUT);
	for (int i = 0; step_ok(s) && i < e->ncategories; i++)
		e->category[i].quotas |= categories >> i & 1 ? quota : 0;
}

void apply_quota_create(struct step *s)
{
	struct m_event *e = the_event(s);
	int64_t size = step_int(s, "size", 0), overbook = step_int(s, "overbook", 0);
	int i;

	if (!e)
		return;
	if (model_quota(e, step_text(s, "name")) >= 0)
		step_wrong(s, TIX_EEXISTS);
	link_all(s, e, named(s, e), UINT64_C(1) << e->nquotas, size + overbook);
	if (!step_ok(s))
		return;
	i = add_quota(e, step_text(s, "name"), size);
	e->quota[i].overbook = overbook;
}

void apply_quota_set(struct step *s)
{
	struct m_event *e;
	int i = the_quota(s, &e);
	struct m_quota was;

	if (i < 0)
		return;
	was = e->quota[i];
	e->quota[i].size = step_int(s, "size", was.size);
	e->quota[i].overbook = step_int(s, "overbook", was.overbook);
	if (model_free(e, i) < 0)
		step_wrong(s, TIX_ELIMIT);
	if (!step_ok(s))
		e->quota[i] = was;
}

void apply_quota_block(struct step *s)
{
	struct m_event *e;
	int i = the_quota(s, &e);
	int64_t count = step_int(s, "count", 0);

	if (i >= 0 && model_free(e, i) < count)
		step_wrong(s, TIX_ESOLD_OUT);
	if (step_ok(s))
		e->quota[i].blocked += count;
}

void apply_quota_unblock(struct step *s)
{
	struct m_event *e;
	int i = the_quota(s, &e);
	int64_t count = step_int(s, "count", 0);

	if (i >= 0 && e->quota[i].blocked < count)
		step_wrong(s, TIX_ELIMIT);
	if (step_ok(s))
		e->quota[i].blocked -= count;
}

void apply_quota_link(struct step *s)
{
	struct m_event *e;
	int i = the_quota(s, &e);

	if (i >= 0)
		link_all(s, e, named(s, e), UINT64_C(1) << i, model_free(e, i));
}

void apply_quota_unlink(struct step *s)
{
	struct m_event *e;
	int i = the_quota(s, &e);
	uint64_t bits = i < 0 ? 0 : named(s, e);

	for (int c = 0; step_ok(s) && c < e->ncategories; c++) {
		if (bits >> c & 1)
			e->category[c].quotas &= ~(UINT64_C(1) << i);
	}
}

void apply_quota_move(struct step *s)
{
	struct m_event *e;
	int i = the_quota(s, &e), to = e ? model_quota(e, step_text(s, "to")) : -1;
	uint64_t bits, from, into;

	if (i < 0 || to < 0) {
		step_wrong(s, TIX_ENOT_FOUND);
		return;
	}
	if (i == to)
		step_wrong(s, TIX_EBAD_VALUE);
	from = UINT64_C(1) << i;
	into = UINT64_C(1) << to;
	bits = named(s, e);
	for (int c = 0; c < e->ncategories; c++) {
		if (bits >> c & 1 && !(e->category[c].quotas & (from | into)))
			step_wrong(s, TIX_ENOT_FOUND);
	}
	link_all(s, e, bits, into, model_free(e, to));
	for (int c = 0; step_ok(s) && c < e->ncategories; c++) {
		if (bits >> c & 1)
			e->category[c].quotas &= ~from;
	}
}

/* Categories. */

static int add_category(struct m_event *e, const char *name)
{
	if (e->ncategories == M_PARTS)
		abort();
	e->category[e->ncategories] =
	    (struct m_category){.min = 1, .sale_from = M_NEVER, .sale_to = M_NEVER};
	model_copy(e->category[e->ncategories].name, name);
	return e->ncategories++;
}

/* The fields that a call may set; what it names as null is cleared. */
static void lay_category(
    struct step *s, const char *currency, const json_t *in, struct m_category *c)
{
	struct step own = {.in = in};
	const json_t *price = json_object_get(in, "price");

	if (price && strcmp(json_string_value(json_object_get(price, "currency")), currency) != 0)
		step_wrong(s, TIX_EBAD_VALUE);
	c->price = price ? json_integer_value(json_object_get(price, "amount")) : c->price;
	c->min = step_int(&own, "min", c->min);
	c->max = step_int(&own, "max", c->max);
	if (json_object_get(in, "hidden"))
		c->hidden = json_is_true(json_object_get(in, "hidden"));
	if (json_object_get(in, "title"))
		model_copy(c->title, step_text(&own, "title"));
	if (json_object_get(in, "sale_from"))
		c->sale_from = model_when(s->m, step_text(&own, "sale_from"));
	if (json_object_get(in, "sale_to"))
		c->sale_to = model_when(s->m, step_text(&own, "sale_to"));
	if (c->max && c->min > c->max)
		step_wrong(s, TIX_EBAD_VALUE);
	if (c->sale_from != M_NEVER && c->sale_to != M_NEVER && c->sale_to <= c->sale_from)
		step_wrong(s, TIX_EBAD_VALUE);
}

void apply_category_create(struct step *s)
{
	const json_t *names = json_object_get(s->in, "quotas"), *name;
	struct m_category c = {.min = 1, .sale_from = M_NEVER, .sale_to = M_NEVER};
	int64_t size = step_int(s, "size", -1);
	struct m_event *e = the_event(s);
	size_t i;

	if (!e)
		return;
	model_copy(c.name, step_text(s, "name"));
	lay_category(s, e->currency, s->in, &c);
	if (model_category(e, c.name) >= 0 || (size >= 0 && model_quota(e, c.name) >= 0))
		step_wrong(s, TIX_EEXISTS);
	json_array_foreach (names, i, name) {
		int at = model_quota(e, json_string_value(name));

		if (at < 0)
			step_wrong(s, TIX_ENOT_FOUND);
		else if (c.quotas >> at & 1)
			step_wrong(s, TIX_EBAD_VALUE);
		c.quotas |= at < 0 ? 0 : UINT64_C(1) << at;
	}
	if (!step_ok(s))
		return;
	if (size >= 0)
		c.quotas |= UINT64_C(1) << add_quota(e, c.name, size);
	e->category[add_category(e, c.name)] = c;
}

void apply_category_set(struct step *s)
{
	struct m_event *e = the_event(s);
	int i = e ? model_category(e, step_text(s, "name")) : -1;
	struct m_category c;

	if (i < 0) {
		step_wrong(s, TIX_ENOT_FOUND);
		return;
	}
	c = e->category[i];
	lay_category(s, e->currency, s->in, &c);
	if (step_ok(s))
		e->category[i] = c;
}

/* Import: on a copy of the event, which then takes its place. */

static void import_quota(struct step *s, struct m_event *e, const char *name, int64_t size)
{
	int i = model_quota(e, name);

	if (i < 0)
		i = add_quota(e, name, size);
	e->quota[i].size = size;
	if (model_free(e, i) < 0)
		step_wrong(s, TIX_ELIMIT);
}

static void import_category(struct step *s, struct m_event *e, const json_t *in)
{
	const char *name = json_string_value(json_object_get(in, "name"));
	const json_t *size = json_object_get(in, "size"), *names = json_object_get(in, "quotas");
	struct step own = *s;
	const json_t *v;
	size_t i;
	int at = model_category(e, name);

	if (at < 0)
		at = add_category(e, name);
	lay_category(s, e->currency, in, &e->category[at]);
	if (size)
		import_quota(s, e, name, json_integer_value(size));
	own.write = true; /* on the copy */
	for (i = 0; i <= json_array_size(names); i++) {
		int q;

		v = json_array_get(names, i);
		q = v ? model_quota(e, json_string_value(v)) : size ? model_quota(e, name) : -1;
		if (v && q < 0)
			step_wrong(s, TIX_ENOT_FOUND);
		if (q < 0)
			continue;
		own.wrong = 0;
		link_all(&own, e, UINT64_C(1) << at, UINT64_C(1) << q, model_free(e, q));
		s->wrong |= own.wrong;
	}
}

static void import_event(struct step *s, const json_t *in)
{
	const char *slug = json_string_value(json_object_get(in, "event"));
	struct m_event *old = model_event(s->m, slug);
	struct m_event copy = {.status = event_status_draft, .currency = "EUR"};
	const json_t *v = json_object_get(in, "currency");
	size_t i;

	if (old)
		copy = *old;
	if (!old)
		model_copy(copy.slug, slug);
	model_copy(copy.name, json_string_value(json_object_get(in, "name")));
	if (!old && v)
		snprintf(copy.currency, sizeof(copy.currency), "%s", json_string_value(v));
	copy.start = model_when(s->m, json_string_value(json_object_get(in, "start")));
	json_array_foreach (json_object_get(in, "quotas"), i, v)
		import_quota(s, &copy, json_string_value(json_object_get(v, "name")),
		    json_integer_value(json_object_get(v, "size")));
	json_array_foreach (json_object_get(in, "categories"), i, v)
		import_category(s, &copy, v);
	if (!step_ok(s))
		return;
	if (!old)
		old = model_add_event(s->m, slug);
	*old = copy;
}

/* One event a call: several would need the model to be copied as a whole. */
void apply_event_import(struct step *s)
{
	import_event(s, json_array_get(json_object_get(s->in, "events"), 0));
}
