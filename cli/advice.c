/* SPDX-License-Identifier: MIT */
/* The next step after each error. Commands that it names can be typed as they stand. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/blame.h"
#include "cli/call.h"
#include "cli/zones.h"
#include "rpc/client.h"

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./@"

/* The first word that was typed, if a shell takes it as it is; else NULL. */
static const char *subject(const struct cli *c)
{
	const char *s = c->subject;

	return s && *s && *s != '-' && strlen(s) <= 100 && s[strspn(s, PLAIN)] == 0 ? s : NULL;
}

/* The event that was named, with a blank before it, or nothing. */
static const char *event(const struct cli *c, char out[110])
{
	const char *s = subject(c);

	out[0] = '\0';
	if (s && c->method && c->method->in->fields)
		for (unsigned i = 0; i < c->method->in->nfields; i++)
			if (c->method->in->fields[i].type == FT_event &&
			    (c->method->in->fields[i].flags & FF_POS) &&
			    (strchr(s, '/') || !c->event))
				snprintf(out, 110, " %.*s", (int)strcspn(s, "/"), s);
	if (!out[0] && c->event && c->event[strspn(c->event, PLAIN)] == 0)
		snprintf(out, 110, " %.100s", c->event);
	return out;
}

/* By the look of a word that stands for anything: j31, EVENT/NAME, a code, else a slug. */
static void nothing_called(struct err *e, const char *word)
{
	size_t slash = strcspn(word, "/");

	if ((word[0] | 0x20) == 'j' && word[1] && word[1 + strspn(word + 1, "0123456789")] == '\0')
		err_hint(e, "tix job list");
	else if (word[slash] && slash <= 100 && word[strspn(word, PLAIN)] == '\0' &&
		 !strpbrk(word, "0123456789"))
		err_hint(e, "tix category list %.*s", (int)slash, word);
	else if (strpbrk(word, "0123456789@"))
		err_hint(e, "tix order list --find WORDS");
	else
		err_hint(e, "tix event list; tix order list --find WORDS");
}

/* Nouns whose list is where to look, whatever the field. */
static bool own_list(const struct cli *c, struct err *e)
{
	static const char *const nouns[] = {"bookmark", "hold", "job"};

	for (size_t i = 0; c->method && i < ARRAY_LEN(nouns); i++) {
		size_t len = strlen(nouns[i]);

		if (strncmp(c->method->name, nouns[i], len) != 0 || c->method->name[len] != '.' ||
		    strcmp(e->field, "event") == 0 || strcmp(e->field, "line") == 0)
			continue;
		err_hint(e, "tix %s list", nouns[i]);
		return true;
	}
	return false;
}

static void not_found(const struct cli *c, struct err *e)
{
	static const char nothing[] = "nothing is called ";
	static const char *const lists[][2] = {
	    {"event", "event"},
	    {"near", "venue"},
	    {"venue", "venue"},
	    {"organizer", "organizer"},
	    {"job", "job"},
	    {"category", "category"},
	    {"categories", "category"},
	    {"line", "category"},
	    {"before", "category"},
	    {"after", "category"},
	    {"quotas", "quota"},
	    {"quota", "quota"},
	    {"to", "quota"},
	    {"from", "quota"},
	};
	bool quota = c->method && strncmp(c->method->name, "quota.", 6) == 0;
	size_t len = strcspn(e->field, "[.");
	char of[110];

	if (strncmp(e->message, nothing, strlen(nothing)) == 0) {
		nothing_called(e, e->message + strlen(nothing));
		return;
	}
	if (own_list(c, e))
		return;
	if (strcmp(e->field, "name") == 0) {
		err_hint(e, "tix %s list%s", quota ? "quota" : "category", event(c, of));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (strlen(lists[i][0]) != len || strncmp(lists[i][0], e->field, len) != 0)
			continue;
		event(c, of);
		err_hint(e, "tix %s list%s", lists[i][1],
		    lists[i][1][0] == 'c' || lists[i][1][0] == 'q' ? of : "");
		return;
	}
	if ((strcmp(e->field, "ticket") == 0 || strcmp(e->field, "payment") == 0 ||
		strcmp(e->field, "refund") == 0 ||
		(len == 6 && strncmp(e->field, "remove", len) == 0) ||
		(len == 8 && strncmp(e->field, "exchange", len) == 0)) &&
	    subject(c))
		err_hint(e, "tix order show %.*s", (int)strcspn(subject(c), "/"), subject(c));
	else
		err_hint(e, "tix order list --find WORDS");
}

/* Where what was named can be looked at. */
static void show(const struct cli *c, struct err *e)
{
	const char *s = subject(c);
	const struct shape *in = c->method ? c->method->in : NULL;
	int noun = c->method ? (int)strcspn(c->method->name, ".") : 0;
	char of[110];

	if (s && noun == 2) { /* db: a file */
		err_hint(e, "another name; what is there: ls -l %s", s);
		return;
	}
	for (unsigned i = 0; s && in && i < in->nfields; i++) {
		if (!(in->fields[i].flags & FF_POS))
			continue;
		if (in->fields[i].type != FT_event || i + 1 >= in->nfields ||
		    !(in->fields[i + 1].flags & FF_POS))
			err_hint(e, "tix show %s", s);
		else if (strchr(s, '/'))
			err_hint(e, "tix %.*s show %s", noun, c->method->name, s);
		else if (c->event)
			err_hint(e, "tix %.*s show%s/%s", noun, c->method->name, event(c, of), s);
		else
			err_hint(e, "tix %.*s list %s", noun, c->method->name, s);
		return;
	}
	err_hint(e, "tix %s -h", c->what ? c->what : "help");
}

/* The message begins with what is short: EVENT or EVENT/CATEGORY; or the quota was typed. */
static void sold_out(const struct cli *c, struct err *e)
{
	const char *s = subject(c);
	size_t len = strspn(e->message, PLAIN);

	if (s && strchr(s, '/') && !memchr(e->message, '/', len))
		err_hint(e, "tix doctor %s", s);
	else if (len > 2 && e->message[len] == ' ')
		err_hint(e, "tix doctor %.*s", (int)len, e->message);
	else
		err_hint(e, "tix doctor");
}

/* "... no time zone Europe/Berln" */
static const char *near_zone(struct cli *c, const struct err *e)
{
	static const char before[] = "no time zone ";
	const char *word = strcmp(e->field, "zone") == 0 || strcmp(e->field, "tz") == 0
			       ? strstr(e->message, before)
			       : NULL;

	return word ? zones_near(c, word + strlen(before)) : NULL;
}

static void usage(struct cli *c, struct err *e)
{
	const char *zone = near_zone(c, e);

	if (zone)
		err_hint(e, "did you mean %s?", zone);
	else if (c->what)
		err_hint(e, "tix %s -h", c->what);
	else
		err_hint(e, "tix help flags");
}

/* What is beyond a limit of the stock or of an order's money: the sums say which. */
static void limit(struct cli *c, struct err *e)
{
	const char *s = subject(c), *name = c->method ? c->method->name : "";

	if (s && strncmp(name, "quota.", 6) == 0 && strchr(s, '/'))
		err_hint(e, "tix doctor %s", s);
	else if (s && (strncmp(name, "refund.", 7) == 0 || strncmp(name, "payment.", 8) == 0))
		err_hint(e, "tix order explain %.*s", (int)strcspn(s, "/"), s);
	else
		usage(c, e);
}

/* The key of a change that nobody knows to be kept: it makes it safe to ask again. */
static const char *unsure(const struct cli *c, const struct err *e)
{
	const char *key = c->sent_key;

	return (e->code == TIX_ETIMEOUT || e->code == TIX_ENO_DAEMON) && key && *key != '-' &&
		       strlen(key) <= 100 && key[strspn(key, PLAIN)] == 0
		   ? key
		   : NULL;
}

static void again(struct err *e)
{
	if (e->code == TIX_ETIMEOUT)
		err_hint(e, "--timeout 5m waits longer; tix status");
	else
		err_hint(e, "it passes: try again; what is wrong: tix doctor");
}

static void internal(const struct cli *c, struct err *e)
{
	const char *request = c->client ? rpc_client_request(c->client) : "";

	if (*request)
		err_hint(
		    e, "a fault of the daemon: journalctl -u tixd -g %s; then tix audit", request);
	else
		err_hint(e, "a fault of this program; its version: tix version");
}

/* By what the system says of it. */
static void output(struct err *e)
{
	if (strstr(e->message, strerror(EBADF)))
		err_hint(e, "it is closed: >/dev/null where nobody reads");
	else if (strstr(e->message, strerror(ENOSPC)) || strstr(e->message, strerror(EDQUOT)))
		err_hint(e, "is a disk full? df -h");
	else
		err_hint(e, "may it be written there? ls -ld; is a disk full? df -h");
}

static void by_code(struct cli *c, struct err *e)
{
	switch ((enum tix_err)e->code) {
	case TIX_OK:
		return;
	case TIX_ELIMIT:
		limit(c, e);
		return;
	case TIX_EMISSING:
	case TIX_EUNKNOWN_FIELD:
	case TIX_EBAD_VALUE:
		usage(c, e);
		return;
	case TIX_EUNKNOWN_METHOD:
		err_hint(e, "tix help");
		return;
	case TIX_ENOT_FOUND:
		not_found(c, e);
		return;
	case TIX_EEXISTS:
	case TIX_EWRONG_STATE:
		show(c, e);
		return;
	case TIX_ESOLD_OUT:
		sold_out(c, e);
		return;
	case TIX_EKEY_REUSED:
		err_hint(e, "without --key each call has a new one");
		return;
	case TIX_ENOT_PERMITTED:
		err_hint(e, "who you are: tix version; who may do what: man tix.conf");
		return;
	case TIX_ENEEDS_SECOND_PERSON:
		err_hint(e, "somebody else who may do this has to agree");
		return;
	case TIX_EBUSY:
	case TIX_EUNAVAILABLE:
	case TIX_ETIMEOUT:
	case TIX_ENO_DAEMON:
		again(e);
		return;
	case TIX_ESTOPPED:
		err_hint(e, "why: tix doctor; then mend it and systemctl restart tixd");
		return;
	case TIX_EINTERNAL:
		internal(c, e);
		return;
	case TIX_EPARSE:
	case TIX_EINVALID_REQUEST:
	case TIX_EBAD_PARAMS:
	case TIX_EVERSION:
		err_hint(e, "both versions: tix version");
		return;
	case TIX_EUNCONFIRMED:
		if (!c->err_tty || !isatty(0)) /* who was asked said no */
			err_hint(e, "--dry-run shows it, --yes does it");
		return;
	case TIX_ECONFIG:
		err_hint(e, "tix config check");
		return;
	case TIX_EOUTPUT:
		output(e);
		return;
	}
}

void advise(struct cli *c, struct err *e)
{
	const char *key = unsure(c, e);

	if (key)
		err_hint(e, "it may have been done: the same with --key %s does it once", key);
	else if (!c->terse && !e->hint[0] && !strstr(e->message, "did you mean"))
		by_code(c, e);
}
