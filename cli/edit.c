/* SPDX-License-Identifier: MIT */
/* Shows a record in an editor, sends what was changed, and comes back with the text when it is
 * refused: nothing that was typed is lost. The rules are the daemon's, as for NOUN set. */
#include "cli/edit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "cli/call.h"
#include "cli/edit_text.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/params.h"
#include "cli/print.h"
#include "cli/settings.h"

#define TEXT_MAX (256u * 1024)

static const struct opt opts[] = {
    {"reason", "TEXT", "why; kept in the journal"}, {NULL, NULL, NULL}};

struct edit {
	struct cli *c;
	const struct rpc_method *set, *show;
	const struct args *args;
	const char *title;
	char path[300];
	struct edit_values shown; /* what the person began with: what differs from it is meant */
	struct edit_values base;  /* what the record said when we last looked */
	const char *text;	  /* what the person made of it; NULL: not yet */
};

const struct rpc_method *edit_method(const char *noun)
{
	const struct rpc_method *set = method_find(noun, "set"), *show = method_find(noun, "show");

	if (!set || !show || set->out != show->out)
		return NULL;
	for (unsigned i = IX_mut_in_COUNT; i < set->in->nfields; i++) {
		if (!(set->in->fields[i].flags & FF_POS))
			return set;
	}
	return NULL; /* one value is typed faster */
}

/* The record as it is now. */
static int look(struct edit *d, struct edit_values *ret, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	AUTO(json) json_t *record = NULL;
	struct args none = {.pos = d->args->pos, .npos = d->args->npos};
	int r = params_build(d->c, d->show, &none, none.pos, none.npos, &params, e);

	if (r == 0)
		r = call(d->c, d->show, params, &record, e);
	if (r == 0)
		edit_read_record(d->c, d->set, record, ret);
	return r;
}

static int no_file(const struct edit *d, struct err *e)
{
	return err_set(e, TIX_EOUTPUT, NULL, "%s: %s", d->path, strerror(errno));
}

/* A file that nobody else can read. */
static int make_file(struct edit *d, struct err *e)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	snprintf(d->path, sizeof(d->path), "%s/tix-edit.XXXXXX", dir && *dir == '/' ? dir : "/tmp");
	fd = mkostemp(d->path, O_CLOEXEC);
	if (fd < 0)
		return no_file(d, e);
	close(fd);
	return 0;
}

static int write_file(const struct edit *d, const struct buf *b, struct err *e)
{
	AUTO(fd) int fd = open(d->path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
	size_t done = 0;

	while (fd >= 0 && done < b->len) {
		ssize_t n = write(fd, b->data + done, b->len - done);

		if (n <= 0)
			return no_file(d, e);
		done += (size_t)n;
	}
	return fd < 0 ? no_file(d, e) : 0;
}

/* A line above the text, about the last try. */
static void remark(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void remark(struct buf *b, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *s = text; *s; s++) {
		if (*s == '\n')
			*s = ' ';
	}
	buf_printf(b, "# ! %.*s\n", (int)utf8_trim(text, strlen(text)), text);
}

/* The text as the person left it, without the comments about the last try. */
static const char *without_remarks(const char *text)
{
	static const char mark[] = "# ! ";

	while (strncmp(text, mark, sizeof(mark) - 1) == 0)
		text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n');
	return text;
}

/* The text that is edited next. b is the caller's. */
static int fill_file(const struct edit *d, const char *remarks, struct buf *b, struct err *e)
{
	buf_puts(b, remarks);
	if (d->text) {
		buf_puts(b, d->text);
	} else {
		buf_printf(b, "# %s: change values, save and leave. What is not changed stays; an empty\n"
			       "# file does nothing.\n", d->title);
		edit_write(b, d->set, &d->shown);
	}
	return write_file(d, b, e);
}

/* The editor's command is the user's own, words and quotes included: a shell reads it. */
static int run_editor(const struct edit *d, const char *editor, struct err *e)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
	const char *command = arena_printf(d->c->arena, "%s \"$1\"", editor);
	int status = 0;
	pid_t pid;

	if (!command)
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	out_flush(d->c);
	sigaction(SIGINT, &ignore, &old);
	pid = fork();
	if (pid == 0) {
		sigaction(SIGINT, &old, NULL);
		execl("/bin/sh", "sh", "-c", command, "sh", d->path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &old, NULL);
	if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(e, TIX_EBAD_VALUE, NULL, "the editor failed: %s", editor);
	return 0;
}

/* What differs from what was shown becomes arguments of NOUN set. False: nothing does. */
static bool changes(struct edit *d, const struct edit_values *now, struct args *ret)
{
	*ret = (struct args){.pos = d->args->pos, .npos = d->args->npos};
	ret->given = arena_array(d->c->arena, EDIT_FIELDS + 1, sizeof(*ret->given));
	for (unsigned i = 0; ret->given && i < d->set->in->nfields && i < EDIT_FIELDS; i++) {
		const struct shape_field *f = &d->set->in->fields[i];
		const char *reason = args_opt(d->args, "reason");
		struct given *g = &ret->given[ret->ngiven];

		if (strcmp(f->name, "reason") == 0 && reason) {
			*g = (struct given){.field = f, .value = reason};
		} else if (d->shown.v[i] && now->v[i] && strcmp(d->shown.v[i], now->v[i]) != 0) {
			bool clear = !*now->v[i] && (f->flags & FF_NULL);

			*g = (struct given){.field = f, .value = clear ? NULL : now->v[i], .no = clear};
		} else {
			continue;
		}
		ret->ngiven++;
	}
	return ret->ngiven > (args_opt(d->args, "reason") ? 1 : 0);
}

/* Refuses when somebody else changed what the person changed too, once for each such change. */
static int compare(struct edit *d, const struct edit_values *typed, struct buf *remarks, struct err *e)
{
	struct edit_values now;
	bool conflict = false;
	int r = look(d, &now, e);

	for (unsigned i = 0; r == 0 && i < d->set->in->nfields && i < EDIT_FIELDS; i++) {
		const char *name = d->set->in->fields[i].name, *was = d->base.v[i];

		if (!was || !now.v[i] || strcmp(was, now.v[i]) == 0)
			continue;
		d->base.v[i] = now.v[i];
		if (!typed->v[i] || strcmp(typed->v[i], d->shown.v[i]) == 0) {
			out_say(d->c, "%s was changed meanwhile, and stays so: %.300s", name, now.v[i]);
		} else if (strcmp(typed->v[i], now.v[i]) != 0) {
			conflict = true;
			remark(remarks, "conflict: %s was \"%.200s\", is \"%.200s\" now, you want \"%.200s\"",
			    name, was, now.v[i], typed->v[i]);
		}
	}
	if (r == 0 && conflict)
		r = err_set(e, TIX_EWRONG_STATE, NULL,
		    "somebody else changed %s meanwhile", d->title);
	return r;
}

static int no_empty(const struct args *a, struct err *e)
{
	for (size_t i = 0; i < a->ngiven; i++) {
		const struct given *g = &a->given[i];

		if (g->value && !*g->value)
			return err_set(e, TIX_EBAD_VALUE, g->field->name, "%s: it cannot be empty", g->field->name);
	}
	return 0;
}

static int send_changes(struct edit *d, const struct edit_values *typed, struct buf *remarks, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	AUTO(json) json_t *result = NULL;
	struct args a;
	int r;

	if (!changes(d, typed, &a)) {
		out_say(d->c, "nothing was changed");
		return 0;
	}
	r = no_empty(&a, e);
	if (r == 0)
		r = compare(d, typed, remarks, e);
	if (r == 0)
		r = params_build(d->c, d->set, &a, a.pos, a.npos, &params, e);
	if (r == 0)
		r = call(d->c, d->set, params, &result, e);
	if (r < 0 || d->c->quiet)
		return r;
	return print_record(d->c, d->set, result, e);
}

/* Whether another text may help. */
static bool is_mendable(int code)
{
	return code == TIX_EBAD_VALUE || code == TIX_EMISSING || code == TIX_EEXISTS ||
	       code == TIX_EWRONG_STATE || code == TIX_ELIMIT || code == TIX_ESOLD_OUT ||
	       code == TIX_ENOT_FOUND || code == TIX_EUNKNOWN_FIELD;
}

static bool is_empty(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (*text != '#' && strspn(text, " \t\r") < len)
			return false;
		text += len + (text[len] == '\n');
	}
	return true;
}

/* What the editor leaves of the text. */
static int let_edit(struct edit *d, const char *editor, const char **ret, struct err *e)
{
	size_t len;
	int r = run_editor(d, editor, e);

	return r < 0 ? r : params_slurp(d->c, d->path, TEXT_MAX, ret, &len, e);
}

/* What is wrong with the text goes above it. */
static int put_remarks(struct edit *d, struct buf *said, const struct err *why, const char **ret)
{
	remark(said, "%s", why->message);
	if (*why->hint)
		remark(said, "hint: %s", why->hint);
	remark(said, "mend it, or take these lines away to try again; left as it is, nothing is done");
	*ret = arena_strdup(d->c->arena, buf_str(said));
	return *ret ? 1 : why->code;
}

/* One look of the person at the text, after what e holds when there are remarks. 1: once more. */
static int turn(struct edit *d, const char *editor, const char **remarks, struct err *e)
{
	AUTO(buf) struct buf said = {0}, written = {0};
	struct edit_values typed;
	struct err why = {0};
	const char *text;
	int r;

	buf_init(&written, 0);
	buf_init(&said, 0);
	r = fill_file(d, *remarks, &written, &why);
	if (r == 0)
		r = let_edit(d, editor, &text, &why);
	if (r == 0 && **remarks && strcmp(text, buf_str(&written)) == 0)
		return e->code; /* given up */
	*e = why;
	if (r < 0)
		return r;
	text = without_remarks(text);
	if (is_empty(text)) {
		out_say(d->c, "an empty file: nothing was changed");
		return 0;
	}
	d->text = text;
	r = edit_parse(d->c, d->set, &d->shown, text, &typed, e);
	if (r == 0)
		r = send_changes(d, &typed, &said, e);
	if (r >= 0 || !is_mendable(e->code))
		return r < 0 ? r : 0;
	return put_remarks(d, &said, e, remarks);
}

static int edit(struct edit *d, struct err *e)
{
	static const char *const names[] = {"VISUAL", "EDITOR", NULL};
	const char *editor = settings_env(names).value, *remarks = "";
	int r = look(d, &d->shown, e);

	if (r < 0)
		return r;
	if ((!editor || !*editor) && !(isatty(0) && d->c->out_tty)) {
		err_set(e, TIX_EMISSING, NULL, "there is no terminal to edit on");
		err_hint(e, "EDITOR=COMMAND, or tix %.*s set", (int)strcspn(d->set->name, "."), d->set->name);
		return e->code;
	}
	d->base = d->shown;
	r = make_file(d, e);
	if (r < 0)
		return r;
	do
		r = turn(d, editor && *editor ? editor : "vi", &remarks, e);
	while (r == 1);
	if (r == 0)
		unlink(d->path);
	else if (!*e->hint)
		err_hint(e, "what you wrote is in %.150s", d->path);
	else
		out_say(d->c, "what you wrote is in %s", d->path);
	return r;
}

int cmd_edit(struct cli *c, int argc, char **argv)
{
	const struct rpc_method *set = edit_method(argv[0]);
	char what[128];
	struct err e = {0};
	struct args a;
	struct edit d = {.c = c, .set = set, .show = method_find(argv[0], "show"), .args = &a};
	int r;

	snprintf(what, sizeof(what), "%s edit", argv[0]);
	r = args_parse(c, argc - 2, argv + 2, what, NULL, opts, &a, &e);
	if (r == 0 && a.help) {
		help_edit(c, set, opts);
		return 0;
	}
	out_setup(c);
	if (r == 0 && a.npos > 1)
		r = err_set(&e, TIX_EBAD_VALUE, NULL, "\"%.60s\" is one argument too many", a.pos[1]);
	if (r == 0) {
		d.title = arena_printf(c->arena, "%s %s", argv[0], a.npos ? a.pos[0] : "");
		r = edit(&d, &e);
	} else if (e.code == TIX_EUNKNOWN_FIELD) {
		err_hint(&e, "tix %s -h", what);
	}
	return r < 0 ? out_error(c, &e) : 0;
}
