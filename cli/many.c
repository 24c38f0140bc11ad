/* SPDX-License-Identifier: MIT */
/* The window of calls under way. Each change keeps its key until it is answered: after a lost
 * connection what was not answered is sent again, and is done once. */
#include "cli/many.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/blame.h"
#include "cli/call.h"
#include "cli/ids.h"
#include "cli/odd.h"
#include "cli/out.h"
#include "cli/params.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "rpc/client.h"

#define WINDOW 128	 /* calls under way; the daemon takes 64 reads of a connection */
#define TABLE_ROWS 100	 /* that are made one table; further ones keep its columns */
#define TRIES 6		 /* of a call that the daemon is too busy for */
#define FIRST_PAUSE_US 50000
#define PAUSE_US USEC_PER_SEC
#define PATIENCE_US (60 * USEC_PER_SEC) /* with a daemon that is gone */
#define WORD_SHOWN 60

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

struct slot {
	char word[WORD_SHOWN + 1];
	json_t *params; /* NULL: it was never sent */
	json_t *result; /* when answered without error */
	struct err err;
	int64_t id; /* of the request */
	int tries;
	bool answered;
	bool again; /* the daemon was too busy for it; err says how */
};

struct many {
	struct cli *c;
	const struct rpc_method *m;
	const struct args *a;
	struct ids *ids;
	struct arena *scratch;
	const char *value; /* that follows the ids, NULL: none */
	struct print print;
	struct progress progress;
	json_t *table; /* rows that are not printed yet */
	struct slot slot[WINDOW];
	size_t first, n;     /* of slots that are taken */
	size_t unanswered;   /* of them */
	size_t again;	     /* of these, not under way: to be sent again */
	size_t ids_read, told, refused, unchanged;
	bool ended, stopped; /* no more ids; no more are wanted */
	bool typed;	     /* a person types them: no line is drawn over theirs */
	int64_t lost;	     /* monotonic microseconds since when there is no daemon; 0: there is */
};

static struct slot *slot_at(struct many *w, size_t i)
{
	return &w->slot[(w->first + i) % WINDOW];
}

/* The field of the id, and of the event it may name: these are the first positionals. */
static bool about_id(const struct rpc_method *m, const char *field)
{
	size_t left = params_values(m);

	for (unsigned i = m->in->nfields; i-- > 0;) {
		const struct shape_field *f = &m->in->fields[i];

		if (!(f->flags & FF_POS) || (left > 0 && left-- > 0))
			continue;
		if (strcmp(f->name, field) == 0)
			return true;
	}
	return false;
}

bool many_goes_on(const struct rpc_method *m, const struct err *e)
{
	int status = err_info(e->code)->exit_code;

	if (e->code == TIX_EBAD_VALUE || e->code == TIX_EMISSING)
		return about_id(m, e->field);
	return status == 3 || status == 4;
}

void many_refused(struct cli *c, const struct rpc_method *m, const struct args *a, const char *id,
    struct err *e)
{
	char text[sizeof(e->message) + WORD_SHOWN + 8];

	blame(c, m, a, e);
	if (!id[0] || !strstr(e->message, id)) {
		snprintf(text, sizeof(text), "%.*s: %s", WORD_SHOWN, id[0] ? id : "\"\"", e->message);
		snprintf(e->message, sizeof(e->message), "%.*s", (int)sizeof(e->message) - 1, text);
	}
	if (c->answer == 0)
		c->answer = err_info(e->code)->exit_code;
	c->subject = id;
	c->terse = true; /* one line for each of what may be many */
	out_error(c, e);
	c->terse = false;
	c->subject = NULL;
}

static void flush_table(struct many *w)
{
	if (json_array_size(w->table) == 0)
		return;
	print_page(&w->print, w->table, json_array_size(w->table));
	json_array_clear(w->table);
}

/* On a terminal a sentence each where there is one, else a table. */
static void show(struct many *w, json_t *result)
{
	struct cli *c = w->c;

	if (w->told++ == 0) /* flags mean the same for all */
		odd_say(c, w->m, result);
	w->unchanged += json_is_true(json_object_get(result, "unchanged"));
	if (c->quiet)
		return;
	if (c->mode == OUT_TABLE && !c->fields && json_array_size(w->table) == 0 &&
	    print_sentence(c, w->m, result)) {
		out_some(c);
		return;
	}
	json_array_append(w->table, result);
	if (c->mode != OUT_TABLE || json_array_size(w->table) >= TABLE_ROWS)
		flush_table(w);
}

/* Prints what is answered, in order, up to the first that is not. The first error that is not about
 * one id is kept in e and ends the reading of ids. */
static void settle(struct many *w, struct err *e)
{
	while (w->n > 0 && slot_at(w, 0)->answered) {
		struct slot *s = slot_at(w, 0);

		if (s->result) {
			show(w, s->result);
		} else if (many_goes_on(w->m, &s->err)) {
			flush_table(w);
			many_refused(w->c, w->m, w->a, s->word, &s->err);
			w->refused++;
		} else {
			if (e->code == 0)
				*e = s->err;
			w->stopped = true;
		}
		json_decref(s->params);
		json_decref(s->result);
		memset(s, 0, sizeof(*s));
		w->first = (w->first + 1) % WINDOW;
		w->n--;
	}
	if (w->c->out_failed)
		w->stopped = true;
}

static int queue(struct many *w, struct slot *s, struct err *e)
{
	return rpc_client_queue(w->c->client, w->m->name, s->params, &s->id, e);
}

/* What is not answered, anew: all of it on a new connection, else those that are to be. */
static int queue_again(struct many *w, bool all, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->n; i++) {
		struct slot *s = slot_at(w, i);

		if (s->answered || (!all && !s->again))
			continue;
		s->again = false;
		r = queue(w, s, e);
	}
	w->again = 0;
	return r;
}

/* The parameters of one id. What they need of memory is given back at once. */
static int build(struct many *w, const char *word, json_t **ret, struct err *e)
{
	struct cli *c = w->c;
	const char *words[2] = {word, w->value};
	struct arena *kept = c->arena;
	int r;

	c->arena = w->scratch;
	r = params_build(c, w->m, w->a, words, w->value ? 2 : 1, ret, e);
	c->arena = kept;
	arena_reset(w->scratch);
	if (r == 0 && (w->m->flags & RPC_MUTATES)) {
		char key[37];

		call_key(key);
		json_object_set_new(*ret, "idempotency_key", json_string(key));
	}
	return r;
}

/* A call for one more id. One that cannot be sent is answered at once, and told in its turn. */
static int add(struct many *w, const char *word, struct err *e)
{
	struct slot *s = slot_at(w, w->n++);
	struct err err = {0};

	w->ids_read++;
	snprintf(s->word, sizeof(s->word), "%s", word);
	if (build(w, word, &s->params, &err) < 0) {
		s->err = err;
		s->answered = true;
		return 0;
	}
	w->unanswered++;
	return queue(w, s, e);
}

/* Fills the window with the ids that are at hand. */
static int fill(struct many *w, struct err *e)
{
	const char *word;
	int r = 0;

	while (r == 0 && !w->stopped && !w->ended && w->n < WINDOW && w->again == 0) {
		enum ids_next next = ids_next(w->ids, &word);

		if (next == IDS_WAIT)
			break;
		w->ended = next == IDS_END;
		if (next == IDS_WORD)
			r = add(w, word, e);
	}
	return r;
}

/* The daemon is gone: waits until it is back, and sends again what was not answered. */
static int resume(struct many *w, struct err *e)
{
	int64_t pause = FIRST_PAUSE_US, now = clock_mono(clock_system());
	int r = e->code;

	if (w->lost == 0) {
		w->lost = now;
		if (!w->c->quiet)
			out_hint(w->c, "the daemon is gone; waiting for it");
	}
	call_disconnect(w->c);
	while (r < 0 && r != TIX_ETIMEOUT && err_info(r)->retryable && !interrupted &&
	       now - w->lost < PATIENCE_US) {
		if (!call_pause(w->c, pause))
			return err_set(e, TIX_ETIMEOUT, NULL, "no daemon within --timeout");
		pause = pause * 2 < PAUSE_US ? pause * 2 : PAUSE_US;
		now = clock_mono(clock_system());
		err_clear(e);
		r = call_ready(w->c, w->m->name, e);
		if (r < 0)
			call_disconnect(w->c);
	}
	return r < 0 ? r : queue_again(w, true, e);
}

static struct slot *find(struct many *w, int64_t id)
{
	for (size_t i = 0; i < w->n; i++) {
		struct slot *s = slot_at(w, i);

		if (!s->answered && !s->again && s->id == id)
			return s;
	}
	return NULL;
}

static void answer(struct many *w, struct slot *s)
{
	s->answered = true;
	w->unanswered--;
}

/* One answer into its slot. Who is too busy is asked again. */
static int receive(struct many *w, struct err *e)
{
	struct err err = {0};
	json_t *result = NULL;
	struct slot *s;
	int64_t id;
	int r = rpc_client_recv(w->c->client, &id, &result, &err);

	s = id >= 0 ? find(w, id) : NULL;
	if (!s) {
		json_decref(result);
		*e = err;
		return r;
	}
	w->lost = 0;
	s->result = result;
	s->err = err;
	s->again = r < 0 && err_info(r)->retryable && !w->stopped && ++s->tries < TRIES;
	if (s->again)
		w->again++;
	else
		answer(w, s);
	return 0;
}

/* Nothing is under way but what the daemon was too busy for. */
static int try_again(struct many *w, struct err *e)
{
	int tries = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct slot *s = slot_at(w, i);

		tries = s->again && s->tries > tries ? s->tries : tries;
		if (s->again && w->stopped)
			answer(w, s);
	}
	if (w->stopped) {
		w->again = 0;
		return 0;
	}
	if (!call_pause(w->c, (int64_t)FIRST_PAUSE_US << tries))
		return err_set(e, TIX_ETIMEOUT, NULL, "the daemon is busy, for longer than --timeout");
	return queue_again(w, false, e);
}

enum { READY_IDS = 1, READY_ANSWER = 2 };

/* Waits for ids or answers, whichever comes first. */
static int wait_for(struct many *w, struct err *e)
{
	struct pollfd p[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
	    {.fd = rpc_client_fd(w->c->client), .events = POLLIN}};
	int64_t left = call_left(w->c);
	int n;

	if (rpc_client_pending(w->c->client))
		return READY_ANSWER;
	n = poll(p, 2, 0);
	if (n == 0) { /* what was printed is seen while nothing else goes on */
		flush_table(w);
		out_flush(w->c);
		n = poll(p, 2, left < 0 ? 0 : left / 1000 < 1000000 ? (int)(left / 1000) + 1 : 1000000);
	}
	if (n < 0 && errno != EINTR)
		return err_set(e, TIX_EINTERNAL, NULL, "poll: %s", strerror(errno));
	return n <= 0 ? 0 : (p[0].revents ? READY_IDS : 0) | (p[1].revents ? READY_ANSWER : 0);
}

/* More ids or more answers. */
static int advance(struct many *w, struct err *e)
{
	int r = READY_ANSWER;

	if (w->again > 0 && w->again == w->unanswered)
		return try_again(w, e);
	if (!w->ended && !w->stopped && w->n < WINDOW && w->again == 0)
		r = wait_for(w, e);
	if (r > 0 && (r & READY_IDS))
		return ids_read(w->ids, e);
	if (r <= 0)
		return r;
	if (w->unanswered > 0)
		return receive(w, e);
	return w->n > 0 || w->ended ? 0 : err_set(e, TIX_ENO_DAEMON, NULL, "the daemon hung up");
}

/* One turn; 0, or what ends it. */
static int turn(struct many *w, struct err *e)
{
	struct err gone = {0};
	int r = call_ready(w->c, w->m->name, &gone);

	if (r == 0)
		r = fill(w, &gone);
	if (r == 0)
		r = rpc_client_flush(w->c->client, &gone);
	if (r == 0)
		r = advance(w, &gone);
	while (r == TIX_ENO_DAEMON && !interrupted) {
		r = resume(w, &gone);
		if (r == 0)
			r = rpc_client_flush(w->c->client, &gone);
	}
	if (r < 0)
		*e = gone;
	settle(w, e);
	if (!w->typed)
		progress_at(&w->progress, (int64_t)(w->ids_read - w->n), 0, "");
	return r;
}

static void end(struct many *w, const struct err *e)
{
	struct cli *c = w->c;
	bool talk = c->mode != OUT_JSON && c->mode != OUT_JSONL;

	flush_table(w);
	if (!c->quiet && (w->print.rows > 0 || (e->code == 0 && c->mode != OUT_TABLE)))
		print_end(&w->print, NULL);
	if (!talk)
		return;
	if (c->dry_run && !c->quiet && w->ids_read > w->refused && c->mode != OUT_TABLE)
		out_say(c, "would: nothing was kept");
	if (w->unchanged > 0 && !c->quiet)
		out_say(c, "unchanged: %zu of %zu were so already", w->unchanged, w->ids_read);
	if (w->refused > 0 && w->ids_read > 1)
		out_say(c, "%zu of %zu were refused", w->refused, w->ids_read);
	if (w->ids_read > 1 && (interrupted || e->code != 0))
		out_say(c, "stopped after %zu", w->ids_read - w->n);
}

/* What became of the calls under way is not known. */
static void tell_open(struct many *w, struct err *e)
{
	if (w->unanswered > 0 && (w->m->flags & RPC_MUTATES) && !w->c->dry_run)
		err_hint(e, "%zu ids from %s on may be done or not: run them again", w->n,
		    slot_at(w, 0)->word);
}

static int run(struct many *w, struct err *e)
{
	int r = call_ready(w->c, w->m->name, e);

	while (r == 0 && (w->n > 0 || (!w->ended && !w->stopped))) {
		if (interrupted)
			w->stopped = true;
		r = turn(w, e);
	}
	if (r < 0)
		tell_open(w, e);
	return r < 0 ? r : e->code;
}

int many_run(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND}, old;
	size_t values = params_values(m);
	AUTO(arena) struct arena *scratch = arena_new(1 << 20);
	struct many *w = arena_alloc(c->arena, sizeof(*w));
	struct err how = {0};
	int r;

	if (!w || !scratch || !(w->ids = arena_alloc(c->arena, sizeof(*w->ids))) ||
	    !(w->table = json_array()))
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	w->c = c;
	w->m = m;
	w->a = a;
	w->scratch = scratch;
	w->value = values ? a->pos[a->npos - 1] : NULL;
	ids_open(w->ids, a->pos, a->npos - values);
	r = print_open(&w->print, c, m->out, e);
	cli_tz(c); /* in the arena that stays */
	c->greet = true;
	interrupted = 0;
	if (r == 0) {
		sigaction(SIGINT, &action, &old);
		w->typed = ids_stdin(a->pos, a->npos) && isatty(STDIN_FILENO);
		progress_begin(&w->progress, c, c->what ? c->what : m->name);
		r = run(w, &how);
		progress_end(&w->progress);
		end(w, &how);
		sigaction(SIGINT, &old, NULL);
		*e = how;
	}
	if (interrupted) {
		c->answer = 128 + SIGINT;
		r = 0;
	}
	for (size_t i = 0; i < w->n; i++) {
		json_decref(slot_at(w, i)->params);
		json_decref(slot_at(w, i)->result);
	}
	json_decref(w->table);
	return r;
}
