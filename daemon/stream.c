/* SPDX-License-Identifier: MIT */
/* Filtering, counting and telling. It never reads the store. */
#include "daemon/stream.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/peer.h"

static bool copy_topics(struct sub *s, const struct text_list *topics)
{
	if (topics->n == 0)
		return true;
	s->topics = calloc(topics->n, sizeof(*s->topics));
	if (!s->topics)
		return false;
	for (size_t i = 0; i < topics->n; i++) {
		s->topics[i] = strdup(topics->v[i]);
		if (!s->topics[i])
			return false;
		s->ntopics++;
	}
	return true;
}

/* What the principal may see narrows what the client asks for. */
static bool copy_filter(struct sub *s, const struct journal_follow_in *in)
{
	const struct principal *who = &s->c->peer->who;
	const char *event = in->event ? in->event : who->event[0] ? who->event : NULL;

	if (event && !(s->event = strdup(event)))
		return false;
	if (in->subject && !(s->subject = strdup(in->subject)))
		return false;
	s->by_organizer = who->organizer[0] && !who->event[0];
	return copy_topics(s, &in->topic);
}

struct sub *stream_new(struct conn *c, const struct journal_follow_in *in, int64_t pos)
{
	struct sub *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->c = c;
	s->pos = s->told = pos;
	if (HAS(in, journal_follow_in, digest_ms))
		s->digest_ms = (uint64_t)in->digest_ms;
	s->last_ms = uv_now(&c->t->loop);
	if (copy_filter(s, in))
		return s;
	stream_free(s);
	return NULL;
}

void stream_free(struct sub *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->ntopics; i++)
		free(s->topics[i]);
	free(s->topics);
	free(s->event);
	free(s->subject);
	free(s->counts);
	free(s);
}

/* "order.*" takes all of order, "*" everything. */
static bool topic_matches(const char *filter, const char *topic)
{
	size_t len = strlen(filter);

	if (len > 0 && filter[len - 1] == '*')
		return strncmp(filter, topic, len - 1) == 0;
	return strcmp(filter, topic) == 0;
}

/* A stream stays with its event. */
static void follow_rename(struct sub *s, const struct journal_entry *e)
{
	char was[128];
	char *slug;

	if (!s->event || !e->event || strcmp(e->topic, "event.renamed") != 0)
		return;
	snprintf(was, sizeof(was), "{\"was\":\"%s\"}", s->event);
	if (strcmp(e->data, was) != 0)
		return;
	slug = strdup(e->event);
	if (!slug)
		return;
	free(s->event);
	s->event = slug;
}

static bool matches(struct sub *s, const struct journal_entry *e)
{
	bool topic = s->ntopics == 0;

	follow_rename(s, e);
	if (s->event && (!e->event || strcmp(s->event, e->event) != 0))
		return false;
	if (s->subject && (!e->subject || strcmp(s->subject, e->subject) != 0))
		return false;
	for (size_t i = 0; i < s->ntopics && !topic; i++)
		topic = topic_matches(s->topics[i], e->topic);
	return topic;
}

static void send_record(struct sub *s, const struct journal_entry *e)
{
	char hash[sizeof(e->hash) * 2 + 1];
	struct journal_record r = {.subscription = s->id,
	    .seq = e->seq,
	    .at = e->at,
	    .actor = e->actor,
	    .topic = e->topic,
	    .subject = e->subject,
	    .event = e->event,
	    .data = e->data,
	    .hash = hash};

	SET(&r, journal_record, subscription);
	sodium_bin2hex(hash, sizeof(hash), e->hash, sizeof(e->hash));
	rpc_encode_note(&s->c->out, "journal.record", &shape_journal_record, &r);
	s->told = e->seq;
	conn_touch(s->c);
}

static void send_digest(struct sub *s)
{
	struct digest_count rows[COUNTS_MAX];
	struct journal_digest d = {
	    .subscription = s->id, .seq = s->pos, .counts = {.v = rows, .n = (size_t)s->ncounts}};

	for (int i = 0; i < s->ncounts; i++) {
		struct count *k = &s->counts[i];

		rows[i] = (struct digest_count){
		    .topic = k->topic, .event = k->event[0] ? k->event : NULL, .count = k->n};
	}
	rpc_encode_note(&s->c->out, "journal.digest", &shape_journal_digest, &d);
	s->ncounts = 0;
	s->told = s->pos;
	conn_touch(s->c);
}

static void send_mark(struct sub *s)
{
	struct journal_mark m = {.subscription = s->id, .seq = s->pos};

	rpc_encode_note(&s->c->out, "journal.mark", &shape_journal_mark, &m);
	s->told = s->pos;
	conn_touch(s->c);
}

static struct count *find_count(struct sub *s, const char *topic, const char *event)
{
	for (int i = 0; i < s->ncounts; i++) {
		if (strcmp(s->counts[i].topic, topic) == 0 &&
		    strcmp(s->counts[i].event, event) == 0)
			return &s->counts[i];
	}
	return NULL;
}

static void count(struct sub *s, const struct journal_entry *e)
{
	const char *event = e->event ? e->event : "";
	struct count *k = find_count(s, e->topic, event);

	if (!k && s->ncounts == COUNTS_MAX)
		send_digest(s);
	if (!k) {
		if (!s->counts)
			s->counts = calloc(COUNTS_MAX, sizeof(*s->counts));
		if (!s->counts) {
			s->c->out.failed = true; /* ends the connection with the turn */
			conn_touch(s->c);
			return;
		}
		k = &s->counts[s->ncounts++];
		snprintf(k->topic, sizeof(k->topic), "%s", e->topic);
		snprintf(k->event, sizeof(k->event), "%s", event);
		k->n = 0;
	}
	k->n++;
}

void stream_take(struct sub *s, const struct journal_entry *e)
{
	s->pos = e->seq;
	if (!matches(s, e))
		return;
	if (s->digest_ms)
		count(s, e);
	else
		send_record(s, e);
}

uint64_t stream_tick(struct sub *s, uint64_t now_ms)
{
	uint64_t due;

	if (s->told >= s->pos)
		return 0;
	due = s->last_ms + (s->ncounts > 0 ? s->digest_ms : MARK_MS);
	if (now_ms < due)
		return due;
	s->last_ms = now_ms;
	if (s->ncounts > 0)
		send_digest(s);
	else
		send_mark(s);
	return 0;
}
