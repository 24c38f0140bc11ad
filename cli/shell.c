/* SPDX-License-Identifier: MIT */
/* Runs lines of the shell: its own few words, ! for the last codes, output to files and programs,
 * and scripts. How a person types them is shell_edit.c's. */
#include "cli/shell.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/args.h"
#include "cli/call.h"
#include "cli/guard.h"
#include "cli/help.h"
#include "cli/out.h"
#include "rpc/client.h"

#define LINE_BYTES (4u * 1024 * 1024) /* memory for the words of a line */

static void keep_code(char *out, size_t size, const json_t *result, const char *field)
{
	const char *s = json_string_value(json_object_get(result, field));

	if (s && *s && strlen(s) < size)
		memcpy(out, s, strlen(s) + 1);
}

void shell_note(struct session *s, const struct rpc_method *m, const json_t *result)
{
	struct shell_last *last = &s->last;

	if (json_is_true(json_object_get(result, "dry_run")))
		return;
	if (m->out == &shape_order)
		keep_code(last->order, sizeof(last->order), result, "code");
	keep_code(last->order, sizeof(last->order), result, "order");
	keep_code(last->refund, sizeof(last->refund), result, "refund");
	keep_code(last->job, sizeof(last->job), result, "job");
}

/* ! the last order, !/2 its ticket, !r refund, !j job; any other word as it is. */
static int expand(struct shell *sh, struct arena *a, const struct shell_word *w, char **ret, struct err *e)
{
	const struct shell_last *last = &sh->session.last;
	const char *code = last->order, *what = "order", *tail = w->text + 1;

	*ret = w->text;
	if (!w->bare || w->text[0] != '!')
		return 0;
	if (*tail == 'r' || *tail == 'j') {
		code = *tail == 'r' ? last->refund : last->job;
		what = *tail == 'r' ? "refund" : "job";
		tail++;
	}
	if (*tail && !(code == last->order && *tail == '/'))
		return 0;
	if (!*code) {
		err_set(e, TIX_EBAD_VALUE, NULL, "%s: no %s was shown in this session yet", w->text, what);
		err_hint(e, "quoted it is a text: '%s'", w->text);
		return TIX_EBAD_VALUE;
	}
	*ret = arena_printf(a, "%s%s", code, tail);
	if (*ret && !sh->script)
		out_say(sh->c, "%s = %s", w->text, *ret);
	return *ret ? 0 : err_set(e, TIX_EINTERNAL, NULL, "out of memory");
}

/* "tix" and the words of a line, as main() has them. "tix" before a line is forgiven: hints have it. */
static int words(struct shell *sh, struct arena *a, const struct shell_line *l, int *ret_n, char ***ret,
    struct err *e)
{
	size_t from = l->n > 0 && strcmp(l->word[0].text, "tix") == 0;
	char **argv = arena_array(a, l->n + 2, sizeof(*argv));
	int n = 0, r = 0;

	if (!argv || !(argv[n++] = arena_strdup(a, "tix")))
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	for (size_t i = from; r == 0 && i < l->n; i++)
		r = expand(sh, a, &l->word[i], &argv[n++], e);
	*ret_n = n;
	*ret = argv;
	return r;
}

/* While a line runs ^C is its own: it stays pending here, and is dropped at the end. */
static void hold_interrupts(const struct shell *sh, sigset_t *ret_was)
{
	sigset_t set;

	sigemptyset(&set);
	if (!sh->script)
		sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, ret_was);
}

static void drop_interrupts(const sigset_t *was)
{
	static const struct timespec at_once;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigtimedwait(&set, NULL, &at_once); /* nothing is pending where it was not held */
	sigprocmask(SIG_SETMASK, was, NULL);
}

/* One that came before the child was there is passed on. */
static void pass_interrupt(const struct shell *sh, pid_t pid)
{
	sigset_t set;

	if (pid > 0 && !sh->script && sigpending(&set) == 0 && sigismember(&set, SIGINT))
		kill(pid, SIGINT);
}

/* In a child: signals as a program of its own has them. */
static void own_signals(const sigset_t *was)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGWINCH, SIG_DFL);
	signal(SIGCONT, SIG_DFL);
	sigprocmask(SIG_SETMASK, was, NULL);
}

/* What a child says of its line. */
struct report {
	bool told;
	struct shell_last last;
};

static void child(struct shell *sh, int argc, char **argv, int out, int note)
{
	struct session s = {
	    .color = sh->session.color, .line = sh->session.line, .last = sh->session.last};
	struct report report;
	int status;

	if (out >= 0)
		dup2(out, 1);
	status = cli_run(&s, argc, argv);
	rpc_client_free(s.client);
	report = (struct report){s.told, s.last};
	if (write(note, &report, sizeof(report)) != (ssize_t)sizeof(report))
		status = status ? status : 70;
	fflush(stdout);
	fflush(stderr);
	_exit(status);
}

static int wait_for(pid_t pid)
{
	int how = 0;

	while (pid > 0 && waitpid(pid, &how, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
}

/* sh with the rest of the line; *ret_fd: where it reads. */
static pid_t program(const char *text, const sigset_t *signals, int *ret_fd)
{
	int fd[2];
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid < 0)
		close(fd[1]);
	if (pid == 0) {
		own_signals(signals);
		dup2(fd[0], 0);
		execl("/bin/sh", "sh", "-c", text, (char *)NULL);
		_exit(127);
	}
	close(fd[0]);
	if (pid > 0)
		*ret_fd = fd[1];
	return pid;
}

/* Where the output of a line goes; *ret_out stays -1 for our own. */
static int redirect(const struct shell_line *l, const sigset_t *signals, int *ret_out,
    pid_t *ret_reader, struct err *e)
{
	if (l->file) {
		*ret_out = open(l->file, O_WRONLY | O_CREAT | O_CLOEXEC | (l->append ? O_APPEND : O_TRUNC), 0666);
		if (*ret_out < 0)
			return err_set(e, TIX_EOUTPUT, NULL, "%s: %s", l->file, strerror(errno));
	}
	if (l->pipe && (*ret_reader = program(l->pipe, signals, ret_out)) < 0)
		return err_set(e, TIX_EOUTPUT, NULL, "%s: %s", l->pipe, strerror(errno));
	return 0;
}

/* A command that changes something may have done it before it was interrupted. */
static void interrupted(struct shell *sh, int argc, char **argv)
{
	const struct rpc_method *m = argc > 2 ? method_find(argv[1], argv[2]) : NULL;

	if (sh->script)
		return;
	out_say(sh->c, m && (m->flags & RPC_MUTATES) ? "\ninterrupted: what had reached the daemon may be done"
						     : "");
	sh->session.told = true;
}

/* What the child says; a signal is no reason to miss it. */
static bool hear(int note, struct report *ret)
{
	ssize_t n;

	do
		n = read(note, ret, sizeof(*ret));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*ret);
}

/* The line in a child, and the program that reads it. */
static int in_child(struct shell *sh, const struct shell_line *l, int argc, char **argv)
{
	sigset_t was;
	struct report report = {0};
	pid_t pid = -1, reader = 0;
	int out = -1, note[2] = {-1, -1}, status = 0, theirs = 0;
	struct err e = {0};
	bool heard = false;
	int r;

	hold_interrupts(sh, &was);
	r = redirect(l, &was, &out, &reader, &e);
	if (r == 0 && pipe2(note, O_CLOEXEC) < 0)
		r = err_set(&e, TIX_EOUTPUT, NULL, "pipe: %s", strerror(errno));
	if (r == 0) {
		pid = fork();
		if (pid < 0)
			r = err_set(&e, TIX_EUNAVAILABLE, NULL, "no process for this line: %s", strerror(errno));
		if (pid == 0) {
			own_signals(&was);
			child(sh, argc, argv, out, note[1]);
		}
		pass_interrupt(sh, pid);
	}
	if (out >= 0)
		close(out);
	close(note[1]);
	heard = pid > 0 && hear(note[0], &report);
	if (heard) {
		sh->session.told |= report.told;
		sh->session.last = report.last;
	}
	close(note[0]);
	status = r < 0 ? out_error(sh->c, &e) : wait_for(pid);
	theirs = reader > 0 ? wait_for(reader) : 0;
	if (reader > 0 && status == 128 + SIGPIPE)
		status = 0;
	drop_interrupts(&was);
	if (status == 128 + SIGINT && !heard)
		interrupted(sh, argc, argv);
	return status ? status : theirs;
}

/* Whether a line may run in this process: it takes nothing but our output and one connection, and
 * leaves no clock and no lock behind. A command may do more than a method, also one that is called
 * like a noun: export turns stdout to its file, db becomes tixd. */
static bool is_plain(const struct shell_line *l, int argc, char **argv)
{
	static const char *const apart[] = {"--timeout", "--lock", "--socket", "--utc"};

	if (l->file || l->pipe || argc < 3 || !help_is_noun(argv[1]) || command_find(argv[1]) ||
	    strcmp(argv[2], "edit") == 0)
		return false;
	for (int i = 1; i < argc; i++) {
		for (size_t k = 0; k < ARRAY_LEN(apart); k++) {
			if (strncmp(argv[i], apart[k], strlen(apart[k])) == 0)
				return false;
		}
	}
	return true;
}

static int run(struct shell *sh, const struct shell_line *l, int argc, char **argv)
{
	return sh->script && is_plain(l, argc, argv) ? cli_run(&sh->session, argc, argv)
						     : in_child(sh, l, argc, argv);
}

/* use EVENT, if there is one; use alone: none. */
static int use(struct shell *sh, const struct shell_line *l, int argc, char **argv)
{
	char noun[] = "event", verb[] = "show", quiet[] = "-q", name[] = "tix";
	char *show[] = {name, noun, verb, argv[2], quiet, NULL};
	struct err e = {0};
	int status;

	if (argc > 3 || (argc == 3 && argv[2][0] == '-')) {
		err_set(&e, TIX_EBAD_VALUE, NULL, "use takes one event");
		err_hint(&e, "use EVENT; use alone: none");
		return out_error(sh->c, &e);
	}
	if (argc < 3) {
		unsetenv("TIX_EVENT");
		return 0;
	}
	status = run(sh, l, 5, show);
	if (status == 0)
		setenv("TIX_EVENT", argv[2], 1);
	return status;
}

int shell_do(struct shell *sh, struct arena *a, const struct shell_line *l)
{
	struct err e = {0};
	char **argv;
	int argc = 0;

	sh->session.told = false;
	if (l->n == 0 && (l->pipe || l->file))
		err_set(&e, TIX_EBAD_VALUE, NULL, "no command before %s", l->pipe ? "|" : ">");
	else if (l->n == 0)
		return 0;
	if (e.code < 0 || words(sh, a, l, &argc, &argv, &e) < 0)
		return out_error(sh->c, &e);
	if (argc < 2)
		return 0;
	if (strcmp(argv[1], "use") == 0)
		return use(sh, l, argc, argv);
	if (argc == 2 && (strcmp(argv[1], "exit") == 0 || strcmp(argv[1], "quit") == 0)) {
		sh->leave = true;
		return 0;
	}
	return run(sh, l, argc, argv);
}

const char *shell_offers(struct arena *a, const struct shell_line *l)
{
	AUTO(buf) struct buf b = {0};
	char **argv = arena_array(a, l->n + 4, sizeof(*argv));
	size_t from = l->n > 1 && strcmp(l->word[0].text, "tix") == 0;
	char part[8192];
	int fd[2], argc = 0;
	ssize_t n;
	pid_t pid;

	if (!argv || pipe2(fd, O_CLOEXEC) < 0)
		return "";
	argv[argc++] = arena_strdup(a, "tix");
	argv[argc++] = arena_strdup(a, "__complete");
	for (size_t i = from; i < l->n; i++)
		argv[argc++] = l->word[i].text;
	if (!l->word_open)
		argv[argc++] = arena_strdup(a, "");
	buf_init(&b, 1024u * 1024);
	pid = fork();
	if (pid == 0) {
		dup2(fd[1], 1);
		_exit(cli_run(NULL, argc, argv));
	}
	close(fd[1]);
	while ((n = read(fd[0], part, sizeof(part))) > 0 || (n < 0 && errno == EINTR))
		buf_put(&b, part, n > 0 ? (size_t)n : 0);
	close(fd[0]);
	wait_for(pid);
	return arena_strdup(a, buf_str(&b));
}

/* A line of a script that failed ends it; its error has said which line, if it said anything. */
static int line_of_script(struct shell *sh, int open, const struct shell_line *l, struct arena *a,
    struct err *e)
{
	int status;

	if (open > 0) {
		err_set(e, TIX_EBAD_VALUE, NULL, "a quote, a brace or a \\ is open at the end");
		open = TIX_EBAD_VALUE;
	}
	status = open < 0 ? out_error(sh->c, e) : shell_do(sh, a, l);
	if (status == 0 || l->may_fail)
		return 0;
	if (!sh->session.told)
		out_say(sh->c, "line %zu: ended with %d", sh->session.line, status);
	return status;
}

/* Lines of a file to the first that fails. */
static int script(struct shell *sh, FILE *f)
{
	AUTO(arena) struct arena *a = arena_new(LINE_BYTES);
	AUTO(str) char *piece = NULL;
	AUTO(buf) struct buf text = {0};
	struct shell_line l = {.n = 0};
	size_t size = 0, number = 0;
	int status = 0, open = 0;
	ssize_t n = 0;

	buf_init(&text, LINE_BYTES / 4);
	while (a && status == 0 && !sh->leave && n >= 0) {
		struct err e = {0};

		n = getline(&piece, &size, f);
		if (n < 0 && open == 0)
			break;
		if (open == 0) {
			sh->session.line = ++number;
			buf_clear(&text);
		} else {
			number++;
		}
		buf_put(&text, n > 0 ? piece : "", n > 0 ? (size_t)n : 0);
		arena_reset(a);
		open = text.failed ? err_set(&e, TIX_EBAD_VALUE, NULL, "the line is too long")
				   : shell_line_split(a, buf_str(&text), &l, &e);
		if (open > 0 && n >= 0)
			continue;
		status = line_of_script(sh, open, &l, a, &e);
		open = 0;
	}
	return status;
}

/* The script is ours alone: a line that reads finds nothing. */
static int from_stdin(struct shell *sh)
{
	int fd = fcntl(0, F_DUPFD_CLOEXEC, 10), null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 || null < 0 || dup2(null, 0) < 0 ? NULL : fdopen(fd, "r");
	struct err e = {0};
	int status;

	if (null >= 0)
		close(null);
	if (!f) {
		err_set(&e, TIX_EINTERNAL, NULL, "stdin: %s", strerror(errno));
		return out_error(sh->c, &e);
	}
	sh->script = true;
	setenv("TIX_PAGER", "cat", 1); /* nobody is there to turn pages */
	status = script(sh, f);
	fclose(f);
	return status;
}

/* The switches before "shell" hold for each line, as variables do. */
static int lend_settings(const struct cli *c, struct session *s, struct err *e)
{
	if (c->quiet || c->yes || c->dry_run || c->key || c->fields || c->sort || c->limit || c->header) {
		err_set(e, TIX_EBAD_VALUE, NULL, "only --socket, -e, -o, --utc, --color and --timeout go with the shell");
		err_hint(e, "the others go with a line of it");
		return TIX_EBAD_VALUE;
	}
	if (c->timeout_us && isatty(0)) {
		err_set(e, TIX_EBAD_VALUE, NULL, "--timeout goes with a script: a person may take their time");
		err_hint(e, "it goes with a line of the shell, too");
		return TIX_EBAD_VALUE;
	}
	if (c->socket)
		setenv("TIX_SOCKET", c->socket, 1);
	if (c->event)
		setenv("TIX_EVENT", c->event, 1);
	if (c->mode_given && c->mode != c->mode_set)
		setenv("TIX_FORMAT", args_mode_name(c->mode), 1);
	if (c->utc)
		setenv("TIX_TZ", "UTC", 1);
	if (c->color_when != c->color_set)
		s->color = args_color_name(c->color_when);
	if (c->color_when == COLOR_NEVER)
		setenv("NO_COLOR", "1", 1); /* for the programs, too */
	return 0;
}

/* tix-shell lies beside this program. Returns only when it does not. */
static int become_shell(struct cli *c, const struct session *s)
{
	char self[PATH_MAX], path[PATH_MAX + 16], color[32], name[] = "tix-shell", word[] = "shell";
	char *argv[] = {name, color, word, NULL};
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct err e = {0};
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	snprintf(path, sizeof(path), "%.*s/tix-shell", slash ? (int)(slash - self) : 0, self);
	snprintf(color, sizeof(color), "--color=%s", s->color ? s->color : args_color_name(c->color_set));
	guard_leave();
	execv(path, argv);
	err_set(&e, TIX_EINTERNAL, NULL, "%s: %s", path, strerror(errno));
	err_hint(&e, "tix help; a script: tix shell <FILE");
	return out_error(c, &e);
}

int cmd_shell(struct cli *c, int argc, char **argv)
{
	struct shell sh = {.c = c};
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "shell", NULL, NULL, &a, &e);
	int status;

	if (r == 0 && a.help) {
		help_command(c, "shell");
		return 0;
	}
	out_setup(c);
	if (r == 0 && a.npos > 0)
		r = err_set(&e, TIX_EBAD_VALUE, NULL, "shell takes no words: tix shell <FILE");
	if (r == 0 && c->session)
		r = err_set(&e, TIX_EBAD_VALUE, NULL, "this is the shell");
	if (r == 0)
		r = lend_settings(c, &sh.session, &e);
	if (r < 0)
		return out_error(c, &e);
	if (isatty(0) && !shell_person)
		return become_shell(c, &sh.session);
	c->session = &sh.session;
	status = isatty(0) ? shell_person(&sh) : from_stdin(&sh);
	rpc_client_free(sh.session.client);
	c->session = NULL;
	return status;
}
