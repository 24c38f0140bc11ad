/* SPDX-License-Identifier: MIT */
/* What a field may be given, by its type in the tables: words of a set, slugs, names, codes, files.
 */
#include <string.h>

#include "cli/complete.h"
#include "cli/zones.h"

/* From here on candidates are what follows `len` bytes of cur. */
void complete_skip(struct complete *w, size_t len)
{
	w->head = arena_printf(w->c->arena, "%s%.*s", w->head, (int)len, w->cur);
	w->cur += len;
	if (!w->head)
		w->head = "";
}

/* The last member of a list is being typed. */
static void skip_list(struct complete *w)
{
	const char *comma = strrchr(w->cur, ',');

	if (comma)
		complete_skip(w, (size_t)(comma + 1 - w->cur));
}

void complete_methods(struct typed *l)
{
	for (int i = 0; i < RPC_COUNT; i++)
		complete_word(&l->w, rpc_methods[i].name, rpc_methods[i].doc);
}

/* Names of columns, of a list's items or of the record. */
void complete_columns(struct typed *l)
{
	const struct shape *s = l->m ? l->m->out : NULL;

	if (s && (l->m->flags & RPC_PAGE))
		s = s->fields[0].sub;
	skip_list(&l->w);
	if (*l->w.cur == '-')
		complete_skip(&l->w, 1);
	for (unsigned i = 0; s && i < s->nfields; i++)
		complete_word(&l->w, s->fields[i].name, s->fields[i].doc);
}

static void set_words(struct typed *l, const struct enum_set *set, bool many)
{
	if (many)
		skip_list(&l->w);
	if (*l->w.cur == '!')
		return; /* a shell would take it for its own */
	for (const struct enum_word *e = set->words; e->word; e++)
		complete_word(&l->w, e->word, e->doc);
}

/* EVENT/NAME, or NAME alone where the event is known. A new name has no candidates. */
void complete_pair(struct typed *l, const struct shape_field *name)
{
	const char *slash = strchr(l->w.cur, '/');
	const char *method = name->type == FT_quota ? "quota.list" : "category.list";
	size_t before;

	if (!slash) {
		if (l->w.event && name->type != FT_slug)
			live_names(&l->w, method, "");
		before = l->w.c->out.len;
		live_events(&l->w, "/");
		if (l->w.c->out.len > before)
			complete_open(&l->w);
		return;
	}
	if (name->type == FT_slug)
		return;
	l->w.event = arena_strndup(l->w.c->arena, l->w.cur, (size_t)(slash - l->w.cur));
	complete_skip(&l->w, (size_t)(slash + 1 - l->w.cur));
	live_names(&l->w, method, "");
}

/* ga:2,student:1 */
static void order_lines(struct typed *l)
{
	skip_list(&l->w);
	if (strchr(l->w.cur, ':'))
		return;
	live_names(&l->w, "category.list", ":");
	complete_open(&l->w);
}

static void text_value(struct typed *l, const struct shape_field *f)
{
	if (strcmp(f->name, "job") == 0)
		live_jobs(&l->w);
	else if (strcmp(f->name, "refund") == 0)
		live_money(&l->w, "refund.list", "refund");
	else if (strcmp(f->name, "payment") == 0)
		live_money(&l->w, "payment.list", "payment");
	else if (strcmp(f->name, "sort") == 0)
		complete_columns(l);
	else if (strcmp(f->name, "file") == 0)
		complete_files(&l->w);
	else if (strcmp(f->name, "categories") == 0 || strcmp(f->name, "quotas") == 0) {
		skip_list(&l->w);
		live_names(&l->w, f->name[0] == 'q' ? "quota.list" : "category.list", "");
	}
}

/* A JSON document may be in a file. */
static void document(struct typed *l)
{
	if (*l->w.cur == '@')
		complete_files(&l->w);
}

static void zones(struct typed *l)
{
	const char *const *names;
	size_t n = zones_list(l->w.c, &names);

	for (size_t i = 0; i < n; i++)
		complete_word(&l->w, names[i], NULL);
}

void complete_value(struct typed *l, const struct shape_field *f)
{
	switch ((enum field_type)f->type) {
	case FT_enum:
		set_words(l, f->set, false);
		return;
	case FT_enums:
		set_words(l, f->set, true);
		return;
	case FT_event:
		live_events(&l->w, "");
		return;
	case FT_venue:
		live_slugs(&l->w, "venue.list", "venue");
		return;
	case FT_organizer:
		live_slugs(&l->w, "organizer.list", "organizer");
		return;
	case FT_category:
		live_names(&l->w, "category.list", "");
		return;
	case FT_quota:
		live_names(&l->w, "quota.list", "");
		return;
	case FT_code:
		if (strcmp(f->name, "hold") == 0)
			live_holds(&l->w);
		else
			live_tickets(&l->w);
		return;
	case FT_method:
		complete_methods(l);
		return;
	case FT_zone:
		zones(l);
		return;
	case FT_when:
		complete_words(&l->w, "now today yesterday");
		return;
	case FT_bool:
		complete_words(&l->w, "true false");
		return;
	case FT_list:
		if (f->sub->nfields == 2 && f->sub->fields[0].type == FT_category)
			order_lines(l);
		else
			document(l);
		return;
	case FT_doc:
	case FT_obj:
		document(l);
		return;
	case FT_text:
	case FT_texts:
		text_value(l, f);
		return;
	case FT_mtext:
	case FT_slug:
	case FT_email:
	case FT_cursor:
	case FT_key:
	case FT_i64:
	case FT_degrees:
	case FT_time:
	case FT_money_in:
	case FT_money:
	case FT_COUNT:
		return;
	}
}
