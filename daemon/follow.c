/* SPDX-License-Identifier: MIT */
/* Feeding the streams: from commits while they keep up, from the store while they do not. The
 * writer is never asked to wait, and a connection whose reader is slow only gets the next page when
 * it has taken the last. */
#include "daemon/follow.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/redirect.h"
#include "daemon/dispatch.h"
#include "daemon/methods.h"
#include "daemon/peer.h"
#include "daemon/readers.h"
#include "daemon/stream.h"

#define PAGE_RECORDS 256

/* A page on its way: who it is for and what a reading thread found. */
struct page {
	struct sub *sub;
	struct journal_entry *entries;
	int n;
	int64_t since;
};

static size_t text_size(const char *s)
{
	return s ? strlen(s) + 1 : 0;
}

static const char *put_text(char **at, const char *s)
{
	size_t size = text_size(s);
	char *to = *at;

	if (!s)
		return NULL;
	memcpy(to, s, size);
	*at += size;
	return to;
}

static struct journal_entry only_counted(const struct journal_entry *e, int want)
{
	struct journal_entry k = {
	    .seq = e->seq, .topic = e->topic, .subject = e->subject, .event = e->event};

	return want == FOLLOW_ALL ? *e : k;
}

struct pub *pub_new(const struct journal_entry *entries, int n, int want)
{
	size_t size = sizeof(struct pub);
	struct pub *p;
	char *at;

	for (int i = 0; i < n && want != FOLLOW_NOTHING; i++) {
		struct journal_entry e = only_counted(&entries[i], want);

		size += sizeof(e) + text_size(e.actor) + text_size(e.topic) + text_size(e.subject) +
			text_size(e.event) + text_size(e.data);
	}
	p = malloc(size);
	if (!p)
		return NULL;
	*p = (struct pub){
	    .first = entries[0].seq, .last = entries[n - 1].seq, .has = (enum follow_want)want};
	if (want == FOLLOW_NOTHING)
		return p;
	p->n = n;
	at = (char *)&p->entries[n];
	for (int i = 0; i < n; i++) {
		struct journal_entry *e = &p->entries[i];

		*e = only_counted(&entries[i], want);
		e->actor = put_text(&at, e->actor);
		e->topic = put_text(&at, e->topic);
		e->subject = put_text(&at, e->subject);
		e->event = put_text(&at, e->event);
		e->data = put_text(&at, e->data);
	}
	return p;
}

/* The writer need not copy what nobody follows. */
static void tell_writer(struct tixd *t)
{
	int want = FOLLOW_NOTHING;

	for (const struct sub *s = t->subs; s; s = s->next) {
		if (s->by_organizer)
			continue;
		if (!s->digest_ms)
			want = FOLLOW_ALL;
		else if (want == FOLLOW_NOTHING)
			want = FOLLOW_COUNTS;
	}
	atomic_store(&t->follow, want);
}

static void on_timer(uv_timer_t *timer);

/* Sends what is due and sets the timer for what will be. */
static void tick_all(struct tixd *t)
{
	uint64_t now = uv_now(&t->loop), next = 0;

	for (struct sub *s = t->subs; s; s = s->next) {
		uint64_t due = stream_tick(s, now);

		if (due && (!next || due < next))
			next = due;
	}
	if (next)
		uv_timer_start(&t->stream_timer, on_timer, next > now ? next - now : 0, 0);
	else
		uv_timer_stop(&t->stream_timer);
}

static void on_timer(uv_timer_t *timer)
{
	tick_all(timer->data);
}

/* Only the store knows which organizer an event belongs to: what is not the principal's is blanked
 * out. */
static void hide_foreign(struct job *j, struct page *p)
{
	struct event_ref ref;

	for (int i = 0; i < p->n; i++) {
		struct journal_entry *e = &p->entries[i];

		if (!e->event || call_event(&j->call, e->event, &ref) < 0)
			e->topic = NULL;
	}
}

static void read_page(struct job *j, struct db *db)
{
	struct page *p = j->extra;
	int n = journal_read(db, j->arena, p->since, PAGE_RECORDS, &p->entries, &j->call.err);

	j->call.db = db;
	j->call.result = n < 0 ? n : 0;
	p->n = n < 0 ? 0 : n;
	if (j->call.who->organizer[0])
		hide_foreign(j, p);
}

static void next_page(struct sub *s);

static void take_page(struct sub *s, const struct page *p)
{
	struct tixd *t = s->c->t;

	for (int i = 0; i < p->n && s->c; i++) {
		if (p->entries[i].topic)
			stream_take(s, &p->entries[i]);
		else
			s->pos = p->entries[i].seq;
	}
	s->behind = p->n == PAGE_RECORDS || s->pos < t->head_seq;
	if (s->behind)
		next_page(s);
}

static void page_done(struct job *j)
{
	struct page *p = j->extra;
	struct sub *s = p->sub;
	struct conn *c = j->conn;

	j->t->jobs--;
	s->reading = false;
	if (!s->c) {
		stream_free(s);
	} else if (j->call.result < 0) {
		log_line(&j->t->log, LEVEL_ERROR, NULL,
		    "a stream of %s ends: the journal cannot be read: %s", j->call.who->name,
		    j->call.err.message);
		conn_end(c);
	} else {
		take_page(s, p);
		tick_all(j->t);
	}
	job_end(j);
	conn_call_done(c, true);
}

static void submit(struct job *j)
{
	j->conn->calls++;
	j->conn->reads++;
	j->t->jobs++;
	readers_submit(j->t->readers, j);
}

/* Reads on from the store, unless a page is on its way or the client has not taken what it got. */
static void next_page(struct sub *s)
{
	struct job *j;
	struct page *p;

	s->behind = true;
	if (s->reading || conn_pending(s->c) >= OUT_PAUSE)
		return;
	j = job_new(s->c->t);
	p = j ? arena_alloc(j->arena, sizeof(*p)) : NULL;
	if (!p) {
		conn_end(s->c);
		return;
	}
	*p = (struct page){.sub = s, .since = s->pos};
	s->reading = true;
	j->conn = s->c;
	j->call.who = &s->c->peer->who;
	j->extra = p;
	j->work = read_page;
	j->done = page_done;
	submit(j);
}

static void feed(struct sub *s, const struct pub *p)
{
	bool enough = p->has == FOLLOW_ALL || (p->has == FOLLOW_COUNTS && s->digest_ms);

	if (s->behind || s->pos >= p->last)
		return;
	if (!enough || s->by_organizer || p->first > s->pos + 1) {
		next_page(s);
		return;
	}
	for (int i = 0; i < p->n && s->c; i++) {
		if (p->entries[i].seq > s->pos)
			stream_take(s, &p->entries[i]);
	}
}

void follow_published(struct tixd *t, const struct pub *p)
{
	struct sub *next;

	t->head_seq = p->last;
	for (struct sub *s = t->subs; s; s = next) {
		next = s->next;
		feed(s, p);
	}
	tick_all(t);
}

void follow_room(struct conn *c)
{
	for (struct sub *s = c->subs; s; s = s->conn_next) {
		if (s->behind && !s->reading)
			next_page(s);
	}
}

static void unlink_sub(struct sub *s)
{
	struct sub **at = &s->c->t->subs;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	at = &s->c->subs;
	while (*at != s)
		at = &(*at)->conn_next;
	*at = s->conn_next;
	s->c->nsubs--;
	atomic_fetch_sub(&s->c->t->count.subscriptions, 1);
}

static void end_sub(struct sub *s)
{
	struct tixd *t = s->c->t;

	unlink_sub(s);
	s->c = NULL;
	if (!s->reading)
		stream_free(s);
	tell_writer(t);
}

void follow_end_all(struct conn *c)
{
	while (c->subs)
		end_sub(c->subs);
}

static int open_sub(struct job *j)
{
	const struct journal_follow_in *in = j->call.in;
	struct journal_follow *out = j->call.out;
	struct conn *c = j->conn;
	struct tixd *t = j->t;
	int64_t pos = HAS(in, journal_follow_in, since) ? in->since : t->head_seq;
	struct sub *s = stream_new(c, in, pos);

	if (!s)
		return err_set(&j->call.err, TIX_EUNAVAILABLE, NULL, "no memory for a stream");
	s->id = ++c->last_sub;
	s->next = t->subs;
	t->subs = s;
	s->conn_next = c->subs;
	c->subs = s;
	c->nsubs++;
	atomic_fetch_add(&t->count.subscriptions, 1);
	tell_writer(t);
	*out = (struct journal_follow){.subscription = s->id, .seq = pos};
	if (pos < t->head_seq)
		next_page(s);
	return 0;
}

/* On a reading thread: does the event exist, may the principal see it, and what is its slug now? */
static void check_event(struct job *j, struct db *db)
{
	struct journal_follow_in *in = arena_alloc(j->call.arena, sizeof(*in));
	struct event_ref ref;
	int r = in ? 0 : TIX_EUNAVAILABLE;

	j->call.db = db;
	if (in)
		*in = *(const struct journal_follow_in *)j->call.in;
	if (r == 0)
		r = redirect_scope(&j->call);
	if (r == 0)
		r = call_event(&j->call, in->event ? in->event : j->call.who->event, &ref);
	if (r == 0) {
		in->event = arena_strdup(j->call.arena, ref.slug);
		j->call.in = in;
		r = in->event ? 0 : TIX_EUNAVAILABLE;
	}
	j->call.result = r;
}

static void event_checked(struct job *j)
{
	struct conn *c = j->conn;

	j->t->jobs--;
	if (j->call.result == 0 && !c->closed && !c->ending)
		j->call.result = open_sub(j);
	dispatch_reply(j);
	conn_call_done(c, true);
}

int journal_follow(struct call *c, const struct journal_follow_in *in, struct journal_follow *out)
{
	struct job *j = job_of(c);

	(void)out;
	if (j->conn->nsubs >= SUBS_MAX)
		return err_set(
		    &c->err, TIX_ELIMIT, NULL, "a connection may have %d streams", SUBS_MAX);
	if (HAS(in, journal_follow_in, since) && in->since > j->t->head_seq) {
		err_set(&c->err, TIX_EBAD_VALUE, "since", "the journal ends at %lld",
		    (long long)j->t->head_seq);
		err_fact(&c->err, "seq", j->t->head_seq);
		return TIX_EBAD_VALUE;
	}
	if (!in->event && !c->who->event[0])
		return open_sub(j);
	j->work = check_event;
	j->done = event_checked;
	submit(j);
	return CALL_LATER;
}

int journal_unfollow(struct call *c, const struct journal_unfollow_in *in, struct none *out)
{
	(void)out;
	for (struct sub *s = job_of(c)->conn->subs; s; s = s->conn_next) {
		if (s->id == in->subscription) {
			end_sub(s);
			return 0;
		}
	}
	return err_set(&c->err, TIX_ENOT_FOUND, "subscription",
	    "this connection has no stream %lld", (long long)in->subscription);
}

int follow_start(struct tixd *t)
{
	t->stream_timer.data = t;
	return uv_timer_init(&t->loop, &t->stream_timer);
}
